// The words of the wire for every enumeration, and their way back. The other direction is to_string, declared beside
// each type. Words are exact: case matters, and none is abbreviated.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "taskcore/event.hpp"
#include "taskcore/log.hpp"
#include "taskcore/run.hpp"
#include "taskcore/schedule.hpp"
#include "taskcore/task.hpp"

namespace taskcore {

/// The words of enumeration E, indexed by value.
template <class E>
inline constexpr int kNames = 0;
template <>
inline constexpr std::array<std::string_view, 5> kNames<Status>{"pending", "running", "completed", "failed",
                                                                "cancelled"};
template <>
inline constexpr std::array<std::string_view, 3> kNames<Priority>{"low", "normal", "high"};
template <>
inline constexpr std::array<std::string_view, 3> kNames<Misfire>{"run_once", "skip", "run_all"};
template <>
inline constexpr std::array<std::string_view, 4> kNames<Overlap>{"skip", "queue", "allow", "cancel_previous"};
template <>
inline constexpr std::array<std::string_view, 2> kNames<OnClosedDay>{"skip", "next_working_day"};
template <>
inline constexpr std::array<std::string_view, 8> kNames<Schedule::Reason>{
    "as_written", "after_gap", "merged", "in_gap", "first_of_two", "each_of_two", "closed_day", "moved"};
template <>
inline constexpr std::array<std::string_view, 3> kNames<NotifyOn>{"failure", "recovery", "late"};
template <>
inline constexpr std::array<std::string_view, 2> kNames<Recovery>{"retry", "fail"};
template <>
inline constexpr std::array<std::string_view, 4> kNames<TriggerRule>{"all_completed", "all_finished", "any_completed",
                                                                     "any_failed"};
template <>
inline constexpr std::array<std::string_view, 3> kNames<OnDependencyFailure>{"wait", "cancel", "run"};
template <>
inline constexpr std::array<std::string_view, 2> kNames<Jitter>{"none", "full"};
template <>
inline constexpr std::array<std::string_view, 5> kNames<Trigger>{"manual", "schedule", "backfill", "dependency",
                                                                 "retry_now"};
template <>
inline constexpr std::array<std::string_view, 7> kNames<AttemptStatus>{
    "running", "completed", "failed", "timed_out", "cancelled", "lost", "interrupted"};
template <>
inline constexpr std::array<std::string_view, 4> kNames<LogLevel>{"DEBUG", "INFO", "WARN", "ERROR"};
template <>
inline constexpr std::array<std::string_view, 3> kNames<LogStream>{"system", "stdout", "stderr"};
template <>
inline constexpr std::array<std::string_view, 8> kNames<Event::Type>{"task.created", "task.updated", "task.deleted",
                                                                     "run.created",  "run.started",  "run.retrying",
                                                                     "run.settled",  "run.progress"};

template <class E>
constexpr std::optional<E> parse_name(std::string_view text) noexcept {
  for (std::size_t i = 0; i < kNames<E>.size(); ++i) {
    if (kNames<E>[i] == text) return static_cast<E>(i);
  }
  return std::nullopt;
}

/// The words of E for a message: `"low", "normal", "high"`.
template <class E>
std::string list_names() {
  std::string out;
  for (const std::string_view name : kNames<E>) out.append(out.empty() ? "\"" : ", \"").append(name).append("\"");
  return out;
}

std::optional<Status> parse_status(std::string_view text) noexcept;
std::optional<Priority> parse_priority(std::string_view text) noexcept;
std::optional<Misfire> parse_misfire(std::string_view text) noexcept;
std::optional<Overlap> parse_overlap(std::string_view text) noexcept;
std::optional<Recovery> parse_recovery(std::string_view text) noexcept;
std::optional<TriggerRule> parse_trigger_rule(std::string_view text) noexcept;
std::optional<Jitter> parse_jitter(std::string_view text) noexcept;
std::optional<Trigger> parse_trigger(std::string_view text) noexcept;
std::optional<AttemptStatus> parse_attempt_status(std::string_view text) noexcept;

std::string_view to_string(Jitter value) noexcept;

}  // namespace taskcore
