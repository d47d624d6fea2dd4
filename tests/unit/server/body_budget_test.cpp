// What bodies of requests hold together: taken, refused, given back.
#include "http/body_budget.hpp"

#include <thread>
#include <vector>

#include "http/request_parser.hpp"
#include "support/catch.hpp"

using namespace taskd;

namespace {

constexpr std::size_t kKiB = 1024;
constexpr std::size_t kFree = BodyShare::kFree;
constexpr std::size_t kReadBuffer = BodyShare::kReadBuffer;

std::shared_ptr<BodyBudget> budget_of(std::size_t most) { return std::make_shared<BodyBudget>(most); }

}  // namespace

TEST_CASE("a budget gives what it has, and not a byte more", "[http]") {
  BodyBudget budget(100);
  CHECK(budget.take(60));
  CHECK_FALSE(budget.take(41));
  CHECK(budget.take(40));
  CHECK_FALSE(budget.take(1));
  CHECK(budget.take(0));
  budget.give_back(60);
  CHECK(budget.taken() == 40);
  CHECK_FALSE(budget.take(static_cast<std::size_t>(-1)));
  CHECK(budget.take(60));
}

TEST_CASE("many threads take no more than there is", "[http]") {
  const auto budget = budget_of(1000 * kKiB);
  std::vector<std::thread> threads;
  std::atomic<std::size_t> most{0};
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int turn = 0; turn < 2000; ++turn) {
        BodyShare share;
        (void)share.grow(budget, 300 * kKiB);
        if (budget->taken() > 1000 * kKiB) most = budget->taken();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(most == 0);
  CHECK(budget->taken() == 0);
}

TEST_CASE("a small body takes nothing, a larger one its memory and the buffer that it is read into", "[http]") {
  const auto budget = budget_of(kReadBuffer + 64 * kKiB);
  {
    BodyShare share;
    CHECK(share.grow(budget, kFree));
    CHECK(budget->taken() == 0);
    CHECK(share.grow(budget, 2 * kFree));
    CHECK(budget->taken() == kReadBuffer + 2 * kFree);
    CHECK(share.grow(budget, 4 * kFree));
    CHECK(share.size() == kReadBuffer + 4 * kFree);
    CHECK_FALSE(share.grow(budget, 8 * kFree));
    CHECK(share.size() == kReadBuffer + 4 * kFree);
    BodyShare moved(std::move(share));
    share = std::move(moved);
    BodyShare other;
    CHECK(other.grow(budget, kFree));
    CHECK_FALSE(other.grow(budget, kFree + 1));
  }
  CHECK(budget->taken() == 0);
}

TEST_CASE("a body is counted as it comes, not as it is announced, until its request is gone", "[http]") {
  const auto budget = budget_of(512 * kKiB);
  RequestParser parser({}, budget);
  parser.feed("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n");
  CHECK(budget->taken() == 0);
  parser.feed(std::string(kFree, 'x'));
  CHECK(budget->taken() == 0);
  CHECK_FALSE(parser.has_body_share());
  parser.feed("x");
  CHECK(parser.has_body_share());
  CHECK(budget->taken() == 2 * kFree + kReadBuffer);
  parser.feed(std::string(200000 - kFree - 1, 'x'));
  REQUIRE(parser.state() == RequestParser::State::complete);
  auto request = parser.take();
  CHECK(request->body.size() == 200000);
  CHECK(budget->taken() == request->body.capacity() + kReadBuffer);
  CHECK_FALSE(parser.has_body_share());
  request.reset();
  CHECK(budget->taken() == 0);
}

TEST_CASE("a body that finds no room is 503, also in chunks, and what came of it is let go", "[http]") {
  const auto budget = budget_of(128 * kKiB);
  for (const std::string& length :
       {std::string("Content-Length: 300000\r\n\r\n"), std::string("Transfer-Encoding: chunked\r\n\r\n493e0\r\n")}) {
    RequestParser parser({}, budget);
    parser.feed("POST / HTTP/1.1\r\nHost: x\r\n" + length);
    while (parser.state() == RequestParser::State::partial) REQUIRE(parser.feed(std::string(10'000, 'x')) > 0);
    CHECK(parser.failure_status() == 503);
    CHECK(budget->taken() == 64 * kKiB + kReadBuffer);
    parser.discard();
    CHECK(budget->taken() == 0);
    CHECK(parser.failure_status() == 503);
  }
}
