#include "soak/load.hpp"

#include <thread>

#include "soak/work.hpp"

namespace taskcore::soak {
namespace {

/// The answers that a user has to live with; any other ends the test.
bool is_usual(const Error& error) { return error.code == Errc::overloaded || error.code == Errc::stopped; }

template <class T>
bool went_well(const Result<T>& result, const char* what) {
  if (result) return true;
  if (!is_usual(result.error())) throw std::runtime_error(std::string(what) + ": " + result.error().detail);
  tell('N', "calls-refused");
  return false;
}

/// How long a call takes until it is acknowledged.
class Watch {
 public:
  explicit Watch(const char* kind) : kind_(kind) {}
  void acknowledged() const { tell_latency(kind_, microseconds(Steady::now() - start_)); }

 private:
  const char* kind_;
  Steady::time_point start_ = Steady::now();
};

}  // namespace

Load::Load(Scheduler& scheduler, const Settings& settings, int life, int user, int users)
    : scheduler_(scheduler),
      random_(static_cast<unsigned>(settings.seed * 1'000'003 + static_cast<unsigned>(life * 101 + user))),
      life_(life),
      user_(user),
      pace_(1'000'000 * users / settings.rate) {}

void Load::run(const std::stop_token& stop) {
  make_tasks();
  auto next = Steady::now();
  while (!stop.stop_requested()) {
    act();
    // Who is late does not hurry: the load would be all at once after a pause of the machine.
    next = std::max(next + pace_, Steady::now() - std::chrono::milliseconds(100));
    std::this_thread::sleep_until(next);
  }
}

template <class Call>
void Load::change(const std::string& task, const char* kind, Call call) {
  tell('c', task);
  const Watch watch(kind);
  const Result<Task> now = call();
  if (!went_well(now, kind)) return tell('U', task);
  watch.acknowledged();
  tell('C', task + " " + std::to_string(now->version) + (now->paused ? " 1" : " 0"));
}

/// In each life, so that what a kill left open is settled: whether an edit took place, or a removal.
void Load::make_tasks() {
  std::vector<TaskSpec> specs{work_task(id("work")),
                              slow_task(id("slow")),
                              script_task(id("script")),
                              work_task(id("gone")),
                              work_task(id("up")),
                              scheduled_task(id("tick"), "every 1 second"),
                              scheduled_task(id("edited"), "every 2 seconds")};
  TaskSpec down = work_task(id("down"));
  down.dependencies = {id("up")};
  specs.push_back(std::move(down));
  for (TaskSpec& spec : specs) {
    const std::string task = spec.id;
    change(task, "ensure", [&] { return scheduler_.ensure(std::move(spec)); });
  }
}

void Load::act() {
  const int what = below(100);
  if (what < 48) return execute(id("work"), "execute");
  if (what < 56) return submit_many();
  if (what < 60) return execute(id("slow"), "execute");
  if (what < 61) return execute(id("script"), "execute");
  if (what < 66) return execute(id("up"), "execute");
  if (what < 71) return execute(id("down"), "execute");
  if (what < 78) return execute(id("gone"), "execute");
  if (what < 80) return recreate();
  if (what < 84) return edit();
  if (what < 88) return pause_or_resume();
  if (what < 94) return cancel();
  make_once();
}

void Load::execute(const std::string& task, const char* kind) {
  const Watch watch(kind);
  const auto run = scheduler_.execute(task, stamped(life_));
  if (!went_well(run, kind)) return;
  watch.acknowledged();
  tell('R', run->id + " " + task);
  newest_run_ = run->id;
}

void Load::submit_many() {
  const std::string task = id("work");
  const Watch watch("submit-of-8");
  const auto runs = scheduler_.submit(std::vector<ExecuteRequest>(8, {task, stamped(life_)}));
  if (!went_well(runs, "submit")) return;
  watch.acknowledged();
  for (const std::string& run : *runs) tell('R', run + " " + task);
}

void Load::make_once() {
  const Watch watch("create");
  const auto task = scheduler_.create(scheduled_task("", below(2) == 0 ? "now" : "in 1 second"));
  if (!went_well(task, "create")) return;
  watch.acknowledged();
  tell('O', task->id);
}

void Load::edit() {
  change(id("edited"), "edit", [&] {
    return scheduler_.update(id("edited"), [this](const Task&, TaskSpec& spec) -> Result<void> {
      spec.schedule = below(2) == 0 ? "every 1 second" : "every 2 seconds";
      spec.priority = below(2) == 0 ? Priority::normal : Priority::high;
      return {};
    });
  });
}

void Load::pause_or_resume() {
  const std::string task = id(below(2) == 0 ? "tick" : "edited");
  const bool pause = below(3) == 0;
  change(task, pause ? "pause" : "resume", [&] { return pause ? scheduler_.pause(task) : scheduler_.resume(task); });
}

void Load::recreate() {
  const std::string task = id("gone");
  tell('d', task);
  const Watch watch("remove");
  const auto removed = scheduler_.remove(task);
  if (!went_well(removed, "remove")) return tell('U', task);
  watch.acknowledged();
  tell('D', task);
  change(task, "create", [&] { return scheduler_.create(work_task(task)); });
}

void Load::cancel() {
  const Watch watch("cancel");
  if (below(3) != 0 && !newest_run_.empty()) {
    const auto run = scheduler_.cancel_run(newest_run_);
    // It may have gone with its task, or by its age.
    if (!run && run.error().code == Errc::not_found) return tell('N', "cancels-of-nothing");
    if (!went_well(run, "cancel")) return;
  } else if (!went_well(scheduler_.cancel(id(below(2) == 0 ? "work" : "down")), "cancel")) {
    return;
  }
  watch.acknowledged();
  tell('N', "cancels");
}

}  // namespace taskcore::soak
