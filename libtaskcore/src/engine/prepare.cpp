#include "engine/prepare.hpp"

#include <algorithm>

#include "engine/registry.hpp"
#include "model/notify_json.hpp"
#include "model/placeholder_check.hpp"
#include "model/placeholders.hpp"
#include "model/validation.hpp"

namespace taskcore {
namespace {

void merge_errors(Error& all, const Error& more) {
  if (all.fields.empty()) {
    all = more;
    return;
  }
  all.fields.insert(all.fields.end(), more.fields.begin(), more.fields.end());
}

constexpr std::string_view kConfig = "/config";

/// A host's executor may name no field; what it refuses is refused all the same.
Error at_field(Error error, std::string_view pointer) {
  if (error.fields.empty()) error.fields.push_back({std::string(pointer), error.detail});
  return error;
}

/// What the executor says of the configuration, and what is wrong with its placeholders. What was stored so stays
/// allowed: a task that lost a dependency can still be paused.
void check_config(const TaskSpec& spec, const TaskSpec* old, bool filled_later, const Executor& executor,
                  Error& wrong) {
  PlaceholderCheck placeholders;
  if (filled_later) placeholders = check_placeholders(spec);
  const bool stored = old != nullptr && old->config.type == spec.config.type &&
                      old->config.values == spec.config.values && old->dependencies == spec.dependencies;
  if (auto right = placeholders.faults.take(); !right && !stored) merge_errors(wrong, right.error());
  const auto valid = executor.validate(spec.config.values);
  if (valid) return;
  const Error error = without_open(at_field(valid.error(), kConfig), placeholders.open);
  if (!error.fields.empty()) merge_errors(wrong, error);
}

/// What was stored so stays allowed, as in the configuration.
void check_for_each(const TaskSpec& spec, const TaskSpec* old, Error& wrong) {
  if (old != nullptr && old->for_each == spec.for_each && old->dependencies == spec.dependencies) return;
  if (auto right = check_for_each_text(spec); !right) merge_errors(wrong, right.error());
}

/// What the executors say of the calls that notifications make. A body is added later; every call takes one. What was
/// stored so stays allowed.
void check_calls(const TaskSpec& spec, const TaskSpec* old, const Registry& registry, Error& wrong) {
  for (std::size_t i = 0; i < spec.notify.size(); ++i) {
    const Notification& one = spec.notify[i];
    if (!one.task.empty()) continue;
    if (old != nullptr && std::find(old->notify.begin(), old->notify.end(), one) != old->notify.end()) continue;
    const std::string where = notify_pointer(spec.notify, i);
    const auto executor = registry.find(one.call.type);
    if (executor == nullptr) {
      merge_errors(wrong, invalid(where, "unknown type '" + one.call.type + "'; known are: " + registry.types()));
      continue;
    }
    const std::string below = where + (one.call.type == "webhook" ? "/webhook" : "/config");
    if (has_placeholders(one.call.values)) {
      if (auto right = check_call_placeholders(one.call.values, below); !right) merge_errors(wrong, right.error());
    }
    auto valid = executor->validate(one.call.values);
    if (valid) continue;
    Error error = at_field(valid.error(), kConfig);
    for (FieldError& field : error.fields) {
      if (field.pointer.starts_with(kConfig)) field.pointer.replace(0, kConfig.size(), below);
    }
    merge_errors(wrong, error);
  }
}

}  // namespace

Result<Prepared> prepare(TaskSpec spec, const Options& options, const Registry& registry, TimePoint now,
                         const TaskSpec* old) {
  Error wrong;
  const Defaults defaults{options.timezone, options.default_max_retries, options.default_timeout};
  if (auto complete = complete_spec(spec, defaults); !complete) merge_errors(wrong, complete.error());

  const bool filled_later = has_placeholders(spec.config.values);
  if (const auto executor = registry.find(spec.config.type); executor == nullptr) {
    merge_errors(wrong, invalid("/type", "unknown type '" + spec.config.type + "'; known are: " + registry.types()));
  } else {
    check_config(spec, old, filled_later, *executor, wrong);
  }

  check_for_each(spec, old, wrong);
  check_calls(spec, old, registry, wrong);

  auto schedule = Schedule::parse(spec.schedule, schedule_context(spec, now));
  if (!schedule) merge_errors(wrong, schedule.error());
  if (schedule && schedule->kind() == Schedule::Kind::after_dependencies && spec.dependencies.empty()) {
    merge_errors(wrong, invalid("/schedule", "is \"after dependencies\", so it needs some; name them in dependencies"));
  }
  if (!wrong.fields.empty()) return wrong;

  Prepared out;
  out.definition = std::make_shared<Definition>();
  out.stored().schedule_source = spec.schedule;
  out.stored().spec = std::move(spec);
  out.stored().spec.schedule = schedule->text();
  out.definition->schedule = std::move(*schedule);
  out.definition->has_placeholders = filled_later;
  out.anchor = now;
  return out;
}

Result<void> bind_calendar(Prepared& prepared, const FindCalendar& find) {
  if (prepared.spec().calendar.empty()) return {};
  auto schedule = make_schedule(prepared.spec(), prepared.anchor, find);
  if (schedule) {
    prepared.definition->schedule = std::move(*schedule);
    return {};
  }
  const Error error = schedule.error();
  return error.code == Errc::not_found ? invalid("/calendar", error.detail + "; make it first") : error;
}

Result<void> check_has_instant(const Prepared& prepared) {
  const Schedule::Kind kind = prepared.schedule().kind();
  if (kind == Schedule::Kind::manual || kind == Schedule::Kind::after_dependencies || prepared.schedule().first())
    return {};
  const bool bound = !prepared.spec().calendar.empty();
  return invalid("/schedule", bound ? "has no instant left within startAt, endAt and the days that the calendar leaves"
                                    : "has no instant left within startAt and endAt");
}

void fill_row(TaskRow& row, const Prepared& prepared) {
  const TaskSpec& spec = prepared.spec();
  row.spec = prepared.text.empty() ? SharedText(encode_spec(prepared.stored())) : prepared.text;
  row.name = spec.name;
  row.description = spec.description;
  row.type = spec.config.type;
  row.priority = spec.priority;
  row.tags = spec.tags;
  row.assigned_to = spec.assigned_to;
  row.calendar = spec.calendar;
  row.once = prepared.schedule().kind() == Schedule::Kind::once;
  row.paused = spec.paused;
  row.anchor = prepared.anchor;
}

bool same_schedule(const TaskSpec& spec, const std::string& source, const TaskSpec& other,
                   const std::string& other_source) {
  return source == other_source && spec.timezone == other.timezone && spec.start_at == other.start_at &&
         spec.end_at == other.end_at && spec.calendar == other.calendar && spec.on_closed_day == other.on_closed_day;
}

}  // namespace taskcore
