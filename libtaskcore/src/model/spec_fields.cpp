// The table of task fields, and the few that are not plain members.
#include "model/spec_fields.hpp"

#include <array>

#include "model/notify_json.hpp"
#include "model/text.hpp"

namespace taskcore {

namespace json = boost::json;

namespace {

constexpr std::array kRetryFields{
    field<&RetryPolicy::initial_delay>("initialDelay"),
    field<&RetryPolicy::multiplier>("multiplier"),
    field<&RetryPolicy::max_delay>("maxDelay"),
    field<&RetryPolicy::jitter>("jitter"),
};

constexpr std::span<const Field<RetryPolicy>> retry_fields() { return kRetryFields; }

/// A text whose empty value stands for "not said": null on the wire.
template <auto kMember>
constexpr Field<TaskSpec> optional_text(std::string_view name) {
  Field<TaskSpec> made = field<kMember>(name);
  made.write = [](const TaskSpec& from) {
    return (from.*kMember).empty() ? json::value() : write_value(from.*kMember);
  };
  made.append = [](std::string& out, const TaskSpec& from) {
    if (!(from.*kMember).empty()) return append_value(out, from.*kMember);
    out += "null";
  };
  return made;
}

constexpr Field<TaskSpec> kType{"type", [](const TaskSpec& from) { return write_value(from.config.type); },
                                [](const json::value& value, TaskSpec& to, const std::string& pointer, Faults& faults) {
                                  if (value.is_null()) {
                                    to.config.type = TaskConfig{}.type;
                                  } else {
                                    read_value(value, to.config.type, pointer, faults);
                                  }
                                },
                                [](const TaskSpec& a, const TaskSpec& b) { return a.config.type == b.config.type; },
                                [](std::string& out, const TaskSpec& from) { append_value(out, from.config.type); }};

constexpr Field<TaskSpec> kConfig{
    "config", [](const TaskSpec& from) { return json::value(from.config.values); },
    [](const json::value& value, TaskSpec& to, const std::string& pointer, Faults& faults) {
      if (value.is_null()) {
        to.config.values.clear();
      } else if (const auto* values = value.if_object()) {
        to.config.values = *values;
      } else {
        faults.add(pointer, "must be an object");
      }
    },
    [](const TaskSpec& a, const TaskSpec& b) { return a.config.values == b.config.values; },
    [](std::string& out, const TaskSpec& from) { append_json(out, from.config.values); }};

constexpr Field<TaskSpec> kRetry{
    "retry", [](const TaskSpec& from) { return json::value(write_fields(retry_fields(), from.retry)); },
    [](const json::value& value, TaskSpec& to, const std::string& pointer, Faults& faults) {
      if (value.is_null()) {
        to.retry = RetryPolicy{};
      } else if (const auto* source = value.if_object()) {
        read_fields(retry_fields(), *source, to.retry, pointer, faults);
      } else {
        faults.add(pointer, "must be an object");
      }
    },
    [](const TaskSpec& a, const TaskSpec& b) { return a.retry == b.retry; },
    [](std::string& out, const TaskSpec& from) {
      out += '{';
      for (const auto& each : kRetryFields) append_field(out, each, from.retry);
      out += '}';
    }};

/// A task without a schedule shows null; "manual" says the same in words.
constexpr Field<TaskSpec> kSchedule{
    "schedule",
    [](const TaskSpec& from) {
      return from.schedule.empty() || from.schedule == "manual" ? json::value() : write_value(from.schedule);
    },
    field<&TaskSpec::schedule>("schedule").read, field<&TaskSpec::schedule>("schedule").same};

constexpr Field<TaskSpec> kAssignedTo{
    "assignedTo", field<&TaskSpec::assigned_to>("assignedTo").write,
    [](const json::value& value, TaskSpec& to, const std::string& pointer, Faults& faults) {
      if (value.is_string()) {
        to.assigned_to = {std::string(std::string_view(value.get_string()))};
      } else if (value.is_null() || value.is_array()) {
        field<&TaskSpec::assigned_to>("assignedTo").read(value, to, pointer, faults);
      } else {
        faults.add(pointer, "must be a string or a list of strings");
      }
    },
    field<&TaskSpec::assigned_to>("assignedTo").same, field<&TaskSpec::assigned_to>("assignedTo").append};

constexpr Field<TaskSpec> kNotify{"notify", [](const TaskSpec& from) { return write_notify(from.notify); },
                                  [](const json::value& value, TaskSpec& to, const std::string& pointer,
                                     Faults& faults) { read_notify(value, to.notify, pointer, faults); },
                                  [](const TaskSpec& a, const TaskSpec& b) { return a.notify == b.notify; }};

/// What it may be is for the rules to say: all of it is kept as it is.
constexpr Field<TaskSpec> kForEach{
    "forEach", [](const TaskSpec& from) { return from.for_each; },
    [](const json::value& value, TaskSpec& to, const std::string&, Faults&) { to.for_each = value; },
    [](const TaskSpec& a, const TaskSpec& b) { return a.for_each == b.for_each; }};

constexpr std::array kSpecFields{
    optional_text<&TaskSpec::id>("id"),
    field<&TaskSpec::name>("name"),
    field<&TaskSpec::description>("description"),
    kType,
    kConfig,
    kSchedule,
    optional_text<&TaskSpec::timezone>("timezone"),
    field<&TaskSpec::start_at>("startAt"),
    field<&TaskSpec::end_at>("endAt"),
    field<&TaskSpec::max_runs>("maxRuns"),
    optional_text<&TaskSpec::calendar>("calendar"),
    field<&TaskSpec::on_closed_day>("onClosedDay"),
    field<&TaskSpec::schedule_jitter>("scheduleJitter"),
    field<&TaskSpec::priority>("priority"),
    field<&TaskSpec::dependencies>("dependencies"),
    field<&TaskSpec::trigger_rule>("triggerRule"),
    field<&TaskSpec::on_dependency_failure>("onDependencyFailure"),
    kForEach,
    field<&TaskSpec::max_retries>("maxRetries"),
    kRetry,
    field<&TaskSpec::timeout>("timeout"),
    field<&TaskSpec::misfire>("misfire"),
    field<&TaskSpec::catch_up_limit>("catchUpLimit"),
    field<&TaskSpec::start_deadline>("startDeadline"),
    field<&TaskSpec::overlap>("overlap"),
    field<&TaskSpec::recovery>("recovery"),
    field<&TaskSpec::max_lost>("maxLost"),
    field<&TaskSpec::kill_grace>("killGrace"),
    field<&TaskSpec::queue>("queue"),
    optional_text<&TaskSpec::concurrency_key>("concurrencyKey"),
    optional_text<&TaskSpec::unique_key>("uniqueKey"),
    field<&TaskSpec::tags>("tags"),
    kAssignedTo,
    kNotify,
    field<&TaskSpec::paused>("paused"),
};

/// Steps over what does not count in `nearly_equal`.
std::size_t next_letter(std::string_view text, std::size_t i) noexcept {
  while (i < text.size() && (text[i] == '_' || text[i] == '-')) ++i;
  return i;
}

}  // namespace

bool nearly_equal(std::string_view a, std::string_view b) noexcept {
  std::size_t i = next_letter(a, 0);
  std::size_t j = next_letter(b, 0);
  while (i < a.size() && j < b.size() && lower(a[i]) == lower(b[j])) {
    i = next_letter(a, i + 1);
    j = next_letter(b, j + 1);
  }
  return i == a.size() && j == b.size();
}

std::span<const Field<TaskSpec>> spec_fields() noexcept { return kSpecFields; }

}  // namespace taskcore
