// The list of tokens that were taken back, as people write it.
#include "auth/denylist.hpp"

#include "support/catch.hpp"

using namespace taskd;

namespace {

Denylist read(const std::string& text) { return read_denylist({text, false, {}}).value(); }

}  // namespace

TEST_CASE("a denylist is one id a line, with comments and blank lines", "[auth]") {
  CHECK(read("").empty());
  CHECK(read("\n \n# all quiet\n  # still\n").empty());
  CHECK(read("a\nb") == Denylist{"a", "b"});
  CHECK(read("a\r\n\r\nb\r\n") == Denylist{"a", "b"});
  CHECK(read("  a\t\n") == Denylist{"a"});
  CHECK(read("a # lost\nb\t#lost, too\n") == Denylist{"a", "b"});
  CHECK(read("\xEF\xBB\xBF# list\na\n") == Denylist{"a"});
}

TEST_CASE("an id may hold what a comment or a blank could be taken for", "[auth]") {
  CHECK(read("urn:x#1\n") == Denylist{"urn:x#1"});
  CHECK(read("two words\n") == Denylist{"two words"});
  CHECK(read("\xC3\xBC\n") == Denylist{"\xC3\xBC"});
}

TEST_CASE("a line that no token's id can be is named", "[auth]") {
  for (const std::string& line : {std::string("a\tb"), std::string("\xFF"), std::string("a\0b", 3)}) {
    const auto list = read_denylist({"good\n" + line + "\n", false, {}});
    REQUIRE_FALSE(list.has_value());
    CHECK(list.error().detail == "line 2 is not UTF-8 text without control characters");
  }
}
