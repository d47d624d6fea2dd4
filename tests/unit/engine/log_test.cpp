// The log of a task: stored lines and derived ones in order, filtered, and in pages.
#include "unit/engine/world.hpp"

namespace taskcore::engine_test {
namespace {

std::vector<std::string> messages(const std::vector<LogEntry>& lines) {
  std::vector<std::string> out;
  for (const LogEntry& line : lines) out.push_back(line.message);
  return out;
}

std::vector<LogEntry> in_pages(World& world, LogQuery query) {
  std::vector<LogEntry> out;
  do {
    auto page = world->logs(query).value();
    CHECK(page.items.size() <= query.limit);
    out.insert(out.end(), page.items.begin(), page.items.end());
    query.cursor = page.next_cursor;
  } while (!query.cursor.empty());
  return out;
}

void add_talker(World& world) {
  world->function("talk", [](RunContext& context, const boost::json::value&) {
    context.log(LogLevel::debug, "thinking");
    context.output(LogStream::stdout_, "hello");
    context.log(LogLevel::warn, "hm", {{"depth", 3}});
    if (context.attempt() == 1) throw std::runtime_error("no luck");
  });
  world
      ->create(
          {.id = "job", .name = "job", .config = call("talk"), .retry = {.initial_delay = 1s, .jitter = Jitter::none}})
      .value();
}

}  // namespace

TEST_CASE("a run's lines stand between the start and the end of their attempt") {
  World world(either_kind());
  add_talker(world);
  const std::string id = world->execute("job").value().id;
  world.advance(2s);
  const auto lines = world.logs("job");
  CHECK(messages(lines) == Names{"task created", "attempt 1 started", "thinking", "hello", "hm",
                                 "attempt 1 failed: no luck", "attempt 2 started", "thinking", "hello", "hm",
                                 "attempt 2 completed"});
  CHECK(lines[0].run_id.empty());
  CHECK(lines[3].stream == LogStream::stdout_);
  CHECK(lines[4].level == LogLevel::warn);
  CHECK(lines[4].data.at("depth") == 3);
  CHECK(lines[4].attempt == 1);
  CHECK(lines[4].run_id == id);
  CHECK(lines[5].level == LogLevel::error);
  CHECK(lines[5].timestamp == world.start());
  CHECK(lines[10].timestamp == world.start() + 1s);
}

TEST_CASE("the log can be asked for a level, for what came since an instant, and for one run") {
  World world(either_kind());
  add_talker(world);
  const std::string id = world->execute("job").value().id;
  world.advance(2s);
  world->execute("job").value();
  world.settle();
  CHECK(messages(in_pages(world, {.task_id = "job", .run_id = id, .level = LogLevel::warn, .limit = 1})) ==
        Names{"hm", "attempt 1 failed: no luck", "hm"});
  CHECK(messages(world->logs({.task_id = "job", .since = world.start() + 1s}).value().items) ==
        Names{"attempt 2 started", "thinking", "hello", "hm", "attempt 2 completed", "attempt 1 started", "thinking",
              "hello", "hm", "attempt 1 failed: no luck"});
}

TEST_CASE("pages of any size give each line once and in order") {
  World world(either_kind());
  add_talker(world);
  for (int i = 0; i < 12; ++i) {
    world->execute("job").value();
    world.advance(1500ms);
  }
  const auto whole = messages(world.logs("job"));
  CHECK(whole.size() == 1 + 12 * 10);
  for (const std::size_t limit : {1, 2, 3, 7, 10, 11, 120, 121})
    CHECK(messages(in_pages(world, {.task_id = "job", .limit = limit})) == whole);
}

TEST_CASE("lines about the task itself stand in the order of time, and come once each too") {
  World world(either_kind());
  world->create({.id = "tick", .name = "tick", .config = call("note"), .schedule = "every 10 seconds"}).value();
  for (int i = 0; i < 6; ++i) {
    world.advance(10s);
    world->pause("tick").value();
    world.advance(10s);
    world->resume("tick").value();
  }
  const auto whole = world.logs("tick");
  CHECK(whole.size() == 1 + 6 * 3);
  CHECK(std::is_sorted(whole.begin(), whole.end(),
                       [](const LogEntry& a, const LogEntry& b) { return a.timestamp < b.timestamp; }));
  CHECK(whole[3].message.find("skipped the instant") == 0);
  CHECK(whole[3].level == LogLevel::warn);
  CHECK(whole[3].data.at("reason") == "paused");
  for (const std::size_t limit : {1, 2, 5}) {
    CHECK(messages(in_pages(world, {.task_id = "tick", .limit = limit})) == messages(whole));
    CHECK(in_pages(world, {.task_id = "tick", .level = LogLevel::warn, .limit = limit}).size() == 6);
  }
}

TEST_CASE("lines of an attempt that still runs are readable soon, and survive a crash") {
  World world(either_kind());
  world->create({.id = "job", .name = "job", .config = call("park")}).value();
  world->execute("job").value();
  world.settle();
  world.parked[0].context->log(LogLevel::info, "half way");
  world.advance(1s);
  CHECK(world.lines_with("job", "half way") == 1);
  world.parked[0].context->log(LogLevel::info, "almost there");
  world.advance(1s);
  world.reboot();
  CHECK(messages(world.logs("job")) == Names{"task created", "attempt 1 started", "half way", "almost there",
                                             "attempt 1 lost: the process that ran this attempt died"});
}

TEST_CASE("a run that ended without an attempt says how") {
  World world(either_kind());
  world->create({.id = "job", .name = "job", .config = call("park")}).value();
  world->execute("job").value();
  const std::string held = world->execute("job").value().id;
  world->cancel_run(held).value();
  const auto lines = world->logs({.run_id = held}).value().items;
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].message == "run ended cancelled: cancelled");
}

TEST_CASE("output past the cap is dropped, and a warning says so") {
  World world(either_kind(), {.max_output = 1000});
  world->create({.id = "job", .name = "job", .config = call("park")}).value();
  world->execute("job").value();
  world.settle();
  const std::string line(50 * 1024, 'y');
  for (int i = 0; i < 5; ++i) world.parked[0].context->log(LogLevel::info, line);
  world.finish("job");
  CHECK(world.lines_with("job", "truncated: 4 lines") == 1);
  CHECK(world.lines_with("job", "yyyy") == 1);
}

TEST_CASE("a log query that makes no sense is refused") {
  World world(either_kind());
  world->create({.id = "job", .name = "job"}).value();
  world->create({.id = "other", .name = "other"}).value();
  const std::string id = world->execute("job").value().id;
  CHECK(world->logs({.task_id = "nobody"}).error().code == Errc::not_found);
  CHECK(world->logs({.run_id = "run_99"}).error().code == Errc::not_found);
  CHECK(world->logs({.task_id = "other", .run_id = id}).error().code == Errc::not_found);
  CHECK(world->logs({.task_id = "job", .limit = 0}).error().code == Errc::invalid);
  CHECK(world->logs({.task_id = "job", .limit = 1001}).error().code == Errc::invalid);
  CHECK(world->logs({.task_id = "job", .cursor = "1.2.3"}).error().code == Errc::invalid);
  CHECK(world->logs({.task_id = "job", .cursor = "1.2.3.x"}).error().code == Errc::invalid);
}

}  // namespace taskcore::engine_test
