#include "model/placeholders.hpp"

#include <boost/json/parse.hpp>

#include "support/catch.hpp"

using namespace taskcore;
namespace json = boost::json;

namespace {

const std::vector<std::string> kIds{"a", "a.b", "a.b:c", "result"};

/// Text as it is, placeholders as <source name path>.
std::string pieces(const char* text) {
  const auto read = read_pieces(text, kIds);
  if (!read) return "error: " + read.error().detail;
  std::string out;
  for (const Piece& piece : *read) {
    if (const auto* plain = std::get_if<std::string_view>(&piece)) {
      out += *plain;
      continue;
    }
    const auto& one = std::get<Placeholder>(piece);
    constexpr const char* kNames[] = {"secret", "params", "dependency"};
    out += std::string("<") + kNames[static_cast<int>(one.source)];
    if (!one.name.empty()) out += " " + std::string(one.name);
    for (const auto part : one.path) out += " " + std::string(part);
    out += ">";
  }
  return out;
}

}  // namespace

TEST_CASE("placeholders are found between other text") {
  CHECK(pieces("${params}") == "<params>");
  CHECK(pieces("x${params.a.0.b c}y${secret.A_1}") == "x<params a 0 b c>y<secret A_1>");
  CHECK(pieces("${HOME} ${} $params ${Params.a}$") == "${HOME} ${} $params ${Params.a}$");
  CHECK(pieces("").empty());
}

TEST_CASE("the id of a dependency is the longest that goes on with a dot") {
  CHECK(pieces("${dependencies.a.result}") == "<dependency a result>");
  CHECK(pieces("${dependencies.a.b.result.x.1}") == "<dependency a.b result x 1>");
  CHECK(pieces("${dependencies.a.b:c.runId}") == "<dependency a.b:c runId>");
  CHECK(pieces("${dependencies.result.result.result}") == "<dependency result result result>");
}

TEST_CASE("a doubled dollar makes text of what follows") {
  CHECK(pieces("$${params.a}") == "${params.a}");
  CHECK(pieces("$$${secret.A}$${dependencies.") == "$${secret.A}${dependencies.");
  CHECK(pieces("${params.a}$${params.a}") == "<params a>${params.a}");
  CHECK(pieces("$${HOME}") == "$${HOME}");
}

TEST_CASE("a shell's variable is text, whatever its name begins with") {
  for (const char* text : {"${params_dir}", "${secret_file:-x}", "${dependencies_ok}", "${params", "${secret:?}",
                           "${paramsDir}", "${params[0]}", "${secret2.x}", "$${params_dir}", "${", "${param}"}) {
    CHECK(pieces(text) == text);
    CHECK_FALSE(has_placeholders(std::string_view(text)));
    CHECK(never_filled(json::value(text)) == text);
  }
  CHECK(pieces("${params_dir}/${params.x}") == "${params_dir}/<params x>");
}

TEST_CASE("what cannot be read is named, with what would be right") {
  const std::pair<const char*, const char*> cases[] = {
      {"${params.a", "is not closed"},
      {"${params.}", "empty part"},
      {"${params..a}", "empty part"},
      {"${paramsx.a}", "must begin with"},
      {"${secrets.A}", "must begin with"},
      {"${secrets}", "must begin with"},
      {"${secret}", "must begin with"},
      {"${params.", "is not closed"},
      {"${dependencies}", "must begin with"},
      {"${secret.}", "must name a secret"},
      {"${secret.a/b}", "must name a secret"},
      {"${params.${secret.A}}", "inside"},
      {"${dependencies.}", "names no dependency of the task: it has 'a', 'a.b', 'a.b:c', 'result'"},
      {"${dependencies.ab.result}", "names no dependency"},
      {"${dependencies.a}", "must go on with .result or .runId after 'a'"},
      {"${dependencies.a.results}", "must go on"},
      {"${dependencies.a.runId.x}", "must go on"},
      {"${dependencies.a.result.}", "empty part"},
  };
  for (const auto& [text, expected] : cases) {
    const std::string told = pieces(text);
    INFO(told);
    CHECK(told.find("error: \"" + std::string(text).substr(0, 10)) == 0);
    CHECK(told.find(expected) != std::string::npos);
  }
}

TEST_CASE("whether there are placeholders is seen at any depth") {
  CHECK(has_placeholders(json::parse(R"({"a": [{"b": "x ${secret.A}"}]})")));
  CHECK(has_placeholders(json::parse(R"(["$${params}"])")));
  CHECK_FALSE(has_placeholders(json::parse(R"({"${secret.A}": "${A}"})")));
}

TEST_CASE("what is never to be filled reads as it was") {
  for (const char* text : {"${params.a}", "$${secret.A} ${dependencies", "$$${params}${params}", "${HOME}"}) {
    const json::value escaped = never_filled(json::value(text));
    CHECK(pieces(escaped.get_string().c_str()) == text);
  }
}
