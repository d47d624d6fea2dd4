#include "model/secrets.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "support/catch.hpp"

using namespace taskcore;
namespace json = boost::json;

namespace {

std::optional<std::string> known(std::string_view name) {
  if (name == "A") return "alpha";
  if (name == "LINES") return "first line here\nx\nsecond line here\n";
  return std::nullopt;
}

Result<FilledConfig> fill(const char* text) { return fill_secrets(json::parse(text).as_object(), known); }

}  // namespace

TEST_CASE("secrets are filled in wherever text stands, and nowhere else") {
  const auto filled =
      fill(R"({"a": "x${secret.A}y${secret.A}", "b": [{"c": "${secret.A}"}, 1], "${secret.A}": "${HOME} ${secret"})");
  CHECK(json::value(filled.value().config) ==
        json::parse(R"({"a": "xalphayalpha", "b": [{"c": "alpha"}, 1], "${secret.A}": "${HOME} ${secret"})"));
  CHECK(filled.value().secrets == std::vector<std::string>(3, "alpha"));
  CHECK(fill(R"({"a": "$${secret.A}"})").value().config.at("a") == "${secret.A}");
}

TEST_CASE("a secret that is not there is named") {
  for (const char* text : {R"({"a": "${secret.NONE}"})", R"({"a": "${secret.}"})", R"({"a": "${secret.a/b}"})"}) {
    INFO(text);
    CHECK(fill(text).error().code == Errc::not_found);
  }
  CHECK(fill(R"({"a": "${secret.NONE}"})").error().detail == "there is no secret 'NONE'");
  CHECK(fill_secrets(json::parse(R"({"a": "${secret.A}"})").as_object(), {}).has_error());
}

TEST_CASE("whether secrets are asked for is seen at any depth") {
  CHECK(asks_for_secrets(json::parse(R"({"a": [{"b": "x ${secret.A}"}]})")));
  CHECK_FALSE(asks_for_secrets(json::parse(R"({"${secret.A}": "${A}"})")));
}

TEST_CASE("masks hide secrets, whole and line by line") {
  const Masks masks({"alpha", "abc", *known("LINES")});
  CHECK(masks.masked("alpha and alphalpha, abc") == "*** and ***lpha, abc");
  CHECK(masks.masked("> second line here") == "> ***");
  CHECK(masks.masked("x") == "x");
  CHECK(masks.masked_json(json::parse(R"({"alpha": ["alpha", 1, null]})")) ==
        json::parse(R"({"***": ["***", 1, null]})"));
  CHECK(Masks({"ab"}).empty());
}
