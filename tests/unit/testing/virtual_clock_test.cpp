// The clock that moves only when told.
#include "taskcore/testing/virtual_clock.hpp"

#include <boost/asio/io_context.hpp>
#include <string>

#include "support/catch.hpp"

using namespace taskcore;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

struct Fixture {
  asio::io_context io;
  testing::VirtualClock clock{TimePoint(1000s)};
  std::string fired;

  std::unique_ptr<Timer> timer() { return clock.make_timer(io.get_executor()); }
  std::function<void()> note(char name) {
    return [this, name] { fired += name; };
  }
  void run() {
    io.restart();
    io.poll();
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "time stands still until it is moved, both kinds together") {
  CHECK(clock.now() == TimePoint(1000s));
  const auto before = clock.monotonic();
  clock.advance(1500ms);
  CHECK(clock.now() == TimePoint(1001500ms));
  CHECK(clock.monotonic() - before == 1500ms);
}

TEST_CASE_METHOD(Fixture, "a wall clock that drifts goes faster or slower, and its timers with it") {
  clock.drift(30000);
  const auto due = timer();
  due->arm_at(TimePoint(1010s), note('w'));
  CHECK(clock.next_timer() == 9709ms);
  clock.advance(9708ms);
  run();
  CHECK(fired.empty());
  clock.advance(1ms);
  run();
  CHECK(fired == "w");
  clock.advance(291ms);
  CHECK(clock.now() == TimePoint(1010300ms));  // nothing is lost in rounding
  clock.drift(-200);
  clock.advance(100s);
  CHECK(clock.now() == TimePoint(1110280ms));
}

TEST_CASE_METHOD(Fixture, "a jump moves the wall clock alone") {
  const auto before = clock.monotonic();
  clock.jump(-10s);
  CHECK(clock.now() == TimePoint(990s));
  CHECK(clock.monotonic() == before);
}

TEST_CASE_METHOD(Fixture, "timers fire in order of time, of either kind, on their executor") {
  const auto a = timer();
  const auto b = timer();
  const auto c = timer();
  a->arm_at(TimePoint(1003s), note('a'));
  b->arm_after(1s, note('b'));
  c->arm_at(TimePoint(1002s), note('c'));
  CHECK(clock.next_timer() == 1s);
  clock.advance(5s);
  CHECK(fired.empty());
  run();
  CHECK(fired == "bca");
  CHECK_FALSE(clock.next_timer());
}

TEST_CASE_METHOD(Fixture, "timers of one instant fire in the order in which they were armed") {
  const auto a = timer();
  const auto b = timer();
  const auto c = timer();
  b->arm_at(TimePoint(1001s), note('b'));
  c->arm_after(1s, note('c'));
  a->arm_at(TimePoint(1001s), note('a'));
  clock.advance(1s);
  run();
  CHECK(fired == "bca");
}

TEST_CASE_METHOD(Fixture, "a timer waits for its very instant") {
  const auto a = timer();
  a->arm_after(1s, note('a'));
  clock.advance(999ms);
  run();
  CHECK(fired.empty());
  CHECK(clock.next_timer() == 1ms);
  clock.advance(1ms);
  run();
  CHECK(fired == "a");
  clock.advance(1h);
  run();
  CHECK(fired == "a");
}

TEST_CASE_METHOD(Fixture, "what is already due fires without the clock being moved") {
  const auto a = timer();
  const auto b = timer();
  a->arm_at(TimePoint(1000s), note('a'));
  b->arm_after(0ms, note('b'));
  CHECK_FALSE(clock.next_timer());
  run();
  CHECK(fired == "ab");
}

TEST_CASE_METHOD(Fixture, "a jump fires the timers on the wall clock early, and no others") {
  const auto a = timer();
  const auto b = timer();
  const auto c = timer();
  a->arm_at(TimePoint(1h), note('a'));
  b->arm_after(1s, note('b'));
  c->arm_at(TimePoint(1001s), note('c'));
  clock.jump(-1min);
  run();
  CHECK(fired == "ca");
  CHECK(clock.next_timer() == 1s);
}

TEST_CASE_METHOD(Fixture, "arming again replaces what was armed, even what is already on its way") {
  const auto a = timer();
  a->arm_after(1s, note('x'));
  a->arm_after(2s, note('y'));
  clock.advance(2s);
  a->arm_after(3s, note('z'));
  run();
  CHECK(fired.empty());
  clock.advance(3s);
  run();
  CHECK(fired == "z");
}

TEST_CASE_METHOD(Fixture, "a timer that is disarmed or gone does not fire, even when it is already on its way") {
  auto a = timer();
  auto b = timer();
  auto c = timer();
  a->arm_after(1s, note('a'));
  b->arm_after(1s, note('b'));
  c->arm_after(2s, note('c'));
  clock.advance(1s);
  a->disarm();
  b.reset();
  c.reset();
  CHECK_FALSE(clock.next_timer());
  clock.advance(1s);
  run();
  CHECK(fired.empty());
}

TEST_CASE_METHOD(Fixture, "a timer may arm itself, or end itself, as it fires") {
  auto a = timer();
  int left = 3;
  std::function<void()> again = [&] {
    fired += 'a';
    if (--left > 0) {
      a->arm_after(1s, again);
    } else {
      a.reset();
    }
  };
  a->arm_after(1s, again);
  while (const auto delay = clock.next_timer()) {
    clock.advance(*delay);
    run();
  }
  CHECK(fired == "aaa");
  CHECK(clock.now() == TimePoint(1003s));
}

TEST_CASE("timers outlive their clock") {
  asio::io_context io;
  std::unique_ptr<Timer> timer;
  {
    testing::VirtualClock clock;
    timer = clock.make_timer(io.get_executor());
    timer->arm_after(1s, [] {});
  }
  timer->disarm();
}
