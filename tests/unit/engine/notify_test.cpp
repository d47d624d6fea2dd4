// Who is told of a failure and of a recovery: once a change, by a run that is as durable as the change.
#include "unit/engine/world.hpp"

namespace taskcore::engine_test {
namespace {

/// A task "job" that fails while it is told to, and "bell", which is rung for it.
class Alarm {
 public:
  explicit Alarm(NotifyOn on, Options options = {}) : world_(either_kind(), std::move(options)) {
    world_->function("job", [this](RunContext&, const boost::json::value&) {
      if (fails_) throw fatal("told to fail");
    });
    world_->create({.id = "bell", .name = "bell", .config = call("note"), .overlap = Overlap::allow}).value();
    world_->create({.id = "job", .name = "The job", .config = call("job"), .notify = {{.on = on, .task = "bell"}}})
        .value();
  }

  World& world() { return world_; }
  std::size_t rung() { return world_.runs("bell").size(); }
  void run(bool fails) {
    fails_ = fails;
    world_->execute("job").value();
    world_.settle();
  }

 private:
  World world_;
  bool fails_ = false;
};

}  // namespace

TEST_CASE("a failure is told once, until the task has recovered") {
  Alarm alarm(NotifyOn::failure);
  alarm.run(false);
  CHECK(alarm.rung() == 0);
  alarm.run(true);
  CHECK(alarm.rung() == 1);
  alarm.run(true);
  CHECK(alarm.rung() == 1);
  alarm.run(false);
  alarm.run(true);
  CHECK(alarm.rung() == 2);
  const Run told = alarm.world().last_run("bell");
  CHECK(told.params.at("event") == "failure");
  CHECK(told.params.at("task") == boost::json::value{{"id", "job"}, {"name", "The job"}});
  CHECK(told.params.at("run").at("id") == boost::json::value(alarm.world().last_run("job").id));
  CHECK(told.params.at("run").at("error").at("message") == "told to fail");
}

TEST_CASE("a recovery is told once, and a first success is none") {
  Alarm alarm(NotifyOn::recovery);
  alarm.run(false);
  CHECK(alarm.rung() == 0);
  alarm.run(true);
  alarm.run(true);
  CHECK(alarm.rung() == 0);
  alarm.run(false);
  alarm.run(false);
  CHECK(alarm.rung() == 1);
}

TEST_CASE("a cancelled run changes nothing") {
  Options options;
  options.max_concurrent = 1;
  Alarm alarm(NotifyOn::failure, options);
  World& world = alarm.world();
  alarm.run(true);
  CHECK(alarm.rung() == 1);
  world->create({.id = "block", .name = "block", .config = call("park")}).value();
  world->execute("block").value();
  world.settle();
  const Run waits = world->execute("job").value();
  world->cancel_run(waits.id).value();
  CHECK(world.run(waits.id).status == Status::cancelled);
  world.finish("block");
  alarm.run(true);
  CHECK(alarm.rung() == 1);
}

TEST_CASE("a call is a task of its own that runs once, with what happened as its params") {
  World world(either_kind());
  boost::json::value told;
  world->function("tell", [&](RunContext&, const boost::json::value& params) { told = params; });
  world
      ->create({.id = "job",
                .name = "job",
                .config = call("fail"),
                .max_retries = 0,
                .assigned_to = {"bob"},
                .notify = {{.on = NotifyOn::failure, .call = call("tell")}}},
               {.created_by = "alice"})
      .value();
  world->execute("job").value();
  world.settle();
  CHECK(told.at("event") == "failure");
  const auto tasks = world->list({.tag = {"notification"}}).value().items;
  REQUIRE(tasks.size() == 1);
  CHECK(tasks[0].name == "Notification: job");
  CHECK(tasks[0].created_by == "alice");
  CHECK(tasks[0].assigned_to == std::vector<std::string>{"bob"});
}

TEST_CASE("what a run said is told as it is, and large runs in short") {
  Options options;
  options.secrets = [](std::string_view) { return std::optional<std::string>("hush-hush"); };
  World world(either_kind(), options);
  boost::json::value told;
  std::string said;
  world->function("tell", [&](RunContext&, const boost::json::value& params) { told = params; });
  world->function("say", [&](RunContext&, const boost::json::value&) { throw fatal(said); });
  for (const std::string& text : {std::string("$${secret.A} ${secret.A} ${secret.A"), std::string(100'000, 'x')}) {
    said = text;
    const std::string id = "job" + std::to_string(text.size());
    world->create({.id = id, .name = id, .config = call("say"), .notify = {{.call = call("tell")}}}).value();
    world->execute(id).value();
    world.settle();
    CHECK(told.at("run").at("error").at("message") == boost::json::value(text.substr(0, 2000)));
  }
}

namespace {

/// "job" is due each minute and may begin half a minute later; "bell" is rung when it begins later than that.
void make_late_alarm(World& world) {
  world->create({.id = "bell", .name = "bell", .config = call("note"), .overlap = Overlap::allow}).value();
  world
      ->create({.id = "job",
                .name = "job",
                .config = call("note"),
                .schedule = "every 1 minute",
                .overlap = Overlap::allow,
                .notify = {{.on = NotifyOn::late, .task = "bell", .after = 30s}}})
      .value();
}

}  // namespace

TEST_CASE("a run that begins late is told of, once until one begins in time") {
  Options options;
  options.max_concurrent = 1;
  World world(either_kind(), options);
  make_late_alarm(world);
  const auto hold_up = [&](Duration by) {
    world->execute(world->create({.name = "block", .config = call("park")}).value().id).value();
    world.advance(by);
    world.parked.front().done(Outcome::success());
    world.clear_parked();
    world.settle();
  };
  world.advance(60s);
  CHECK(world.runs("bell").empty());
  hold_up(90s);  // from 1:00 to 2:30
  CHECK(world.runs("bell").empty());
  hold_up(61s);  // to 3:31
  REQUIRE(world.runs("bell").size() == 1);
  CHECK(world.last_run("bell").params.at("event") == "late");
  CHECK(world.last_run("bell").params.at("run").at("id") == boost::json::value(world.last_run("job").id));
  hold_up(60s);  // to 4:31: late again, as the one before
  CHECK(world.runs("bell").size() == 1);
  world.advance(60s);
  hold_up(60s);
  CHECK(world.runs("bell").size() == 2);
}

TEST_CASE("after an outage the run that stands for what was missed is late; runs by hand and backfills never are") {
  World world(either_kind());
  make_late_alarm(world);
  const TimePoint start = world.now();
  world.advance(90s);
  world.reboot_after(40s);
  CHECK(world.runs("bell").empty());  // begun at 2:10, ten seconds late
  world.reboot_after(2min);
  CHECK(world.runs("bell").size() == 1);  // at 4:10, for 3:00 and 4:00
  world->execute("job").value();
  world->backfill("job", {.from = start, .to = world.now()}).value();
  world.advance(10s);
  CHECK(world.runs("bell").size() == 1);
}

TEST_CASE("a failure that nobody can be told of is said in the log") {
  Alarm alarm(NotifyOn::failure);
  alarm.world()->remove("bell", {.force = true}).value();
  alarm.run(true);
  CHECK(alarm.world().last_run("job").status == Status::failed);
  CHECK(alarm.world().lines_with("job", "nobody could be told of the failure: there is no task 'bell'") == 1);
}

TEST_CASE("what cannot tell anybody is refused, with its place") {
  World world(either_kind());
  const auto refusal = [&](std::vector<Notification> notify) {
    const auto made = world->create({.id = "t", .name = "t", .notify = std::move(notify)});
    return made.error().fields.at(0).pointer;
  };
  CHECK(refusal({{.on = NotifyOn::failure, .task = "nobody"}}) == "/notify/onFailure/task");
  CHECK(refusal({{.on = NotifyOn::recovery, .task = "t"}}) == "/notify/onRecovery/task");
  CHECK(refusal({{.on = NotifyOn::recovery, .call = call("note")}, {.on = NotifyOn::recovery, .call = call("none")}}) ==
        "/notify/onRecovery/1/config/function");
  CHECK(refusal({{.on = NotifyOn::failure, .call = {.type = "pigeon"}}}) == "/notify/onFailure");
  CHECK(refusal(std::vector<Notification>(11, {.call = call("note")})) == "/notify");
}

}  // namespace taskcore::engine_test
