// See local_time.hpp.
#include "client/local_time.hpp"

#include <array>
#include <ctime>

#include "taskcore/time.hpp"

namespace taskd {

namespace {

std::string written(const std::tm& time, const char* format) {
  std::array<char, 32> out{};
  return {out.data(), std::strftime(out.data(), out.size(), format, &time)};
}

/// "3 min 4 s" of 184 seconds; the smaller one only where there is some.
std::string two_units(long long count, long long size, const char* large, const char* small) {
  const std::string rest = count % size == 0 ? "" : " " + std::to_string(count % size) + small;
  return std::to_string(count / size) + large + rest;
}

}  // namespace

std::string local_time(std::string_view text, TimeForm form) {
  const auto at = taskcore::parse_time(text);
  if (!at) return std::string(text);
  const auto millis = at->time_since_epoch().count();
  const std::time_t seconds = static_cast<std::time_t>(millis / 1000);
  std::tm parts{};
  ::tzset();
  if (::localtime_r(&seconds, &parts) == nullptr) return std::string(text);
  if (form == TimeForm::minutes) return written(parts, "%Y-%m-%d %H:%M");
  std::string out = written(parts, "%Y-%m-%d %H:%M:%S");
  if (form == TimeForm::millis) {
    const std::string fraction = std::to_string(1000 + millis % 1000);
    out += "." + fraction.substr(1);
  }
  return out;
}

std::string short_duration(std::chrono::milliseconds time) {
  const long long ms = time.count();
  if (ms < 1000) return std::to_string(ms) + " ms";
  if (ms < 60'000) return std::to_string(ms / 1000) + "." + std::to_string(ms % 1000 / 100) + " s";
  const long long minutes = ms / 60'000;
  if (minutes < 60) return two_units(ms / 1000, 60, " min", " s");
  if (minutes < 24 * 60) return two_units(minutes, 60, " h", " min");
  return two_units(minutes / 60, 24, " d", " h");
}

}  // namespace taskd
