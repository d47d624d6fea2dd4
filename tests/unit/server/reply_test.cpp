// Who may answer a request, and what happens on the way out.
#include "http/reply.hpp"

#include <stdexcept>
#include <vector>

#include "support/catch.hpp"

using namespace taskd;

namespace {

Response with_body(std::string body, int status = 200) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

/// What a client got.
struct Client {
  std::vector<Response> got{};

  Reply reply(std::string id = "r-1") {
    return Reply([this](Response response) { got.push_back(std::move(response)); }, std::move(id));
  }
};

}  // namespace

TEST_CASE("of the copies of a reply the first that is used answers", "[reply]") {
  Client client;
  const Reply reply = client.reply();
  const Reply copy = reply;
  copy(with_body("first"));
  reply(with_body("second"));
  REQUIRE(client.got.size() == 1);
  CHECK(client.got[0].body == "first");
}

TEST_CASE("a reply that goes unused answers 500 with the request's id", "[reply]") {
  Client client;
  {
    const Reply reply = client.reply("r-7");
    const Reply copy = reply;
    CHECK(client.got.empty());
  }
  REQUIRE(client.got.size() == 1);
  CHECK(client.got[0].status == 500);
  CHECK(client.got[0].body.find("r-7") != std::string::npos);

  bool called = false;
  {
    const Reply reply([&](const Response&) { called = true; });
  }
  CHECK_FALSE(called);
}

TEST_CASE("the inner rooms see a response before the outer ones, and what went out is told in that order", "[reply]") {
  Client client;
  const Reply reply = client.reply();
  std::string order;
  reply.before([&](Response& response) { response.body += " outer"; });
  reply.after([&](const Reply::Answered& answered) {
    order += "outer " + std::to_string(answered.status) + ", " + std::to_string(answered.body_size) + " bytes; " +
             std::to_string(client.got.size()) + " sent";
  });
  reply.before([&](Response& response) {
    response.body += " inner";
    response.status = 202;
  });
  reply.after([&](const Reply::Answered&) {
    order += "inner; ";
    throw std::runtime_error("no matter");
  });
  reply(with_body("body"));
  REQUIRE(client.got.size() == 1);
  CHECK(client.got[0].body == "body inner outer");
  CHECK(order == "inner; outer 202, 16 bytes; 1 sent");
}

TEST_CASE("a room that throws leaves the request to be answered", "[reply]") {
  Client client;
  bool broken = true;
  {
    const Reply reply = client.reply();
    reply.before([&](Response&) {
      if (broken) throw std::runtime_error("no memory");
    });
    CHECK_THROWS(reply(with_body("good")));
    CHECK(client.got.empty());
    SECTION("by another answer") {
      broken = false;
      reply(with_body("instead", 503));
      REQUIRE(client.got.size() == 1);
      CHECK(client.got[0].status == 503);
    }
    SECTION("by the 500 of a reply that goes unused") {}
  }
  REQUIRE(client.got.size() == 1);
  CHECK(client.got[0].status == (broken ? 500 : 503));
}

TEST_CASE("what sends is let go with the answer, whoever still holds the reply", "[reply]") {
  auto connection = std::make_shared<int>(1);
  const Reply reply([connection](const Response&) {}, "r");
  CHECK(connection.use_count() == 2);
  reply(with_body("done"));
  CHECK(connection.use_count() == 1);
}
