// Schedule: the value that the rest of taskcore holds. Cuts what a rule says to the bounds; how instants come about is
// in instants.hpp, how text is read in parse.hpp.
#include "taskcore/schedule.hpp"

#include <algorithm>
#include <utility>

#include "schedule/describe.hpp"
#include "schedule/parse.hpp"
#include "schedule/rule.hpp"

namespace taskcore {

namespace {

constexpr Duration kTick{1};

const Schedule::Rule& manual_rule() {
  static const Schedule::Rule rule;
  return rule;
}

}  // namespace

// A null rule is the manual one, so that a schedule that was moved from is still a schedule.
Schedule::Schedule() = default;

Result<Schedule> Schedule::parse(std::string_view text, const ScheduleContext& context) {
  auto reading = schedule::read(text, context);
  if (!reading) return reading.error();
  auto rule = std::make_shared<Rule>();
  rule->text = std::move(reading->text);
  rule->instants = std::move(reading->instants);
  rule->set_at = std::max(context.set_at, Rule::kEarliest);
  if (context.start_at) rule->earliest = std::max(*context.start_at, Rule::kEarliest);
  if (context.end_at) rule->latest = std::min(*context.end_at, Rule::kLatest);
  return Schedule(std::move(rule));
}

Schedule::Kind Schedule::kind() const noexcept {
  if (!rule_) return Kind::manual;
  return std::visit([](const auto& instants) { return instants.kKind; }, rule_->instants);
}

const std::string& Schedule::text() const noexcept { return rule_ ? rule_->text : manual_rule().text; }

std::optional<TimePoint> Schedule::first() const {
  if (!rule_) return std::nullopt;
  return next(kind() == Kind::once ? TimePoint::min() : rule_->set_at - kTick);
}

std::optional<TimePoint> Schedule::next(TimePoint after) const {
  if (!rule_) return std::nullopt;
  const TimePoint from = std::max(after, rule_->earliest - kTick);
  if (from >= rule_->latest) return std::nullopt;
  const auto due = std::visit([&](const auto& instants) { return instants.next(from); }, rule_->instants);
  if (due && *due > rule_->latest) return std::nullopt;
  return due;
}

std::vector<TimePoint> Schedule::next(TimePoint after, std::size_t count) const {
  std::vector<TimePoint> out;
  for (auto due = next(after); due && out.size() < count; due = next(*due)) out.push_back(*due);
  return out;
}

Schedule::Elapsed Schedule::elapsed(TimePoint after, TimePoint at) const {
  if (!rule_) return {};
  const TimePoint from = std::max(after, rule_->earliest - kTick);
  const TimePoint to = std::min(at, rule_->latest);
  if (to <= from) return {};
  return std::visit([&](const auto& instants) { return instants.elapsed(from, to); }, rule_->instants);
}

bool Schedule::admits(TimePoint at) const {
  if (!rule_ || at < rule_->earliest || at > rule_->latest) return false;
  const auto* after = std::get_if<schedule::AfterDependencies>(&rule_->instants);
  return after != nullptr && !after->closed.closes(std::chrono::floor<std::chrono::days>(after->zone.local(at)));
}

std::vector<Schedule::Explained> Schedule::explain(TimePoint after, TimePoint until, std::size_t limit) const {
  if (!rule_) return {};
  const TimePoint from = std::max(after, rule_->earliest - kTick);
  const TimePoint to = std::min(until, rule_->latest);
  if (to <= from) return {};
  std::vector<Explained> out = schedule::explain_closed(rule_->instants, from, to, limit);
  const auto closed = static_cast<std::ptrdiff_t>(out.size());
  if (const auto* clock = std::get_if<schedule::WallClock>(&rule_->instants)) {
    const auto lines = clock->explain(from, to, limit);
    out.insert(out.end(), lines.begin(), lines.end());
  } else {
    std::size_t count = 0;
    for (auto due = next(from); due && *due <= to && count < limit; due = next(*due), ++count) {
      out.push_back({*due, true, Reason::as_written, format_time(*due)});
    }
  }
  const auto earlier = [](const Explained& a, const Explained& b) { return a.at < b.at; };
  std::inplace_merge(out.begin(), out.begin() + closed, out.end(), earlier);
  if (out.size() > limit) out.resize(limit);
  return out;
}

std::string Schedule::describe() const {
  const auto& instants = (rule_ ? *rule_ : manual_rule()).instants;
  return std::visit([](const auto& which) { return schedule::describe(which); }, instants);
}

}  // namespace taskcore
