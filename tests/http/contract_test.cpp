// The OpenAPI document is true: its paths are the routes, and each answer that it has comes as it says.
#include <algorithm>
#include <boost/asio/system_executor.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "http/contract.hpp"
#include "openapi/document.hpp"
#include "support/catch.hpp"

using namespace taskd;
using namespace taskd::testing;
namespace json = boost::json;

namespace {

/// The parameters in the query.
std::vector<std::string> query_of(const Operation& operation) {
  std::vector<std::string> out;
  for (const json::object* one : operation.parameters) {
    if (one->at("in") == "query") out.emplace_back(one->at("name").as_string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

/// Those that the server says it knows: "… is unknown here; known are a, b."
std::vector<std::string> known_in(std::string_view detail) {
  constexpr std::string_view kAre = "known are ";
  std::vector<std::string> out;
  const std::size_t at = detail.rfind(kAre);
  if (at == std::string_view::npos) return out;
  for (std::string_view rest = detail.substr(at + kAre.size());;) {
    const std::size_t end = rest.find_first_of(",.");
    out.emplace_back(rest.substr(0, end));
    if (rest[end] == '.') break;
    rest.remove_prefix(end + 2);
  }
  std::sort(out.begin(), out.end());
  return out;
}

/// "/api/tasks/:id" as "/api/tasks/{id}".
std::string in_braces(std::string_view pattern) {
  std::string out;
  bool in_name = false;
  for (const char c : pattern) {
    if (c == '/' && std::exchange(in_name, false)) out += '}';
    if (c == ':' && out.back() == '/') in_name = true;
    out += c == ':' && in_name ? '{' : c;
  }
  return in_name ? out + "}" : out;
}

/// What every call refuses in the same way, of a call on what is not there.
void refuse(Contract& contract, const Operation& operation) {
  const std::string path = path_with(operation, "absent");
  const std::string example = operation.example() != nullptr ? json::serialize(*operation.example()) : "";
  const auto has = [&](const char* status) { return operation.said->at("responses").as_object().contains(status); };
  const auto ask = [&](std::string_view who, const std::string& target, std::string_view body,
                       HeaderList headers = {}) { return contract.call(who, operation.method, target, body, headers); };
  if (operation.needs_token()) {
    CHECK(has("401"));
    CHECK(ask("", path, example).status == 401);
  }
  if (has("400")) {
    const auto unknown = ask("root:admin", path + "?nope=1", example);
    CHECK(unknown.status == 400);
    CHECK(known_in(unknown.body.at("detail").as_string()) == query_of(operation));
  }
  if (has("403")) ask("vera:viewer", path, example);
  if (has("404") && operation.path.find('{') != std::string::npos)
    CHECK(ask("root:admin", path, example).status == 404);
  CHECK(has("415") == (operation.body != nullptr));
  if (operation.body == nullptr) return;
  CHECK(ask("root:admin", path, "x", {{"Content-Type", "text/plain"}}).status == 415);
  CHECK(ask("root:admin", path, "{").status == 400);
  ask("root:admin", path, R"({"noSuchMember":1})");
}

}  // namespace

TEST_CASE("the document has the routes of the server, and no others", "[contract]") {
  TestApp app;
  const auto api = std::make_shared<Api>(Api{app.scheduler(), boost::asio::system_executor()});
  std::vector<std::string> routes;
  for (const auto& [method, pattern] : make_router(api, {})->routes()) {
    routes.push_back(std::string(to_string(method)) + " " + in_braces(pattern));
  }
  const json::object document = openapi_document();
  std::vector<std::string> documented;
  for (const Operation& one : operations_of(document)) documented.push_back(one.method + " " + one.path);
  std::sort(routes.begin(), routes.end());
  std::sort(documented.begin(), documented.end());
  CHECK(documented == routes);
}

TEST_CASE("each answer that the document has comes, and is as it says", "[contract]") {
  Contract contract;
  for (const Operation& operation : contract.operations()) refuse(contract, operation);
  exchange_tasks(contract);
  exchange_runs(contract);
  exchange_the_rest(contract);
  CHECK(contract.unreached() == std::vector<std::string>{});
}
