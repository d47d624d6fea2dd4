// Loading plugins: see load.hpp.
#include "plugins/load.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <exception>
#include <string>
#include <string_view>

#include "taskcore/plugin.hpp"

namespace taskd {

using taskcore::Errc;
using taskcore::Error;
using taskcore::fail;
using taskcore::Result;

namespace {

Error refusal(const std::filesystem::path& file, Errc code, std::string why) {
  std::replace(why.begin(), why.end(), '\n', ' ');
  return fail(code, file.string() + ": " + why);
}

/// An entry point of a library, or none.
template <class F>
F* find_symbol(void* library, const char* name) {
  return reinterpret_cast<F*>(::dlsym(library, name));
}

std::string no_symbol(const char* name) {
  return "is no plugin: it has no " + std::string(name) + " (see TASKCORE_PLUGIN)";
}

}  // namespace

Result<void> load_plugin(const std::filesystem::path& file, taskcore::Scheduler& scheduler) {
  std::error_code ec;
  if (!std::filesystem::is_regular_file(file, ec)) return refusal(file, Errc::invalid, "there is no such file");
  void* library = ::dlopen(std::filesystem::absolute(file).c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) {
    const char* why = ::dlerror();
    return refusal(file, Errc::unavailable, why != nullptr ? why : "cannot be loaded");
  }
  auto* abi = find_symbol<const char*()>(library, "taskcore_plugin_abi");
  if (abi == nullptr) return refusal(file, Errc::unavailable, no_symbol("taskcore_plugin_abi"));
  auto* add = find_symbol<void(taskcore::Scheduler&)>(library, "taskcore_plugin");
  if (add == nullptr) return refusal(file, Errc::unavailable, no_symbol("taskcore_plugin"));
  const std::string_view theirs(abi());
  if (theirs != taskcore::plugin_abi()) {
    return refusal(file, Errc::unavailable,
                   "was built for another host: it is for \"" + std::string(theirs) + "\", this is \"" +
                       taskcore::plugin_abi() + "\"");
  }
  try {
    add(scheduler);
  } catch (const std::exception& error) {
    return refusal(file, Errc::unavailable, "failed to register: " + std::string(error.what()));
  } catch (...) {
    return refusal(file, Errc::unavailable, "failed to register: an exception of unknown type");
  }
  return {};
}

}  // namespace taskd
