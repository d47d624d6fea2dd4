// Checks on text from outside.
#include "model/text.hpp"

#include <string>

#include "support/catch.hpp"

using namespace taskcore;

TEST_CASE("well-formed UTF-8 is told from what is not") {
  for (const char* good :
       {"", "plain", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"}) {
    INFO(good);
    CHECK(is_utf8(good));
  }
  for (const char* bad : {"\x80", "\xC3", "\xC0\xAF", "\xC1\xBF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE2\x82", "a\xFFz", "\xC3\x28"}) {
    CHECK_FALSE(is_utf8(bad));
  }
}

TEST_CASE("characters are counted, not bytes") {
  CHECK(count_characters("") == 0);
  CHECK(count_characters("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80") == 4);
}

TEST_CASE("control characters of both sets are found") {
  CHECK(has_control_character("a\nb"));
  CHECK(has_control_character(std::string_view("a\0b", 3)));
  CHECK(has_control_character("\x7F"));
  CHECK(has_control_character("\xC2\x85"));
  CHECK_FALSE(has_control_character("\xC2\xA0 \xC3\xA4 plain"));
}

TEST_CASE("a token is made of letters, digits and four marks") {
  CHECK(is_token("aZ09_.:-", 8));
  CHECK_FALSE(is_token("aZ09_.:-", 7));
  for (const char* bad : {"", "a b", "a/b", "\xC3\xA4", "a\n", "*"}) CHECK_FALSE(is_token(bad, 64));
}

TEST_CASE("blank is what holds nothing but blanks") {
  CHECK(is_blank(""));
  CHECK(is_blank(" \t\r\n"));
  CHECK_FALSE(is_blank(" a "));
}
