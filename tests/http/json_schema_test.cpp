// The checker of schemas finds what is wrong: what the contract says hangs on it.
#include <boost/json/parse.hpp>
#include <stdexcept>
#include <vector>

#include "support/catch.hpp"
#include "support/json_schema.hpp"

using namespace taskd::testing;
namespace json = boost::json;

namespace {

struct Sample {
  const char* schema;
  const char* good;
  const char* bad;
};

const std::vector<Sample> kSamples{
    {R"({"type":"integer"})", "3.0", "3.5"},
    {R"({"type":["string","null"]})", "null", "1"},
    {R"({"enum":["a",null]})", "null", R"("b")"},
    {R"({"const":1})", "1", "2"},
    {R"({"minimum":1,"maximum":2})", "2", "3"},
    {R"({"minimum":1})", R"("a")", "0"},
    {R"({"minLength":1,"maxLength":2})", R"("äö")", R"("äöü")"},
    {R"({"pattern":"^a"})", R"("ab")", R"("ba")"},
    {R"({"minItems":1,"maxItems":1})", "[1]", "[]"},
    {R"({"maxProperties":0})", "{}", R"({"a":1})"},
    {R"({"items":{"type":"string"}})", R"(["a"])", R"(["a",1])"},
    {R"({"uniqueItems":true})", "[1,2]", "[1,2,1]"},
    {R"({"required":["a"]})", R"({"a":null})", R"({"b":1})"},
    {R"({"properties":{"a":{"type":"null"}}})", R"({"a":null,"b":1})", R"({"a":1})"},
    {R"({"properties":{"a":{}},"additionalProperties":false})", R"({"a":1})", R"({"a":1,"b":1})"},
    {R"({"additionalProperties":{"type":"string"}})", R"({"a":"b"})", R"({"a":1})"},
    {R"({"propertyNames":{"pattern":"^a$"}})", R"({"a":1})", R"({"b":1})"},
    {R"({"anyOf":[{"type":"string"},{"const":1}]})", "1", "2"},
    {R"({"oneOf":[{"type":"string"},{"maxLength":2}]})", "1", R"("a")"},
    {R"({"allOf":[{"type":"string"},{"maxLength":2}]})", R"("a")", R"("abc")"},
    {R"({"not":{"const":1}})", "2", "1"},
    {R"({"$ref":"#/word","description":"said beside it"})", R"("a")", "1"},
    {R"({"if":{"required":["a"]},"then":{"required":["b"]}})", R"({"a":1,"b":1})", R"({"a":1})"},
    {R"({"if":{"required":["a"]},"then":{"required":["b"]}})", "{}", R"({"a":1})"},
    {R"({"allOf":[{"properties":{"a":{}}}],"properties":{"b":{}},"unevaluatedProperties":false})", R"({"a":1,"b":1})",
     R"({"a":1,"c":1})"},
};

}  // namespace

TEST_CASE("each keyword lets pass what it allows, and nothing else", "[contract]") {
  const json::object document{{"word", {{"type", "string"}}}};
  JsonSchema schema(document);
  for (const Sample& sample : kSamples) {
    INFO(sample.schema << " " << sample.good << " " << sample.bad);
    CHECK(schema.faults(json::parse(sample.schema), json::parse(sample.good)) == std::vector<std::string>{});
    CHECK(schema.faults(json::parse(sample.schema), json::parse(sample.bad)).size() == 1);
  }
}

TEST_CASE("a fault names its place, and an unknown keyword is no pass", "[contract]") {
  const json::object document;
  JsonSchema schema(document);
  const json::value list = json::parse(R"({"properties":{"a":{"items":{"const":1}}}})");
  CHECK(schema.faults(list, json::parse(R"({"a":[1,2]})")) == std::vector<std::string>{"/a/1 must be 1"});
  CHECK_THROWS_AS(schema.faults(json::parse(R"({"multipleOf":2})"), 3), std::logic_error);
  CHECK_THROWS_AS(schema.faults(json::parse(R"({"items":{"contains":{}}})"), json::parse("[1]")), std::logic_error);
}
