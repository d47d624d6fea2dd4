// Reading and writing single values: see json_values.hpp.
#include "model/json_values.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <cmath>
#include <cstdint>
#include <limits>

#include "model/json_append.hpp"

namespace taskcore {

namespace json = boost::json;

namespace {

/// A whole number of any of JSON's three kinds (300000.0 is one), cut to the range of int64.
std::optional<std::int64_t> whole_number(const json::value& value) {
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  if (const auto* number = value.if_int64()) return *number;
  if (const auto* number = value.if_uint64()) return static_cast<std::int64_t>(std::min<std::uint64_t>(*number, kMax));
  const auto* number = value.if_double();
  if (!number || std::trunc(*number) != *number) return std::nullopt;
  constexpr double kLimit = 9223372036854775808.0;  // 2^63
  if (*number >= kLimit) return kMax;
  if (*number < -kLimit) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(*number);
}

}  // namespace

json::value write_value(std::string_view value) { return json::value(value); }
json::value write_value(bool value) { return json::value(value); }
json::value write_value(int value) { return json::value(value); }
json::value write_value(std::int64_t value) { return json::value(value); }
json::value write_value(Duration value) { return json::value(value.count()); }
json::value write_value(TimePoint value) { return json::value(format_time(value)); }
json::value write_value(const std::vector<std::string>& value) { return json::array(value.begin(), value.end()); }

json::value write_value(double value) {
  constexpr double kExact = 9007199254740992.0;  // 2^53
  if (std::trunc(value) == value && std::abs(value) <= kExact) return json::value(static_cast<std::int64_t>(value));
  return json::value(value);
}

void append_value(std::string& out, std::string_view value) { append_json(out, value); }
void append_value(std::string& out, bool value) { out += value ? "true" : "false"; }
void append_value(std::string& out, std::int64_t value) { out += std::to_string(value); }
void append_value(std::string& out, double value) { append_json(out, write_value(value)); }
void append_value(std::string& out, Duration value) { append_value(out, std::int64_t{value.count()}); }
void append_value(std::string& out, TimePoint value) { append_json(out, format_time(value)); }

void append_value(std::string& out, const std::vector<std::string>& value) {
  out += '[';
  for (const std::string& each : value) {
    if (&each != &value.front()) out += ',';
    append_json(out, each);
  }
  out += ']';
}

void read_value(const json::value& value, std::string& to, const std::string& pointer, Faults& faults) {
  if (const auto* text = value.if_string()) {
    to = std::string_view(*text);
  } else {
    faults.add(pointer, "must be a string");
  }
}

void read_value(const json::value& value, bool& to, const std::string& pointer, Faults& faults) {
  if (const auto* flag = value.if_bool()) {
    to = *flag;
  } else {
    faults.add(pointer, "must be true or false");
  }
}

void read_value(const json::value& value, int& to, const std::string& pointer, Faults& faults) {
  if (const auto number = whole_number(value)) {
    to = static_cast<int>(
        std::clamp<std::int64_t>(*number, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()));
  } else {
    faults.add(pointer, "must be a whole number");
  }
}

void read_value(const json::value& value, double& to, const std::string& pointer, Faults& faults) {
  if (value.is_number()) {
    to = value.to_number<double>();
  } else {
    faults.add(pointer, "must be a number");
  }
}

void read_value(const json::value& value, Duration& to, const std::string& pointer, Faults& faults) {
  if (const auto number = whole_number(value)) {
    to = Duration(*number);
  } else {
    faults.add(pointer, "must be a whole number of milliseconds");
  }
}

void read_value(const json::value& value, TimePoint& to, const std::string& pointer, Faults& faults) {
  const auto* text = value.if_string();
  if (!text) {
    faults.add(pointer, "must be a time in RFC 3339, such as \"2027-01-31T09:00:00Z\"");
    return;
  }
  if (const auto time = parse_time(*text)) {
    to = *time;
  } else {
    faults.add(pointer, time.error().detail);
  }
}

void read_value(const json::value& value, std::vector<std::string>& to, const std::string& pointer, Faults& faults) {
  const auto* list = value.if_array();
  if (!list) {
    faults.add(pointer, "must be a list of strings");
    return;
  }
  std::vector<std::string> items(list->size());
  Faults found;
  for (std::size_t i = 0; i < items.size(); ++i) read_value((*list)[i], items[i], pointer_to(pointer, i), found);
  if (found.empty()) to = std::move(items);
  faults.add(std::move(found));
}

}  // namespace taskcore
