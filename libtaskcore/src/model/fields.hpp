// A struct as a table of JSON fields: one list serves writing, reading, merging and the search for mistyped names.
#pragma once

#include <boost/json/object.hpp>
#include <span>
#include <string>
#include <string_view>

#include "model/faults.hpp"
#include "model/json_append.hpp"
#include "model/json_values.hpp"

namespace taskcore {

/// One field of S.
template <class S>
struct Field {
  std::string_view name;
  boost::json::value (*write)(const S&);
  /// A null puts the field back to its default.
  void (*read)(const boost::json::value&, S&, const std::string& pointer, Faults&);
  bool (*same)(const S&, const S&);
  /// What `write` gives, as text; null where that has no shorter way.
  void (*append)(std::string& out, const S&) = nullptr;
};

template <class T>
struct MemberOf;
template <class S, class T>
struct MemberOf<T S::*> {
  using Owner = S;
};

/// The field that is a member of S, by the rules of json_values.hpp.
template <auto kMember>
constexpr auto field(std::string_view name) {
  using S = typename MemberOf<decltype(kMember)>::Owner;
  return Field<S>{name, [](const S& from) { return write_value(from.*kMember); },
                  [](const boost::json::value& value, S& to, const std::string& pointer, Faults& faults) {
                    if (value.is_null()) {
                      to.*kMember = S{}.*kMember;
                    } else {
                      read_value(value, to.*kMember, pointer, faults);
                    }
                  },
                  [](const S& a, const S& b) { return a.*kMember == b.*kMember; },
                  [](std::string& out, const S& from) { append_value(out, from.*kMember); }};
}

template <class S>
const Field<S>* find_field(std::span<const Field<S>> fields, std::string_view name) {
  for (const Field<S>& each : fields) {
    if (each.name == name) return &each;
  }
  return nullptr;
}

/// Whether two names differ in case, underscores and hyphens only.
bool nearly_equal(std::string_view a, std::string_view b) noexcept;

/// What to say of a name that no field has.
template <class S>
std::string unknown_field(std::span<const Field<S>> fields, std::string_view name) {
  for (const Field<S>& each : fields) {
    if (nearly_equal(each.name, name)) return "unknown field; did you mean \"" + std::string(each.name) + "\"?";
  }
  return "unknown field";
}

/// All fields of `from`, in the table's order, with room for `more` members.
template <class S>
boost::json::object write_fields(std::span<const Field<S>> fields, const S& from, std::size_t more = 0) {
  boost::json::object out;
  out.reserve(fields.size() + more);
  for (const Field<S>& each : fields) out.emplace(each.name, each.write(from));
  return out;
}

/// One of them behind the text of an object that is open.
template <class S>
void append_field(std::string& out, const Field<S>& field, const S& from) {
  begin_member(out, field.name);
  if (field.append != nullptr) return field.append(out, from);
  append_json(out, field.write(from));
}

/// Reads the members that are present; the others stay.
template <class S>
void read_fields(std::span<const Field<S>> fields, const boost::json::object& source, S& to, const std::string& pointer,
                 Faults& faults) {
  for (const auto& [name, value] : source) {
    const std::string at = pointer_to(pointer, name);
    if (const Field<S>* known = find_field(fields, name)) {
      known->read(value, to, at, faults);
    } else {
      faults.add(at, unknown_field(fields, name));
    }
  }
}

}  // namespace taskcore
