// JSON Merge Patch by the examples of RFC 7396, appendix A.
#include "model/merge_patch.hpp"

#include <boost/json/parse.hpp>

#include "support/catch.hpp"

namespace json = boost::json;

TEST_CASE("a merge patch does what the RFC's examples show") {
  struct Example {
    const char* target;
    const char* patch;
    const char* result;
  };
  for (const Example& each : {
           Example{R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})"},
           Example{R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})"},
           Example{R"({"a":"b"})", R"({"a":null})", R"({})"},
           Example{R"({"a":"b","b":"c"})", R"({"a":null})", R"({"b":"c"})"},
           Example{R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})"},
           Example{R"({"a":"c"})", R"({"a":["b"]})", R"({"a":["b"]})"},
           Example{R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})"},
           Example{R"({"a":[{"b":"c"}]})", R"({"a":[1]})", R"({"a":[1]})"},
           Example{R"(["a","b"])", R"(["c","d"])", R"(["c","d"])"},
           Example{R"({"a":"b"})", R"(["c"])", R"(["c"])"},
           Example{R"({"a":"foo"})", R"(null)", R"(null)"},
           Example{R"({"a":"foo"})", R"("bar")", R"("bar")"},
           Example{R"({"e":null})", R"({"a":1})", R"({"e":null,"a":1})"},
           Example{R"([1,2])", R"({"a":"b","c":null})", R"({"a":"b"})"},
           Example{R"({})", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})"},
       }) {
    INFO(each.target << " with " << each.patch);
    json::value target = json::parse(each.target);
    taskcore::merge_patch(target, json::parse(each.patch));
    CHECK(target == json::parse(each.result));
  }
}
