#include "rare.hpp"

#include <boost/json.hpp>

namespace taskcore::sqlite_store {
namespace {

template <class Numbers, class F>
void each(Numbers& numbers, F f) {
  f("missedCount", numbers.missed_count);
  f("missedFrom", numbers.missed_from);
  f("retriesUsed", numbers.retries_used);
  f("losses", numbers.losses);
  f("exitCode", numbers.exit_code);
  f("signal", numbers.signal);
  f("cancelRequested", numbers.cancel_requested);
  f("items", numbers.items);
  f("itemsCompleted", numbers.items_completed);
  f("itemsFailed", numbers.items_failed);
}

std::int64_t number(std::int64_t value) { return value; }
std::int64_t number(TimePoint value) { return value.time_since_epoch().count(); }
template <class Value>
std::int64_t number(const std::optional<Value>& value) {
  return number(*value);
}

template <class Value>
requires std::integral<Value>
void set(Value& value, std::int64_t number) { value = static_cast<Value>(number); }
void set(TimePoint& value, std::int64_t number) { value = TimePoint(Duration(number)); }
template <class Value>
void set(std::optional<Value>& value, std::int64_t number) {
  set(value.emplace(), number);
}

}  // namespace

std::string rare_text(const RareNumbers& numbers) {
  std::string text;
  each(numbers, [&text]<class Value>(const char* name, const Value& value) {
    if (value == Value{}) return;
    text += text.empty() ? "{\"" : ",\"";
    text += name;
    text += "\":";
    text += std::to_string(number(value));
  });
  if (!text.empty()) text += '}';
  return text;
}

void read_rare(Use& use, RareNumbers& numbers) {
  const auto text = use.get<std::string_view>();
  if (text.empty()) return;
  boost::json::error_code failed;
  const auto parsed = boost::json::parse(text, failed);
  const auto* const members = failed ? nullptr : parsed.if_object();
  if (members == nullptr) return use.check(SQLITE_CORRUPT);
  each(numbers, [&](const char* name, auto& value) {
    const auto* const stored = members->if_contains(name);
    if (stored == nullptr) return;
    const auto* const number = stored->if_int64();
    number != nullptr ? set(value, *number) : use.check(SQLITE_CORRUPT);
  });
}

}  // namespace taskcore::sqlite_store
