// Where the time zones' files are, and which version they say they are.
#pragma once

#include <filesystem>
#include <string>

namespace taskcore::schedule {

std::filesystem::path zone_folder();

/// The version at the first call.
const std::string& zones_in_use();

}  // namespace taskcore::schedule
