// The OpenAPI document by itself: its fields, configs and examples are the library's, and the page shows all of it.
#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <set>

#include "http/test_app.hpp"
#include "openapi/document.hpp"
#include "openapi/operation.hpp"
#include "openapi/texts.hpp"
#include "support/catch.hpp"
#include "support/json_schema.hpp"
#include "taskcore/json.hpp"
#include "taskcore/version.hpp"

using namespace taskd;
using namespace taskd::testing;
namespace json = boost::json;

namespace {

std::vector<std::string> keys_of(const json::object& object) {
  std::vector<std::string> out;
  for (const auto& member : object) out.emplace_back(member.key());
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::string> fields_of(const json::object& document, std::string_view schema) {
  return keys_of(document.at("components").at("schemas").at(schema).at("properties").as_object());
}

}  // namespace

TEST_CASE("the document's fields are the library's", "[contract]") {
  const json::object document = openapi_document();
  CHECK(document.at("info").at("version") == taskcore::kVersion);
  CHECK(fields_of(document, "TaskFields") == keys_of(taskcore::to_json(taskcore::TaskSpec{})));
  json::object task = taskcore::to_json(taskcore::Task{});
  task["lastRun"] = nullptr;
  CHECK(fields_of(document, "Task") == keys_of(task));
  for (const auto& [name, value] : taskcore::to_json(taskcore::TaskSpec{})) task.erase(name);
  CHECK(fields_of(document, "TaskPatch") == keys_of(task));
}

TEST_CASE("the document's configs are what tasks take", "[contract]") {
  TestApp app;
  const json::object document = openapi_document();
  for (const auto& [type, schema] : {std::pair("script", "ScriptConfig"), std::pair("api_call", "ApiCallConfig"),
                                     std::pair("webhook", "WebhookConfig"), std::pair("custom", "CustomConfig")}) {
    json::object config;
    for (const std::string& field : fields_of(document, schema)) config[field] = json::array{json::array{}};
    config["noSuchField"] = 1;
    const json::object task{{"name", "T"}, {"type", type}, {"config", std::move(config)}};
    const auto refused = app.post("alice", "/api/tasks", json::serialize(task));
    INFO(type << " " << refused.text);
    REQUIRE(refused.status == 422);
    for (const auto& error : refused.body.at("errors").as_array()) {
      const bool unknown = error.at("detail").as_string().starts_with("unknown field");
      CHECK(unknown == (error.at("pointer") == "/config/noSuchField"));
    }
  }
}

TEST_CASE("what the library writes into configs the document has", "[contract]") {
  const json::object document = openapi_document();
  JsonSchema schema(document);
  const auto expect = [&](const char* name, const taskcore::TaskConfig& config) {
    CHECK(schema.faults(document.at("components").at("schemas").at(name), config.values) == std::vector<std::string>{});
  };
  expect("ScriptConfig", taskcore::script({"make", {"all"}, "/tmp", {{"A", "b"}}, "in", true, {1}}));
  expect("ApiCallConfig",
         taskcore::api_call(
             {"https://example.com/", "PUT", {{"X", "y"}}, 7, "token", std::chrono::milliseconds(5), {200}, true}));
  expect("WebhookConfig", taskcore::webhook({"https://example.com/", 7, {{"X", "y"}}, {"whsec_eA=="}}));
  expect("CustomConfig", taskcore::call("f", {{"a", 1}}));
}

TEST_CASE("no part of the document hides what another one says", "[contract]") {
  std::set<std::string> names;
  const auto add = [&](const std::string& name) { CHECK(names.insert(name).second); };
  for (const std::string_view text : openapi_parts()) {
    const json::object part = json::parse(text).as_object();
    for (const char* group : {"paths", "components"}) {
      const auto* members = part.if_contains(group);
      for (const auto& [name, member] : members != nullptr ? members->as_object() : json::object()) {
        for (const auto& one : member.as_object()) add(std::string(name) + " " + std::string(one.key()));
      }
    }
  }
  CHECK(names.size() > 100);
}

TEST_CASE("the document's examples are what it says of them", "[contract]") {
  const json::object document = openapi_document();
  JsonSchema schema(document);
  std::size_t count = 0;
  const auto check = [&](const json::object& media) {
    const auto* examples = media.if_contains("examples");
    for (const auto& [name, one] : examples != nullptr ? examples->as_object() : json::object()) {
      INFO(std::string_view(name));
      CHECK(schema.faults(media.at("schema"), one.at("value")) == std::vector<std::string>{});
      ++count;
    }
  };
  for (const Operation& operation : operations_of(document)) {
    INFO(operation.id());
    for (const json::object* parameter : operation.parameters) check(*parameter);
    if (operation.body != nullptr) check(operation.body->at("content").at("application/json").as_object());
    for (const auto& [status, response] : operation.said->at("responses").as_object()) {
      const auto* content = resolved(document, response).if_contains("content");
      for (const auto& [type, media] : content != nullptr ? content->as_object() : json::object())
        check(media.as_object());
    }
  }
  CHECK(count > 20);
}

TEST_CASE("the page has every call and every schema, and asks nobody else for anything", "[contract]") {
  TestApp app;
  const auto page = app.get("", "/docs");
  REQUIRE(page.status == 200);
  CHECK(page.headers.get("Content-Security-Policy")->starts_with("default-src 'none';"));
  const json::object document = openapi_document();
  for (const Operation& one : operations_of(document)) {
    CHECK(page.text.find("<h3 id=\"" + one.id() + "\">") != std::string::npos);
  }
  for (const auto& [name, schema] : document.at("components").at("schemas").as_object()) {
    CHECK(page.text.find("id=\"schema-" + std::string(name) + "\"") != std::string::npos);
  }
  for (const char* foreign : {"<script", "<style", " style=", " src=", "href=\"http"}) {
    CHECK(page.text.find(foreign) == std::string::npos);
  }
}
