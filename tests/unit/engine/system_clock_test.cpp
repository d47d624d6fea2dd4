// The machine's clock and its timers, waited for with tiny delays.
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <string>

#include "support/catch.hpp"
#include "taskcore/clock.hpp"

using namespace taskcore;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

struct Fixture {
  asio::io_context io;
  std::shared_ptr<Clock> clock = system_clock();
  std::string fired;

  std::unique_ptr<Timer> timer() { return clock->make_timer(io.get_executor()); }
  std::function<void()> note(char name) {
    return [this, name] { fired += name; };
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "the monotonic clock does not go back, the wall clock tells the time") {
  const auto first = clock->monotonic();
  CHECK(clock->monotonic() >= first);
  CHECK(clock->now() > TimePoint(std::chrono::days(19000)));
}

TEST_CASE_METHOD(Fixture, "a wall timer fires once, not before its instant") {
  const TimePoint at = clock->now() + 5ms;
  const auto a = timer();
  a->arm_at(at, note('a'));
  io.run();
  CHECK(fired == "a");
  CHECK(clock->now() >= at);
}

TEST_CASE_METHOD(Fixture, "what is already due fires at once") {
  for (const TimePoint at : {clock->now(), clock->now() - 1h, TimePoint{}, TimePoint(-1h)}) {
    const auto a = timer();
    a->arm_at(at, note('a'));
    io.restart();
    io.run();
  }
  CHECK(fired == "aaaa");
}

TEST_CASE_METHOD(Fixture, "a delay is not cut short") {
  const auto before = clock->monotonic();
  const auto a = timer();
  a->arm_after(5ms, note('a'));
  io.run();
  CHECK(fired == "a");
  CHECK(clock->monotonic() - before >= 5ms);
}

TEST_CASE_METHOD(Fixture, "arming again replaces what was armed, of either kind") {
  const auto a = timer();
  a->arm_at(clock->now() + 1h, note('w'));
  a->arm_after(1h, note('x'));
  a->arm_at(clock->now(), note('y'));
  a->arm_after(3ms, note('z'));
  io.run();
  CHECK(fired == "z");
  a->arm_after(1h, note('x'));
  a->arm_at(clock->now() + 3ms, note('y'));
  io.restart();
  io.run();
  CHECK(fired == "zy");
}

TEST_CASE_METHOD(Fixture, "a due timer that is armed again for later waits for the later instant") {
  const auto a = timer();
  a->arm_at(clock->now() - 1s, note('x'));
  const TimePoint at = clock->now() + 5ms;
  asio::post(io, [&] { a->arm_at(at, note('y')); });
  io.run();
  const std::string all = fired;
  CHECK((all == "y" || all == "xy"));
  CHECK(clock->now() >= at);
}

TEST_CASE_METHOD(Fixture, "a timer that is disarmed or gone does not fire, nor does it keep the loop running") {
  const auto a = timer();
  auto b = timer();
  auto c = timer();
  a->arm_at(clock->now(), note('a'));
  b->arm_at(clock->now(), note('b'));
  c->arm_after(0ms, note('c'));
  a->disarm();
  b.reset();
  c.reset();
  io.run();
  CHECK(fired.empty());
}

TEST_CASE_METHOD(Fixture, "a timer may end itself as it fires") {
  auto a = timer();
  a->arm_at(clock->now(), [&] {
    a.reset();
    fired += 'a';
  });
  io.run();
  CHECK(fired == "a");
}

TEST_CASE_METHOD(Fixture, "a timer may arm itself as it fires") {
  const auto a = timer();
  std::function<void()> again = [&] {
    fired += 'a';
    if (fired.size() == 1) a->arm_at(clock->now() + 2ms, again);
    if (fired.size() == 2) a->arm_after(2ms, again);
  };
  a->arm_after(0ms, again);
  io.run();
  CHECK(fired == "aaa");
}

TEST_CASE_METHOD(Fixture, "a timer fires on its own strand") {
  const auto strand = asio::make_strand(io);
  const auto a = clock->make_timer(strand);
  bool inside = false;
  a->arm_at(clock->now() + 1ms, [&] { inside = strand.running_in_this_thread(); });
  io.run();
  CHECK(inside);
}

TEST_CASE("a loop may end while its timers wait") {
  const auto clock = system_clock();
  auto io = std::make_unique<asio::io_context>();
  auto timer = clock->make_timer(io->get_executor());
  timer->arm_at(clock->now() + 1h, [] { FAIL("fired"); });
  io->poll();
  timer.reset();
  io.reset();
}
