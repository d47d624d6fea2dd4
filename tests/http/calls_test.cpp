// api_call and webhook over REST: what is refused, and what a reply does not show.
#include <boost/json/serialize.hpp>

#include "http/test_app.hpp"
#include "support/catch.hpp"

using namespace taskd;
using namespace taskd::testing;
namespace json = boost::json;

TEST_CASE("a call's configuration is checked when the task is made", "[calls]") {
  TestApp app;
  const auto answer = app.post("alice", "/api/tasks",
                               R"({"name":"T","type":"api_call","config":{"url":"file:///etc/passwd","timeout":0}})");
  REQUIRE(answer.status == 422);
  CHECK(answer.body.at("errors").at(0).at("pointer") == "/config/url");
  CHECK(answer.body.at("errors").at(1).at("pointer") == "/config/timeout");
  CHECK(app.post("alice", "/api/tasks", R"({"name":"T","type":"webhook"})").status == 422);
}

TEST_CASE("a call to the machine's own network fails, and says by what it would be allowed", "[calls]") {
  TestApp app;
  REQUIRE(app.post("alice", "/api/tasks",
                   R"({"id":"t","name":"T","type":"api_call","config":{"url":"http://127.0.0.1:1/"},"maxRetries":0})")
              .status == 201);
  const auto run = app.post("alice", "/api/tasks/t/execute");
  const auto end = app.scheduler().wait(std::string(run.body.at("id").as_string())).value();
  CHECK(end.error->code == "outbound_refused");
  CHECK(end.error->message.find("TASK_OUTBOUND_ALLOW") != std::string::npos);
}

TEST_CASE("secrets in a configuration are not shown, and stay when they are sent back so", "[calls]") {
  TestApp app;
  const auto made = app.post("alice", "/api/tasks", R"({"id":"t","name":"T","type":"webhook","config":{
    "url":"https://example.com/","secret":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw","${secret.NEW}"],
    "auth":{"basic":{"username":"u","password":"hush-hush"}},"headers":{"authorization":"x","X-Y":"z"}}})");
  REQUIRE(made.status == 201);
  CHECK(made.text.find("MfKQ9r8G") == std::string::npos);
  CHECK(made.text.find("hush-hush") == std::string::npos);
  const json::value config = made.body.at("config");
  CHECK(config.at("secret") == json::value{"***", "${secret.NEW}"});
  CHECK(config.at("auth").at("basic") == json::value{{"username", "u"}, {"password", "***"}});
  CHECK(config.at("headers") == json::value{{"authorization", "***"}, {"X-Y", "z"}});
  CHECK(app.get("alice", "/api/tasks").text.find("hush-hush") == std::string::npos);

  const auto before = app.scheduler().get("t").value().config.values;
  REQUIRE(app.call("alice", "PUT", "/api/tasks/t", app.get("alice", "/api/tasks/t").text).status == 200);
  CHECK(app.scheduler().get("t").value().config.values == before);
  REQUIRE(app.call("alice", "PATCH", "/api/tasks/t", R"({"config":{"auth":{"basic":{"password":"other"}}}})").status ==
          200);
  CHECK(app.scheduler().get("t").value().config.values.at("auth").at("basic").at("password") == "other");

  // Not to another server, and not by guess.
  CHECK(app.call("alice", "PATCH", "/api/tasks/t",
                 R"({"config":{"url":"https://other.example/","auth":{"basic":{"password":"***"}}}})")
            .status == 422);
  CHECK(app.call("alice", "PATCH", "/api/tasks/t", R"({"config":{"secret":["***"]}})").status == 422);
  CHECK(app.post("alice", "/api/tasks",
                 R"({"name":"T","type":"api_call","config":{"url":"https://x/","auth":{"bearer":"***"}}})")
            .status == 422);
}

TEST_CASE("a secret is shown only where it is placeholders alone, or after an authorization's scheme", "[calls]") {
  TestApp app;
  const auto shown = [&](std::string_view bearer) {
    const json::value task{{"name", "T"},
                           {"type", "api_call"},
                           {"config", {{"url", "https://example.com/"}, {"auth", {{"bearer", bearer}}}}}};
    const auto made = app.post("alice", "/api/tasks", json::serialize(task));
    REQUIRE(made.status == 201);
    return json::value_to<std::string>(made.body.at("config").at("auth").at("bearer"));
  };
  for (const char* text :
       {"${params}", "${params.x}", "${secret.A}", "${secret.A}${params.x}", "Bearer ${secret.A}", "basic ${params.x}"})
    CHECK(shown(text) == text);
  for (const char* text : {"realToken${params.x}", "${params.x}realToken", "realToken ${params.x}", "$${params.x}",
                           "${params.x}$${params.x}", "${params_dir}", "Bearer realToken${secret.A}",
                           "Bearer ${secret.A} realToken", "Bearer ", "Bearer"})
    CHECK(shown(text) == "***");
}

TEST_CASE("notifications keep their secrets, and tell by webhook or task only", "[calls]") {
  TestApp app;
  REQUIRE(app.post("alice", "/api/tasks", R"({"id":"t","name":"T","notify":{"onFailure":[
    {"webhook":{"url":"https://a/","auth":{"bearer":"token-a"}}},
    {"webhook":{"url":"https://b/","auth":{"bearer":"token-b"}}}]}})")
              .status == 201);
  const auto shown = app.get("alice", "/api/tasks/t");
  CHECK(shown.text.find("token-") == std::string::npos);
  REQUIRE(app.call("alice", "PATCH", "/api/tasks/t",
                   R"({"notify":{"onFailure":{"webhook":{"url":"https://b/","auth":{"bearer":"***"}}}}})")
              .status == 200);
  CHECK(app.scheduler().get("t").value().notify.at(0).call.values.at("auth").at("bearer") == "token-b");
  CHECK(app.call("alice", "PATCH", "/api/tasks/t",
                 R"({"notify":{"onFailure":{"type":"script","config":{"command":"x"}}}})")
            .status == 422);
  REQUIRE(app.post("bob", "/api/tasks", R"({"id":"other","name":"O"})").status == 201);
  CHECK(app.call("alice", "PATCH", "/api/tasks/t", R"({"notify":{"onFailure":{"task":"other"}}})").status == 422);
}
