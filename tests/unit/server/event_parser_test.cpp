// Server-sent events, in pieces of any size.
#include "client/event_parser.hpp"

#include <vector>

#include "support/catch.hpp"

using namespace taskd;

namespace {

/// Each event as "id/name/data;".
std::string parsed(std::string_view text, std::size_t piece) {
  EventParser parser;
  std::string out;
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
    CHECK(parser.feed(text.substr(0, piece), [&out](const StreamEvent& event) {
      out += event.id + "/" + event.name + "/" + event.data + ";";
    }));
  }
  return out;
}

}  // namespace

TEST_CASE("events come whole, however their text is cut", "[client]") {
  const std::string text =
      ": hello\n\nid: a:1\nevent: log\ndata: {\"x\": 1}\n\n: \n\n"
      "event:end\ndata:{}\n\n"
      "id: 2\r\ndata: one\r\ndata: two\r\n\r\n"
      "retry: 10\nid\nunknown: x\ndata\n\n"
      "id: 3\nevent: none\n\ndata:  two blanks\n\ndata: not whole\n";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{7}, text.size()}) {
    CHECK(parsed(text, piece) == "a:1/log/{\"x\": 1};/end/{};2//one\ntwo;//;// two blanks;");
  }
}

TEST_CASE("an event is not gathered without bound", "[client]") {
  const std::string line = "data: " + std::string(1024 * 1024, 'x');
  for (const std::string& piece : {line, line + "\n"}) {  // of one line, or of many
    EventParser parser;
    int fed = 0;
    while (fed < 100 && parser.feed(piece, [](const StreamEvent&) {})) ++fed;
    CHECK(fed == 15);
  }
  EventParser parser;
  int taken = 0;
  for (int fed = 0; fed < 100; ++fed) REQUIRE(parser.feed(line + "\n\n", [&taken](const StreamEvent&) { ++taken; }));
  CHECK(taken == 100);
}
