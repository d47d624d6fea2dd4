#include "model/placeholder_check.hpp"

#include <boost/json/parse.hpp>

#include "support/catch.hpp"

using namespace taskcore;
namespace json = boost::json;

namespace {

PlaceholderCheck checked(const char* config, const char* type = "script") {
  return check_placeholders(
      {.name = "n", .config = {.type = type, .values = json::parse(config).as_object()}, .dependencies = {"up"}});
}

/// Where the faults are.
std::string faults(const char* config) {
  PlaceholderCheck out = checked(config);
  std::string pointers;
  const auto right = out.faults.take();
  if (right) return {};
  for (const FieldError& field : right.error().fields) pointers += (pointers.empty() ? "" : " ") + field.pointer;
  return pointers;
}

}  // namespace

TEST_CASE("each placeholder that cannot be filled is refused with its place") {
  CHECK(faults(
            R"({"command": "x", "args": ["${dependencies.up.result}", "${dependencies.down.result}", "${params."]})") ==
        "/config/args/1 /config/args/2");
  CHECK(faults(R"({"env": {"A/B": "${params.}", "C": "${HOME}"}})") == "/config/env/A~1B");
}

TEST_CASE("texts that params and dependencies change are open") {
  const auto open =
      checked(R"({"a": "${params.x}", "b": ["${secret.A}", "x ${dependencies.up.runId}"], "c": "$${params}"})");
  CHECK(open.open == std::vector<std::string>{"/config/a", "/config/b/1"});

  Error error = invalid("/config/a", "must be a number");
  CHECK(without_open(error, open.open).fields.empty());
  error.fields.push_back({"/config/ab", "must be a number"});
  error.fields.push_back({"/config/b/1/x", "must be a number"});
  const Error left = without_open(error, open.open);
  REQUIRE(left.fields.size() == 1);
  CHECK(left.detail == "/config/ab: must be a number");
}

TEST_CASE("no value from elsewhere comes into the text that a shell runs") {
  CHECK(faults(R"({"shell": true, "command": "rm ${params.x}", "args": ["${dependencies.up.runId}"]})") ==
        "/config/command /config/args/0");
  CHECK(faults(R"({"shell": true, "command": "x", "args": "${params.x}"})") == "/config/args");
  CHECK(faults(R"({"shell": "${params.x}", "command": "rm"})") == "/config/shell");
  CHECK(faults(R"({"shell": "${params.x}", "command": "rm ${params.y}"})") == "/config/shell /config/command");
  CHECK(
      faults(R"({"shell": true, "command": "rm \"$X\" ${HOME} $${params.x} ${secret.A}", "env": {"X": "${params.x}"}})")
          .empty());
  CHECK(faults(R"({"shell": false, "command": "rm", "args": ["${params.x}"]})").empty());
}

TEST_CASE("values from elsewhere are those of variables that the configuration names") {
  CHECK(faults(R"({"command": "x", "env": "${params.env}"})") == "/config/env");
  CHECK(faults(R"({"command": "x", "env": "${dependencies.up.result}"})") == "/config/env");
  CHECK(faults(R"({"command": "x", "env": {"A": "${params.a}", "B": "${dependencies.up.result}"}})").empty());
  CHECK(check_placeholders({.name = "n", .config = {.type = "api_call", .values = {{"env", "${params}"}}}})
            .faults.take()
            .has_value());
}

TEST_CASE("the call of a notification has secrets only") {
  const auto config = json::parse(
      R"({"url": "https://x/${secret.A}", "body": ["${params.x}", "${dependencies.up.result}", "${HOME}"]})");
  const auto right = check_call_placeholders(config.as_object(), "/notify/onFailure/webhook");
  REQUIRE(right.has_error());
  REQUIRE(right.error().fields.size() == 2);
  CHECK(right.error().fields[0].pointer == "/notify/onFailure/webhook/body/1");
  CHECK(right.error().fields[1].pointer == "/notify/onFailure/webhook/body/0");
}

TEST_CASE("what a task runs for each of is one placeholder, and no secret") {
  const auto right = [](const json::value& for_each) {
    const auto checked = check_for_each_text({.name = "n", .dependencies = {"up"}, .for_each = for_each});
    if (!checked) CHECK(checked.error().fields.at(0).pointer == "/forEach");
    return checked.has_value();
  };
  for (const char* good : {"${params}", "${params.a.0}", "${dependencies.up.result}", "${dependencies.up.result.a}"})
    CHECK(right(good));
  for (const char* bad : {"", "a", "a ${params.a}", "${params.a}${params.b}", "$${params.a}", "${secret.A}",
                          "${dependencies.down.result}", "${params.", "${params.a} "})
    CHECK_FALSE(right(bad));
  CHECK(right(json::array{"${secret.A}"}));  // as it is
  CHECK(right(nullptr));
}
