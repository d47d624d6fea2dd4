#include "model/masks.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "support/catch.hpp"

using namespace taskcore;
namespace json = boost::json;

TEST_CASE("masks hide secrets, whole and line by line") {
  const Masks masks({"alpha", "abc", "first line here\nx\nsecond line here\n"});
  CHECK(masks.masked("alpha and alphalpha, abc") == "*** and ***lpha, abc");
  CHECK(masks.masked("> second line here") == "> ***");
  CHECK(masks.masked("x") == "x");
  CHECK(masks.masked_json(json::parse(R"({"alpha": ["alpha", 1, null]})")) ==
        json::parse(R"({"***": ["***", 1, null]})"));
  CHECK(Masks({"ab"}).empty());
}
