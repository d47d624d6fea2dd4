// Error codes by name, errors as text, and what Result throws.
#include <set>
#include <sstream>
#include <string>

#include "support/catch.hpp"
#include "taskcore/result.hpp"

namespace taskcore::testing {

TEST_CASE("every error code has a name of its own, in lower case with underscores", "[model]") {
  std::set<std::string_view> names;
  for (int code = 0; code <= static_cast<int>(Errc::internal); ++code) {
    const auto name = to_string(static_cast<Errc>(code));
    INFO(name);
    CHECK(names.insert(name).second);
    CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos);
  }
  CHECK(to_string(Errc::not_found) == "not_found");
  CHECK(to_string(Errc::has_dependents) == "has_dependents");
}

TEST_CASE("a number that is no code reads as a defect", "[model]") {
  CHECK(to_string(static_cast<Errc>(1000)) == "internal");
}

TEST_CASE("an error is written as its code and its detail", "[model]") {
  std::ostringstream out;
  out << fail(Errc::conflict, "the id \"a\" is taken");
  CHECK(out.str() == "conflict: the id \"a\" is taken");
}

TEST_CASE("an invalid value names its field in the detail too", "[model]") {
  const auto error = invalid("/retry/maxDelay", "must be positive");
  CHECK(error.code == Errc::invalid);
  CHECK(error.detail == "/retry/maxDelay: must be positive");
  REQUIRE(error.fields.size() == 1);
  CHECK(error.fields[0].pointer == "/retry/maxDelay");
  CHECK(error.fields[0].detail == "must be positive");
}

TEST_CASE("the value of a failed result is thrown as a ResultError", "[model]") {
  const Result<int> result = fail(Errc::timeout, "waited 5 s");
  REQUIRE_FALSE(result);
  try {
    (void)result.value();
    FAIL("nothing was thrown");
  } catch (const ResultError& thrown) {
    CHECK(thrown.error().code == Errc::timeout);
    CHECK(std::string(thrown.what()) == "waited 5 s");
  }
}

}  // namespace taskcore::testing
