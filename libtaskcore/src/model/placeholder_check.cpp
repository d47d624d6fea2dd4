// Checks of placeholders: see placeholder_check.hpp.
#include "model/placeholder_check.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

#include "model/placeholders.hpp"

namespace taskcore {

namespace json = boost::json;

namespace {

bool is_at_or_below(std::string_view pointer, std::string_view above) {
  return pointer.starts_with(above) && (pointer.size() == above.size() || pointer[above.size()] == '/');
}

void check_text(std::string_view text, const std::string& pointer, const std::vector<std::string>& ids,
                PlaceholderCheck& out) {
  const auto pieces = read_pieces(text, ids);
  if (!pieces) return out.faults.add(pointer, pieces.error().detail);
  const bool open = std::any_of(pieces->begin(), pieces->end(), [](const Piece& piece) {
    const auto* one = std::get_if<Placeholder>(&piece);
    return one != nullptr && one->source != Placeholder::Source::secret;
  });
  if (open) out.open.push_back(pointer);
}

void check_value(const json::value& value, const std::string& pointer, const std::vector<std::string>& ids,
                 PlaceholderCheck& out) {
  if (const auto* text = value.if_string()) {
    check_text(*text, pointer, ids, out);
  } else if (const auto* array = value.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) check_value((*array)[i], pointer_to(pointer, i), ids, out);
  } else if (const auto* object = value.if_object()) {
    for (const auto& [key, member] : *object) check_value(member, pointer_to(pointer, key), ids, out);
  }
}

/// Values come from whoever runs the task or one above it: a shell would run what they hold, and some variables change
/// what a program does.
void check_open_script(const json::object& config, PlaceholderCheck& out) {
  const auto* shell = config.if_contains("shell");
  const bool may_be_shell = shell != nullptr && !shell->is_null() && *shell != json::value(false);
  for (const std::string& pointer : out.open) {
    if (pointer == "/config/shell") {
      out.faults.add(pointer, "must be written as true or false");
    } else if (pointer == "/config/env") {
      out.faults.add(pointer,
                     "must name each variable: values from elsewhere could bring others, such as NODE_OPTIONS");
    } else if (may_be_shell &&
               (is_at_or_below(pointer, "/config/command") || is_at_or_below(pointer, "/config/args"))) {
      out.faults.add(pointer,
                     "must not bring values into the text that a shell runs: pass them through env and quote them "
                     "there, such as \"$NAME\"");
    }
  }
}

}  // namespace

PlaceholderCheck check_placeholders(const TaskSpec& spec) {
  PlaceholderCheck out;
  for (const auto& [key, value] : spec.config.values)
    check_value(value, pointer_to("/config", key), spec.dependencies, out);
  if (spec.config.type == "script") check_open_script(spec.config.values, out);
  return out;
}

Result<void> check_for_each_text(const TaskSpec& spec) {
  const auto* text = spec.for_each.if_string();
  if (text == nullptr) return {};
  const auto pieces = read_pieces(*text, spec.dependencies);
  if (!pieces) return invalid("/forEach", pieces.error().detail);
  const auto* one = pieces->size() == 1 ? std::get_if<Placeholder>(&pieces->front()) : nullptr;
  if (one != nullptr && one->source != Placeholder::Source::secret) return {};
  return invalid("/forEach", "must be one placeholder of params or dependencies and nothing else, or a list");
}

Result<void> check_call_placeholders(const json::object& config, const std::string& pointer) {
  PlaceholderCheck out;
  for (const auto& [key, value] : config) check_value(value, pointer_to(pointer, key), {}, out);
  for (const std::string& open : out.open) out.faults.add(open, "cannot use \"${params…}\": a notification has none");
  return out.faults.take();
}

Error without_open(const Error& error, const std::vector<std::string>& open) {
  if (open.empty()) return error;
  Faults left;
  for (const FieldError& field : error.fields) {
    const bool is_open =
        std::any_of(open.begin(), open.end(), [&](const auto& each) { return is_at_or_below(field.pointer, each); });
    if (!is_open) left.add(field.pointer, field.detail);
  }
  const auto result = left.take();
  return result ? Error{} : result.error();
}

}  // namespace taskcore
