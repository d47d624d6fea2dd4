// to_string and parse_… for every enumeration; the words themselves stand in names.hpp.
#include "model/names.hpp"

#include <algorithm>

#include "model/quote.hpp"

namespace taskcore {
namespace {

/// A number that was cast to the enumeration from elsewhere has no word.
template <class E>
std::string_view name_of(E value) noexcept {
  const auto index = static_cast<std::size_t>(value);
  return index < kNames<E>.size() ? kNames<E>[index] : std::string_view("unknown");
}

char upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace

std::string_view to_string(Status value) noexcept { return name_of(value); }
std::string_view to_string(Priority value) noexcept { return name_of(value); }
std::string_view to_string(Misfire value) noexcept { return name_of(value); }
std::string_view to_string(Overlap value) noexcept { return name_of(value); }
std::string_view to_string(OnClosedDay value) noexcept { return name_of(value); }
std::string_view to_string(Schedule::Reason value) noexcept { return name_of(value); }
std::string_view to_string(Recovery value) noexcept { return name_of(value); }
std::string_view to_string(NotifyOn value) noexcept { return name_of(value); }
std::string_view to_string(TriggerRule value) noexcept { return name_of(value); }
std::string_view to_string(OnDependencyFailure value) noexcept { return name_of(value); }
std::string_view to_string(Jitter value) noexcept { return name_of(value); }
std::string_view to_string(Trigger value) noexcept { return name_of(value); }
std::string_view to_string(AttemptStatus value) noexcept { return name_of(value); }
std::string_view to_string(LogLevel value) noexcept { return name_of(value); }
std::string_view to_string(LogStream value) noexcept { return name_of(value); }
std::string_view to_string(Event::Type value) noexcept { return name_of(value); }

std::optional<Status> parse_status(std::string_view text) noexcept { return parse_name<Status>(text); }
std::optional<Priority> parse_priority(std::string_view text) noexcept { return parse_name<Priority>(text); }
std::optional<Misfire> parse_misfire(std::string_view text) noexcept { return parse_name<Misfire>(text); }
std::optional<Overlap> parse_overlap(std::string_view text) noexcept { return parse_name<Overlap>(text); }
std::optional<Recovery> parse_recovery(std::string_view text) noexcept { return parse_name<Recovery>(text); }
std::optional<TriggerRule> parse_trigger_rule(std::string_view text) noexcept { return parse_name<TriggerRule>(text); }
std::optional<Jitter> parse_jitter(std::string_view text) noexcept { return parse_name<Jitter>(text); }
std::optional<Trigger> parse_trigger(std::string_view text) noexcept { return parse_name<Trigger>(text); }
std::optional<AttemptStatus> parse_attempt_status(std::string_view text) noexcept {
  return parse_name<AttemptStatus>(text);
}

Result<LogLevel> parse_log_level(std::string_view text) {
  std::string word(text);
  std::transform(word.begin(), word.end(), word.begin(), upper);
  if (const auto level = parse_name<LogLevel>(word)) return *level;
  return invalid("", in_quotes(text) + " is not a level; use one of " + list_names<LogLevel>());
}

}  // namespace taskcore
