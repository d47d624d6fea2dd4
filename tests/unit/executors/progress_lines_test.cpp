// Progress among the lines of a stream.
#include "executors/progress_lines.hpp"

#include <vector>

#include "support/catch.hpp"

namespace taskcore {
namespace {

struct Seen {
  std::string passed{};
  std::vector<double> told{};
  ProgressLines lines{[this](std::string_view bytes) { passed += bytes; },
                      [this](double told_) { told.push_back(told_); }};
};

}  // namespace

TEST_CASE("a fraction or a percentage is progress, all else is a line", "[progress_lines]") {
  CHECK(parse_progress("::progress::0.5") == 0.5);
  CHECK(parse_progress("::progress::50%") == 0.5);
  CHECK(parse_progress("::progress::0") == 0);
  CHECK(parse_progress("::progress::1") == 1);
  CHECK(parse_progress("::progress::100%") == 1);
  CHECK(parse_progress("::progress::12.5%") == 0.125);
  for (const char* line :
       {"", "::progress::", "::progress::%", "::progress::1.01", "::progress::101%", "::progress::-0", "::progress::-1",
        "::progress::1e-3", "::progress::nan", "::progress::inf", "::progress:: 0.5", "::progress::0.5 ",
        "::progress::0,5", " ::progress::0.5", ":progress::0.5", "::progress::0.5%%", "::Progress::0.5"}) {
    INFO(line);
    CHECK_FALSE(parse_progress(line));
  }
}

TEST_CASE("every way of cutting a stream into pieces takes out the same lines", "[progress_lines]") {
  const std::string text =
      "first\n::progress::0.5\n:\n::\n::progress::\n::progress::2\nnot ::progress::0.1\n::progress::75%\r\n\n\n"
      "::progress::0.000000000000000000000000000000000000000000000000000001\n::progress::1\n::progress::0.25";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    Seen seen;
    for (std::size_t at = 0; at < text.size(); at += piece) seen.lines.feed(std::string_view(text).substr(at, piece));
    seen.lines.finish();
    CHECK(seen.told == std::vector<double>{0.5, 0.75, 1, 0.25});
    CHECK(seen.passed ==
          "first\n:\n::\n::progress::\n::progress::2\nnot ::progress::0.1\n\n\n"
          "::progress::0.000000000000000000000000000000000000000000000000000001\n");
  }
}

TEST_CASE("what cannot become progress is not held back", "[progress_lines]") {
  Seen seen;
  seen.lines.feed("Name: ");
  CHECK(seen.passed == "Name: ");
  seen.lines.feed("x\n::pro");
  CHECK(seen.passed == "Name: x\n");
  seen.lines.feed("mise");
  CHECK(seen.passed == "Name: x\n::promise");
}

}  // namespace taskcore
