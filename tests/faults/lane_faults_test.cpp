// An engine whose store runs out of memory at its nth call, or whose disk fails at its nth: it says so to those who
// asked, keeps what it has acknowledged, and goes on.
#include "faults/starved_store.hpp"
#include "faults/trial.hpp"
#include "taskcore/testing/manual_host.hpp"

namespace taskcore::faults {
namespace {

/// What a few users are told while the fault strikes, and whether it is so afterwards.
class Engine {
 public:
  Engine(Trials& trials, Hunger& hunger) : trials_(trials) {
    Options options;
    options.scripts = false;
    options.max_concurrent = 2;
    options.retention = {Duration(0), Duration(0), 0};
    host_ = std::make_unique<testing::ManualHost>(
        testing::ManualHostOptions{std::make_unique<StarvedStore>(trials.store(), hunger), options, nullptr, 1});
    host_->scheduler().function("work", [this](RunContext& run, const boost::json::value&) {
      ++calls_[run.id()];
      return "done";
    });
  }

  void work() {
    host_->scheduler().async_start([](Result<void>) {});
    host_->settle();
    for (const char* id : {"e1", "e2"}) {
      TaskSpec spec{.id = id, .name = "a task", .config = call("work"), .overlap = Overlap::allow};
      if (spec.id == "e2") spec.schedule = "every 10 seconds";
      host_->scheduler().async_create(spec, {}, [this](Result<Task> answer) {
        if (answer) tasks_.push_back(answer->id);
      });
      host_->settle();
      for (int i = 0; i < 2; ++i) {
        host_->scheduler().async_execute(id, nullptr, {}, [this](Result<Run> answer) {
          if (answer) runs_.push_back(answer->id);
        });
      }
      host_->settle();
    }
    host_->advance(Duration(30000));
  }

  /// The fault is over: all works, and all that was acknowledged comes to its end.
  void check() {
    REQUIRE(host_->start().has_value());
    TaskSpec spec{.id = "later", .name = "a task", .config = call("work")};
    CHECK(host_->scheduler().create(spec).has_value());
    const auto run = host_->scheduler().execute("later");
    REQUIRE(run.has_value());
    runs_.push_back(run->id);
    host_->advance(Duration(120000));
    for (const std::string& id : tasks_) CHECK(host_->scheduler().get(id).has_value());
    for (const std::string& id : runs_) {
      const auto ended = host_->scheduler().get_run(id);
      REQUIRE(ended.has_value());
      INFO(id);
      CHECK(ended->status == Status::completed);
    }
    RunQuery unsettled;
    unsettled.task_id = "e2";
    unsettled.status = {Status::running};
    if (!tasks_.empty() && tasks_.back() == "e2") CHECK(host_->scheduler().runs(unsettled).value().items.empty());
  }

 private:
  Trials& trials_;
  std::map<std::string, int> calls_{};
  std::vector<std::string> tasks_{};
  std::vector<std::string> runs_{};
  std::unique_ptr<testing::ManualHost> host_{};
};

TEST_CASE("an engine whose store has no memory at its nth call goes on afterwards") {
  Trials trials;
  for (const bool after : {false, true}) {
    Hunger hunger{1, after, true};
    for (std::uint64_t nth = 1; hunger.struck; ++nth) {
      INFO("call " << nth << (after ? ", after it" : ", before it"));
      trials.disk().load({});
      hunger = {nth, after, false};
      Engine engine(trials, hunger);
      engine.work();
      hunger.left = 0;
      engine.check();
    }
  }
}

TEST_CASE("an engine whose SQLite meets a fault goes on afterwards") {
  Trials trials;
  for (const Fault fault : {Fault::disk_once, Fault::sqlite_memory}) {
    trials.run(fault, "engine", [&](Injection& injection) {
      trials.disk().load({});
      Hunger none;
      Engine engine(trials, none);
      injection.during([&] { engine.work(); });
      engine.check();
    });
  }
}

}  // namespace
}  // namespace taskcore::faults
