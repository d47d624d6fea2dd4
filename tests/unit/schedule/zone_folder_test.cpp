#include "schedule/zone_folder.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "support/catch.hpp"
#include "taskcore/schedule.hpp"
#include "taskcore/time_zones.hpp"

namespace taskcore::testing {

namespace {

/// A database of its own while it lives, in $TZDIR.
class OtherDatabase {
 public:
  OtherDatabase() {
    std::filesystem::create_directory(folder_);
    ::setenv("TZDIR", folder_.c_str(), 1);
  }
  ~OtherDatabase() {
    before_.empty() ? ::unsetenv("TZDIR") : ::setenv("TZDIR", before_.c_str(), 1);
    std::filesystem::remove_all(folder_);
  }
  OtherDatabase(const OtherDatabase&) = delete;
  OtherDatabase& operator=(const OtherDatabase&) = delete;

  void write(const char* name, const char* text) const { std::ofstream(folder_ / name) << text; }

 private:
  std::string before_ = std::getenv("TZDIR") != nullptr ? std::getenv("TZDIR") : "";
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("taskcore-zones-" + std::to_string(::getpid()));
};

}  // namespace

TEST_CASE("an update of the time zone database shows, and zones in use keep their rules", "[schedule]") {
  ScheduleContext context;
  context.timezone = "Europe/Berlin";
  const auto daily = Schedule::parse("daily at 9:00", context).value();
  const TimeZoneDatabase before = time_zone_database();
  CHECK(before.in_use == before.installed);

  const OtherDatabase updated;
  CHECK(time_zone_database().in_use == before.in_use);
  CHECK(time_zone_database().installed == "");
  updated.write("+VERSION", "2098z\n");
  CHECK(time_zone_database().installed == "2098z");
  updated.write("tzdata.zi", "# version 2099z\n# This file is in the public domain\n");
  CHECK(time_zone_database().installed == "2099z");
  CHECK(time_zone_database().in_use == before.in_use);
  std::filesystem::create_directory(schedule::zone_folder() / "Europe");
  updated.write("Europe/Berlin", "other rules");
  CHECK(Schedule::parse("daily at 9:00", context)->next(TimePoint{}) == daily.next(TimePoint{}));
}

}  // namespace taskcore::testing
