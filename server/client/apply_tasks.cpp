// See apply_tasks.hpp.
#include "client/apply_tasks.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <map>

namespace taskd {

namespace json = boost::json;

namespace {

constexpr std::size_t kMostAtOnce = 10'000;

/// The place that a pointer such as "/3/name" begins with, which is taken off it.
std::optional<std::size_t> take_place(std::string& pointer) {
  std::size_t place = 0;
  if (!pointer.starts_with('/')) return std::nullopt;
  const char* end = pointer.data() + pointer.size();
  const auto read = std::from_chars(pointer.data() + 1, end, place);
  if (read.ec != std::errc() || (read.ptr != end && *read.ptr != '/')) return std::nullopt;
  pointer.erase(0, static_cast<std::size_t>(read.ptr - pointer.data()));
  return place;
}

}  // namespace

std::string_view to_string(Applied value) noexcept {
  constexpr std::array<std::string_view, 5> kWords{"created", "updated", "unchanged", "kept", "failed"};
  return kWords.at(static_cast<std::size_t>(value));
}

TaskApplier::TaskApplier(ApiClient& api, Existing existing, std::function<void(const AppliedTask&)> tell)
    : api_(api), existing_(existing), tell_(std::move(tell)) {}

std::optional<Failure> TaskApplier::apply(const TaskList& tasks) {
  if (tasks.size() > 1 && tasks.size() <= kMostAtOnce) {
    const auto batch = make_all(tasks);
    if (!batch) return batch.error();
    if (*batch != Batch::not_for_these) return std::nullopt;
  }
  for (std::size_t place = 0; place < tasks.size(); ++place) {
    if (auto failure = apply_one(tasks, place)) return failure;
  }
  return std::nullopt;
}

/// A batch takes new tasks only: the first tells most of the time, and what the server says of the others.
Answer<TaskApplier::Batch> TaskApplier::make_all(const TaskList& tasks) {
  const auto first = version_of(id_of(tasks.front()));
  if (!first) return first.error();
  if (*first) return Batch::not_for_these;
  const auto made = api_.post("/api/tasks:batch", json::serialize(json::array(tasks.begin(), tasks.end())));
  if (made) {
    const auto& list = list_at(made->value, "tasks");
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      const std::string id = i < list.size() ? std::string(text_at(list[i], "id")) : id_of(tasks[i]);
      tell_({i, id, Applied::created, {}});
    }
    return Batch::made;
  }
  const Failure& failure = made.error();
  if (failure.status == 409 || failure.status == 413) return Batch::not_for_these;
  if (failure.is_general() || failure.fields.empty()) return failure;
  tell_refusals(failure, tasks.size());
  return Batch::refused;
}

void TaskApplier::tell_refusals(const Failure& failure, std::size_t count) {
  std::map<std::size_t, Failure> by_place;
  for (auto field : failure.fields) {
    const auto place = take_place(field.pointer);
    Failure& one = by_place[place && *place < count ? *place : 0];
    one.exit_code = failure.exit_code;
    one.status = failure.status;
    one.detail = field.pointer.empty() ? field.detail : field.pointer + ": " + field.detail;
    one.fields.push_back(std::move(field));
  }
  for (auto& [place, one] : by_place) tell_({place, {}, Applied::failed, std::move(one)});
}

/// None where the caller sees no such task.
Answer<std::optional<json::value>> TaskApplier::version_of(const std::string& id) {
  if (id.empty()) return std::optional<json::value>();
  const auto task = api_.get(task_path_of(id));
  if (task) return std::optional<json::value>(member(task->value, "version"));
  if (task.error().status == 404) return std::optional<json::value>();
  return task.error();
}

std::optional<Failure> TaskApplier::apply_one(const TaskList& tasks, std::size_t place) {
  const json::object& task = tasks[place];
  std::optional<json::value> before;
  if (existing_ == Existing::update) {
    auto version = version_of(id_of(task));
    if (!version) return version.error();
    before = std::move(*version);
  }
  const char* target = existing_ == Existing::update ? "/api/tasks?onConflict=update" : "/api/tasks?onConflict=keep";
  const auto done = api_.post(target, json::serialize(task));
  if (!done) {
    if (done.error().is_general()) return done.error();
    tell_({place, {}, Applied::failed, done.error()});
    return std::nullopt;
  }
  Applied what = Applied::created;
  if (done->status != 201) {
    const bool is_same = before && *before == member(done->value, "version");
    what = existing_ == Existing::keep ? Applied::kept : is_same ? Applied::unchanged : Applied::updated;
  }
  tell_({place, std::string(text_at(done->value, "id")), what, {}});
  return std::nullopt;
}

}  // namespace taskd
