// Entity tags, and reads of what has not changed.
#include "middleware/conditional.hpp"

#include "http/entity_tags.hpp"
#include "support/catch.hpp"

using namespace taskd;

namespace {

Response read(std::string_view if_none_match, std::string_view tag = {}, Method method = Method::get,
              std::string body = "body", int status = 200) {
  const Handler handler = with_conditional_reads([&](auto, Reply reply) {
    Response response;
    response.status = status;
    response.body = std::move(body);
    if (!tag.empty()) response.headers.add("ETag", tag);
    reply(std::move(response));
  });
  auto request = std::make_shared<Request>();
  request->method = method;
  if (!if_none_match.empty()) request->headers.add("If-None-Match", if_none_match);
  Response out;
  handler(request, [&](Response response) { out = std::move(response); });
  return out;
}

std::string tags(const Headers& headers) {
  std::string out;
  each_entity_tag(headers, "If-Match", [&](std::string_view tag) { out += "<" + std::string(tag) + ">"; });
  return out;
}

}  // namespace

TEST_CASE("what is read without a tag gets one of its bytes, good for reads alone", "[conditional]") {
  const std::string tag(*read("").headers.get("ETag"));
  CHECK(tag.rfind("W/\"", 0) == 0);
  CHECK(read("", {}, Method::head).headers.get("ETag") == tag);
  CHECK(read("", {}, Method::get, "other").headers.get("ETag") != tag);
  CHECK(read(tag).status == 304);
  CHECK(read(tag).body.empty());
  CHECK(read(tag, {}, Method::head).status == 304);
  CHECK(read(tag, {}, Method::get, "other").status == 200);
}

TEST_CASE("other answers than those to reads are left alone", "[conditional]") {
  CHECK_FALSE(read("*", {}, Method::post).headers.get("ETag"));
  CHECK(read("*", {}, Method::post).status == 200);
  CHECK(read("*", {}, Method::get, "body", 404).status == 404);
  CHECK_FALSE(read("", {}, Method::get, "").headers.get("ETag"));
}

TEST_CASE("If-None-Match compares weakly, through lists, with any, and through gzip", "[conditional]") {
  const std::string tag = "\"7-ab\"";
  for (const std::string& same : std::vector<std::string>{"\"7-ab\"", "W/\"7-ab\"", "*", "\"x\", \"7-ab\"",
                                                          "\"x\",W/\"7-ab\" , \"y\"", "\"7-ab-gz\"", "W/\"7-ab-gz\""}) {
    INFO(same);
    CHECK(read(same, tag).status == 304);
  }
  for (const std::string& other :
       std::vector<std::string>{"\"7-ac\"", "7-ab", "\"7-AB\"", "\"7-ab", "\"\"", "\"x,*\"", ",", "\"7\""}) {
    INFO(other);
    CHECK(read(other, tag).status == 200);
    CHECK(read(other, tag).headers.get("ETag") == tag);
  }
}

TEST_CASE("a 304 has the tag by which the client knows its copy", "[conditional]") {
  CHECK(read("\"x\", \"7-ab-gz\"", "\"7-ab\"").headers.get("ETag") == "\"7-ab-gz\"");
  CHECK(read("*", "\"7-ab\"").headers.get("ETag") == "\"7-ab\"");
}

TEST_CASE("tags are taken out of lists, and out of fields that are repeated", "[conditional]") {
  Headers headers;
  headers.add("If-Match", "\"a\" ,W/\"b,c\", * ,d");
  headers.add("Other", "\"x\"");
  headers.add("if-match", "\"e\"");
  headers.add("If-Match", "");
  CHECK(tags(headers) == "<\"a\"><W/\"b,c\"><*><d><\"e\">");
}

TEST_CASE("the gzip form of a strong tag is another, that of a weak one is the same", "[conditional]") {
  CHECK(gzip_tag("\"7-ab\"") == "\"7-ab-gz\"");
  CHECK(gzip_tag("W/\"7\"") == "W/\"7\"");
}
