// The bounded buffer between who makes events and the connection that carries them.
#include "http/event_stream.hpp"

#include "support/catch.hpp"

using namespace taskd;

TEST_CASE("a stream takes text until it has no room, and again when it was emptied", "[stream]") {
  EventStream stream(10);
  CHECK(stream.push("12345"));
  CHECK(stream.push("67890"));
  CHECK_FALSE(stream.push("x"));
  const auto taken = stream.take();
  CHECK(taken.text == "1234567890");
  CHECK_FALSE(taken.is_last);
  CHECK(stream.push("x"));
  CHECK(stream.take().text == "x");
  CHECK(stream.take().text.empty());
}

TEST_CASE("a text larger than the room goes alone", "[stream]") {
  EventStream stream(4);
  CHECK(stream.push("a"));
  CHECK_FALSE(stream.push("too much"));
  CHECK(stream.take().text == "a");
  CHECK(stream.push("too much"));
  CHECK(stream.take().text == "too much");
}

TEST_CASE("what was pushed before the end is still taken, what comes after is not", "[stream]") {
  EventStream stream;
  CHECK(stream.push("last words"));
  stream.finish();
  CHECK(stream.is_over());
  CHECK_FALSE(stream.push("more"));
  const auto taken = stream.take();
  CHECK(taken.text == "last words");
  CHECK(taken.is_last);
}

TEST_CASE("the session is woken when there is something to take, and once for all of it", "[stream]") {
  EventStream stream;
  int woken = 0;
  stream.attach([&woken] { ++woken; });
  CHECK(stream.push("a"));
  CHECK(stream.push("b"));
  CHECK(woken == 1);
  (void)stream.take();
  CHECK(stream.push("c"));
  CHECK(woken == 2);
  stream.finish();
  stream.finish();
  CHECK(woken == 3);
}

TEST_CASE("a stream whose client has gone keeps nothing and wakes nobody", "[stream]") {
  EventStream stream;
  int woken = 0;
  stream.attach([&woken] { ++woken; });
  CHECK(stream.push("a"));
  stream.cut();
  CHECK(stream.is_over());
  CHECK_FALSE(stream.push("b"));
  CHECK(stream.take().text.empty());
  CHECK(woken == 1);
}
