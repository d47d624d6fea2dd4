#include "model/fill.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "support/catch.hpp"

using namespace taskcore;
namespace json = boost::json;

namespace {

SecretSource secrets() {
  return [](std::string_view name) { return name == "A" ? std::optional<std::string>("alpha") : std::nullopt; };
}

FilledConfig filled(const std::string& config, const json::value& params = nullptr, const char* dependencies = "{}") {
  const SecretSource source = secrets();
  const json::object upstream = json::parse(dependencies).as_object();
  const std::vector<std::string> ids{"build", "build.all", "lint"};
  return fill(json::parse(config).as_object(), {source, params, upstream, ids});
}

/// What becomes of one text.
std::string one(const std::string& text, const json::value& params, const char* dependencies = "{}") {
  const FilledConfig out = filled(json::serialize(json::object{{"a", text}}), params, dependencies);
  return out.error ? out.error->code + " " + out.error->message : json::serialize(out.values.at("a"));
}

constexpr const char* kBuilt = R"({"build": {"runId": "r1", "result": {"url": "u", "sizes": [7, 1.5]}},
                                   "build.all": {"runId": "r2", "result": null}})";

}  // namespace

TEST_CASE("secrets are filled in wherever text stands, and nowhere else") {
  const auto out = filled(
      R"({"a": "x${secret.A}y${secret.A}", "b": [{"c": "${secret.A}"}, 1], "${secret.A}": "${HOME} $${secret.A"})");
  CHECK(json::value(out.values) ==
        json::parse(R"({"a": "xalphayalpha", "b": [{"c": "alpha"}, 1], "${secret.A}": "${HOME} ${secret.A"})"));
  CHECK(out.secrets == std::vector<std::string>(3, "alpha"));
  CHECK_FALSE(out.from_params);
  CHECK_FALSE(out.from_dependencies);
}

TEST_CASE("a text that is one placeholder becomes the value itself") {
  const json::value params = json::parse(R"({"n": 3, "list": [1, {"x": null}], "yes": true, "text": "t"})");
  CHECK(one("${params.n}", params) == "3");
  CHECK(one("${params.list}", params) == R"([1,{"x":null}])");
  CHECK(one("${params.list.1.x}", params) == "null");
  CHECK(one("${params.yes}", params) == "true");
  CHECK(one("${params}", params) == json::serialize(params));
  CHECK(one("${params}", nullptr) == "null");
  CHECK(one("${dependencies.build.result.sizes.0}", nullptr, kBuilt) == "7");
  CHECK(one("${dependencies.build.all.result}", nullptr, kBuilt) == "null");
  CHECK(one("${dependencies.build.all.runId}", nullptr, kBuilt) == R"("r2")");
}

TEST_CASE("it is told whether the configuration's params took from the run's") {
  CHECK(filled(R"({"params": "${params}"})").params_from_params);
  CHECK(filled(R"({"params": {"a": ["x${params}"]}})").params_from_params);
  CHECK_FALSE(
      filled(R"({"params": ["${dependencies.build.runId}", "$${params}"]})", nullptr, kBuilt).params_from_params);
  const FilledConfig beside = filled(R"({"params": {"a": 1}, "params/a": "${params}", "paramsX": "${params}"})");
  CHECK(beside.from_params);
  CHECK_FALSE(beside.params_from_params);
}

TEST_CASE("inside a longer text a value is written as text") {
  const json::value params =
      json::parse(R"({"n": 3, "half": 1.5, "yes": true, "none": null, "list": [1, {"x": "y"}]})");
  CHECK(one("n=${params.n} ${params.half} ${params.yes} ${params.none}", params) == R"("n=3 1.5 true null")");
  CHECK(one("${params.list}!", params) == R"("[1,{\"x\":\"y\"}]!")");
  CHECK(one("${dependencies.build.result.url}/${dependencies.build.runId}", nullptr, kBuilt) == R"("u/r1")");
}

TEST_CASE("what was filled in is not filled again") {
  const json::value params =
      json::parse(R"({"evil": "${secret.A} ${params.n} $${params.n}", "open": "${secret.", "n": 1})");
  CHECK(one("${params.evil}", params) == R"("${secret.A} ${params.n} $${params.n}")");
  CHECK(one("x${params.evil}", params) == R"("x${secret.A} ${params.n} $${params.n}")");
  CHECK(one("${params.open}A}", params) == R"("${secret.A}")");
  const FilledConfig whole = filled(R"({"a": "${params}"})", params);
  CHECK(whole.values.at("a") == params);
  CHECK(whole.secrets.empty());
}

TEST_CASE("what is missing is named, with its place and what is there instead") {
  const json::value params = json::parse(R"({"a": {"b": [1, 2]}, "t": "x"})");
  CHECK(one("${params.a.c}", params) == R"(missing_value /config/a: "${params.a.c}" is missing: params.a has "b")");
  CHECK(one("${params.a.b.2}", params).find("params.a.b is a list of 2") != std::string::npos);
  CHECK(one("${params.a.b.-1}", params).find("missing_value") == 0);
  CHECK(one("${params.t.x}", params).find("params.t is a text") != std::string::npos);
  CHECK(one("${params.a}", nullptr).find("params is null") != std::string::npos);
  CHECK(
      one("${dependencies.build.result.x}", nullptr, kBuilt).find(R"(dependencies.build.result has "url", "sizes")") !=
      std::string::npos);
  CHECK(one("${dependencies.lint.result}", nullptr, kBuilt).find("'lint' has no completed run") != std::string::npos);
  CHECK(one("${dependencies.other.result}", nullptr, kBuilt).find("missing_value /config/a: ") == 0);
  CHECK(one("${secrets.A}", nullptr).find("invalid_config /config/a: ") == 0);
  CHECK(one("${secret.NONE}", nullptr) == "missing_secret /config/a: there is no secret 'NONE'");

  const FilledConfig deep = filled(R"({"a/b": [0, {"c": "${params.x}"}]})", params);
  CHECK(deep.error->data.at("pointer") == "/config/a~1b/1/c");
  CHECK_FALSE(deep.error->retryable);
}

TEST_CASE("a filled configuration has at most 1 MiB") {
  const json::value large{{"x", std::string(250'000, 'x')}};
  CHECK_FALSE(filled(R"({"a": ["${params}", "${params}", "${params}", "${params.x}"]})", large).error);
  std::string many;
  for (int i = 0; i < 5000; ++i) many += "${params}";
  CHECK(one(many, large).find("config_too_large /config/a") == 0);
  const std::string rest(60'000, 'y');  // together with what was written it is too much
  CHECK(filled(R"({"a": ["${params}", "${params}", "${params}", "${params.x}"], "b": ")" + rest + R"("})", large)
            .error->code == "config_too_large");
}

TEST_CASE("a list is had from where its placeholder says, or as it is written") {
  const auto listed = [](const json::value& for_each, const json::value& params = nullptr) {
    const SecretSource source = secrets();
    const json::object upstream = json::parse(kBuilt).as_object();
    const std::vector<std::string> ids{"build", "lint"};
    const FilledList out = fill_list(for_each, 2, {source, params, upstream, ids});
    if (!out.error) return json::serialize(out.items);
    CHECK_FALSE(out.error->retryable);
    CHECK(out.error->data.at("pointer") == "/forEach");
    return out.error->code + " " + out.error->message;
  };
  CHECK(listed(json::array{"${params.a}", 1}) == R"(["${params.a}",1])");
  CHECK(listed("${params.a}", {{"a", json::array{}}}) == "[]");
  CHECK(listed("${params.a}", {{"a", {"${params.a}", 2}}}) == R"(["${params.a}",2])");
  CHECK(listed("${dependencies.build.result.sizes}") == "[7,1.5E0]");
  CHECK(listed("${params.b}", {{"a", 1}}) == R"(missing_value /forEach: "${params.b}" is missing: params has "a")");
  CHECK(listed("${dependencies.lint.result}") ==
        R"(missing_value /forEach: "${dependencies.lint.result}" is missing: 'lint' has no completed run)");
  CHECK(listed("${params.a}", {{"a", "x"}}) == "invalid_config /forEach: must give a list, but it is a text");
  CHECK(listed("${params.a}", {{"a", {1, 2, 3}}}) ==
        "invalid_config /forEach: is a list of 3, of which at most 2 may be run");
  CHECK(listed("${dependencies.gone.result}").starts_with("missing_value /forEach: "));
}
