// Single values between C++ and JSON: `write_value` cannot fail, `append_value` puts the same behind a text without a
// value in between, `read_value` says what it expected and then leaves the target as it was. Ranges are not checked
// here.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "model/faults.hpp"
#include "model/names.hpp"
#include "taskcore/time.hpp"

namespace taskcore {

boost::json::value write_value(std::string_view value);
boost::json::value write_value(bool value);
boost::json::value write_value(int value);
boost::json::value write_value(std::int64_t value);
boost::json::value write_value(double value);  ///< Whole ones without a fraction: 2, not 2E0.
boost::json::value write_value(Duration value);
boost::json::value write_value(TimePoint value);
boost::json::value write_value(const std::vector<std::string>& value);

void append_value(std::string& out, std::string_view value);
void append_value(std::string& out, bool value);
void append_value(std::string& out, std::int64_t value);
inline void append_value(std::string& out, int value) { append_value(out, std::int64_t{value}); }
void append_value(std::string& out, double value);
void append_value(std::string& out, Duration value);
void append_value(std::string& out, TimePoint value);
void append_value(std::string& out, const std::vector<std::string>& value);

void read_value(const boost::json::value& value, std::string& to, const std::string& pointer, Faults& faults);
void read_value(const boost::json::value& value, bool& to, const std::string& pointer, Faults& faults);
/// Whole numbers beyond the type's range become its last value, so that the range check that follows finds them.
void read_value(const boost::json::value& value, int& to, const std::string& pointer, Faults& faults);
void read_value(const boost::json::value& value, double& to, const std::string& pointer, Faults& faults);
void read_value(const boost::json::value& value, Duration& to, const std::string& pointer, Faults& faults);
void read_value(const boost::json::value& value, TimePoint& to, const std::string& pointer, Faults& faults);
void read_value(const boost::json::value& value, std::vector<std::string>& to, const std::string& pointer,
                Faults& faults);

template <class E>
requires std::is_enum_v<E> boost::json::value write_value(E value) { return boost::json::value(to_string(value)); }

template <class E>
requires std::is_enum_v<E>
void append_value(std::string& out, E value) { append_value(out, to_string(value)); }

template <class E>
requires std::is_enum_v<E>
void read_value(const boost::json::value& value, E& to, const std::string& pointer, Faults& faults) {
  const auto* text = value.if_string();
  const auto found = text ? parse_name<E>(*text) : std::nullopt;
  if (found) {
    to = *found;
  } else {
    faults.add(pointer, (kNames<E>.size() > 1 ? "must be one of " : "must be ") + list_names<E>());
  }
}

/// None is null. Reading never gives none: a null stands for the default and is dealt with by the caller.
template <class T>
boost::json::value write_value(const std::optional<T>& value) {
  return value ? write_value(*value) : boost::json::value();
}

template <class T>
void append_value(std::string& out, const std::optional<T>& value) {
  if (value) return append_value(out, *value);
  out += "null";
}

template <class T>
void read_value(const boost::json::value& value, std::optional<T>& to, const std::string& pointer, Faults& faults) {
  T read = to.value_or(T{});
  Faults found;
  read_value(value, read, pointer, found);
  if (found.empty()) to = std::move(read);
  faults.add(std::move(found));
}

}  // namespace taskcore
