#include "soak/told.hpp"

#include <sstream>

#include "model/ids.hpp"

namespace taskcore::soak {

std::string Told::learn(std::string_view text, TimePoint now) {
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    if (auto wrong = learn_line(text.substr(0, end), now); !wrong.empty()) return wrong;
    text.remove_prefix(end + 1);
  }
  return {};
}

std::string Told::learn_line(std::string_view line, TimePoint now) {
  const std::string garbled = "a line that nobody tells: " + std::string(line);
  std::istringstream words{std::string(line)};
  char what = 0;
  std::string first;
  words >> what >> first;
  if (!words) return garbled;
  if (what == '!') return "the child says: " + std::string(line.substr(2));
  if (what == 'N') return ++counts_[first], "";
  if (what == 'O') return once_.emplace(first, now), ++counts_["once-tasks made"], "";
  if (what == 'L') {
    std::uint64_t us = 0;
    words >> us;
    if (words) latencies_[first].add(us);
    return words ? "" : garbled;
  }
  if (std::string_view("RBS").find(what) == std::string_view::npos) {
    std::int64_t version = 0;
    bool paused = false;
    if (what == 'C') words >> version >> paused;
    return words ? learn_task(what, first, version, paused, now) : garbled;
  }
  const auto run = parse_run_id(first);
  std::string second;
  std::string task;
  std::int64_t number = 0;
  words >> second;
  if (what != 'R') words >> task >> number;
  if (!run || !words) return garbled;
  if (what == 'B') return learn_begin(*run, std::stoi(second), task, number);
  if (what == 'S') return learn_end(*run, second, task, TimePoint(Duration(number)), now);
  ToldRun& told = runs_.try_emplace(*run, ToldRun{.told_at = now}).first->second;
  if (std::exchange(told.acknowledged, true)) return first + " was acknowledged twice";
  told.task = second;
  ++counts_["runs acknowledged"];
  return {};
}

std::string Told::learn_task(char what, const std::string& task, std::int64_t version, bool paused, TimePoint now) {
  ToldTask& told = tasks_[task];
  switch (what) {
    case 'd':
      told.removal_asked = now;
      [[fallthrough]];
    case 'c':
      told.pending = true;
      return {};
    case 'U':
      told.pending = false;
      return {};
    case 'C':
      told = {.exists = true, .version = version, .paused = paused, .removal_asked = told.removal_asked};
      ++counts_["changes of tasks acknowledged"];
      return {};
    case 'D':
      told = {.removal_asked = now};
      ++counts_["removals acknowledged"];
      return {};
    default:
      return "a line that nobody tells, of the task " + task;
  }
}

std::string Told::learn_begin(RunKey run, int attempt, const std::string& task, std::int64_t instant) {
  ++counts_[attempt == 1 ? "first attempts begun" : "later attempts begun"];
  const auto told = runs_.find(run);
  if (told != runs_.end() && told->second.status == "completed") return run_id(run) + " began again after it completed";
  if (instant == 0) return {};
  const auto [seen, fresh] = instants_.emplace(std::pair(task, instant), run);
  if (fresh || seen->second == run) return {};
  return task + " ran twice for the instant " + std::to_string(instant) + ": " + run_id(seen->second) + ", " +
         run_id(run);
}

std::string Told::learn_end(RunKey run, const std::string& status, const std::string& task, TimePoint finished,
                            TimePoint now) {
  ToldRun& told = runs_.try_emplace(run, ToldRun{.told_at = now}).first->second;
  if (!told.status.empty()) return run_id(run) + " ended twice: " + told.status + ", " + status;
  told.task = task;
  told.status = status;
  told.finished = finished;
  ++counts_["runs told " + status];
  return {};
}

void Told::forget_instants(TimePoint before) {
  const auto ms = before.time_since_epoch().count();
  std::erase_if(instants_, [ms](const auto& seen) { return seen.first.second < ms; });
}

}  // namespace taskcore::soak
