// Bytes to lines: splitting, the cap with head and tail, repair of UTF-8, the last line.
#include "executors/line_splitter.hpp"

#include <string>
#include <utility>
#include <vector>

#include "executors/utf8.hpp"
#include "support/catch.hpp"

namespace taskcore {
namespace {

using Lines = std::vector<std::string>;

/// Collects lines as "o:text" and "e:text", and a truncation as "!bytes".
struct Collected {
  Lines lines{};
  OutputCapture capture;

  explicit Collected(const OutputLimits& limits = {})
      : capture(
            limits,
            [this](LogStream stream, std::string_view line) {
              lines.push_back((stream == LogStream::stdout_ ? "o:" : "e:") + std::string(line));
            },
            [this](std::uint64_t bytes) { lines.push_back("!" + std::to_string(bytes)); }) {}

  Collected& out(std::string_view bytes) {
    capture.feed(LogStream::stdout_, bytes);
    return *this;
  }
  Collected& err(std::string_view bytes) {
    capture.feed(LogStream::stderr_, bytes);
    return *this;
  }
  Lines finish() {
    capture.finish();
    return lines;
  }
};

std::string repaired(std::string_view bytes) {
  std::string scratch;
  return std::string(repair_utf8(bytes, scratch));
}

}  // namespace

TEST_CASE("lines are handed on as they end, the unfinished one at the end", "[line_splitter]") {
  Collected seen;
  seen.out("one\ntw");
  CHECK(seen.lines == Lines{"o:one"});
  seen.out("o\n\nlast");
  CHECK(seen.lines == Lines{"o:one", "o:two", "o:"});
  CHECK(seen.finish() == Lines{"o:one", "o:two", "o:", "o:last"});
}

TEST_CASE("the streams do not mix within a line", "[line_splitter]") {
  Collected seen;
  seen.out("a").err("x").out("b\n").err("y\n").out("c").err("z");
  CHECK(seen.finish() == Lines{"o:ab", "e:xy", "o:c", "e:z"});
}

TEST_CASE("a carriage return before the line end goes with it", "[line_splitter]") {
  Collected seen;
  seen.out("dos\r").out("\nbar\rbaz\n");
  CHECK(seen.finish() == Lines{"o:dos", "o:bar\rbaz"});
}

TEST_CASE("every way of cutting the input into chunks gives the same lines", "[line_splitter]") {
  const std::string text = "first\n\nsecond é\n\xE2\x82\xACuro\nlong-long-long-long line\nlast\n";
  const OutputLimits limits{1000, 12, 100};
  Collected whole(limits);
  const Lines expected = whole.out(text).finish();
  for (std::size_t size = 1; size <= text.size(); ++size) {
    Collected seen(limits);
    for (std::size_t at = 0; at < text.size(); at += size) seen.out(std::string_view(text).substr(at, size));
    CHECK(seen.finish() == expected);
  }
}

TEST_CASE("a line that is too long is split, not within a character", "[line_splitter]") {
  Collected seen(OutputLimits{1000, 8, 100});
  seen.out("12345678\n123456789\n1234567\xE2\x82\xAC\n");
  CHECK(seen.finish() == Lines{"o:12345678", "o:12345678", "o:9", "o:1234567", "o:\xE2\x82\xAC"});
}

TEST_CASE("output that fits the cap loses nothing, whatever its lines", "[line_splitter]") {
  for (const std::size_t length : {std::size_t{0}, std::size_t{1}, std::size_t{10}, std::size_t{99}}) {
    Collected seen(OutputLimits{1000, 200, 100});
    Lines expected;
    for (std::size_t used = 0; used + length + 1 <= 1000; used += length + 1) {
      seen.out(std::string(length, 'x') + "\n");
      expected.push_back("o:" + std::string(length, 'x'));
    }
    CHECK(seen.finish() == expected);
  }
}

TEST_CASE("past the cap the head and the tail are kept, and how much is missing is told", "[line_splitter]") {
  Collected seen(OutputLimits{40, 100, 100});
  for (char c = 'a'; c <= 'z'; ++c) seen.out(std::string(4, c) + "\n");  // 26 lines of 5 bytes
  CHECK(seen.lines == Lines{"o:aaaa", "o:bbbb", "o:cccc", "o:dddd"});
  CHECK(seen.finish() == Lines{"o:aaaa", "o:bbbb", "o:cccc", "o:dddd", "!90", "o:wwww", "o:xxxx", "o:yyyy", "o:zzzz"});
  CHECK(seen.capture.dropped() == 90);
}

TEST_CASE("lines that cost more than their text are fewer, at the head and at the tail", "[line_splitter]") {
  Collected seen(OutputLimits{1000, 100, 100, 96});
  for (int i = 0; i < 100000; ++i) seen.out("abc\n");  // each costs 99
  const Lines lines = seen.finish();
  REQUIRE(lines.size() == 21);
  CHECK(lines[9] == "o:abc");
  CHECK(lines[10] == "!" + std::to_string((100000 - 20) * 4));
  CHECK(lines[11] == "o:abc");
  CHECK(seen.capture.dropped() == (100000 - 20) * 4);
}

TEST_CASE("repair makes lines longer, which counts", "[line_splitter]") {
  Collected seen(OutputLimits{1000, 100, 100});
  for (int i = 0; i < 1000; ++i) seen.out(std::string(49, '\xFF') + "\n");  // becomes 147 bytes
  std::size_t kept = 0;
  for (const std::string& line : seen.finish()) kept += line[0] == 'o' ? line.size() - 2 : 0;
  CHECK(kept <= 2000);
  CHECK(kept > 1700);
}

TEST_CASE("the tail keeps the order of the streams", "[line_splitter]") {
  Collected seen(OutputLimits{16, 100, 100});
  seen.out("head1\n");
  for (int i = 0; i < 50; ++i) seen.out("o" + std::to_string(i % 10) + "\n").err("e" + std::to_string(i % 10) + "\n");
  const Lines lines = seen.finish();
  CHECK(lines == Lines{"o:head1", "!291", "e:e8", "o:o9", "e:e9"});
}

TEST_CASE("one endless line keeps its tail too", "[line_splitter]") {
  Collected seen(OutputLimits{400 * 1024, 64 * 1024, 100});
  for (int i = 0; i < 100; ++i) seen.out(std::string(64 * 1024, static_cast<char>('a' + i % 26)));
  const Lines lines = seen.finish();
  CHECK(lines.front() == "o:" + std::string(64 * 1024, 'a'));
  CHECK(lines.back().back() == 'v');
  std::size_t kept = 0;
  for (const std::string& line : lines) kept += line[0] == 'o' ? line.size() - 2 : 0;
  CHECK(kept + seen.capture.dropped() == std::size_t{100} * 64 * 1024);
  CHECK(kept > 330 * 1024);
}

TEST_CASE("a cap of nothing keeps nothing", "[line_splitter]") {
  Collected seen(OutputLimits{0, 100, 100});
  seen.out("a\nb\n").err("c");
  CHECK(seen.finish() == Lines{"!5"});
}

TEST_CASE("bytes kept and bytes dropped add up to the bytes fed, whatever the shape", "[line_splitter]") {
  std::uint32_t state = 12345;
  const auto random = [&state](std::uint32_t below) {
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % below;
  };
  for (int round = 0; round < 200; ++round) {
    Collected seen(OutputLimits{1 + random(300), 4 + random(40), 64});
    std::size_t fed = 0;
    for (int i = 0; i < 40; ++i) {
      std::string chunk;
      for (std::uint32_t n = random(60); n > 0; --n) chunk += random(12) == 0 ? '\n' : static_cast<char>('a' + n % 26);
      fed += chunk.size();
      seen.capture.feed(random(2) == 0 ? LogStream::stdout_ : LogStream::stderr_, chunk);
    }
    std::size_t kept = 0;
    std::size_t lines = 0;
    for (const std::string& line : seen.finish()) {
      if (line[0] == '!') continue;
      kept += line.size() - 2;
      ++lines;
    }
    const std::size_t missing = fed - static_cast<std::size_t>(seen.capture.dropped());
    CHECK(kept <= missing);
    CHECK(missing <= kept + lines);  // each line may have had an end
  }
}

TEST_CASE("what is not UTF-8 becomes U+FFFD", "[line_splitter]") {
  const std::string r = "\xEF\xBF\xBD";
  CHECK(repaired("plain text, longer than a word") == "plain text, longer than a word");
  CHECK(repaired("\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80") == "\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80");
  CHECK(repaired("a\xFFz") == "a" + r + "z");
  CHECK(repaired("\xC0\x80") == r + r);                  // overlong
  CHECK(repaired("\xED\xA0\x80") == r + r + r);          // surrogate
  CHECK(repaired("\xF4\x90\x80\x80") == r + r + r + r);  // above U+10FFFF
  CHECK(repaired("\xE2\x82") == r);                      // cut short
  CHECK(repaired("\xF0\x9F\x98"
                 "a") == r + "a");
  CHECK(repaired("\x80\x80 12345678") == r + r + " 12345678");
  Collected seen;
  seen.out("ok\n\xFE\n");
  CHECK(seen.finish() == Lines{"o:ok", "o:" + r});
}

TEST_CASE("the last line of standard output that is not blank is remembered", "[line_splitter]") {
  const auto last = [](const std::vector<std::string>& chunks, std::size_t most = 100) -> std::string {
    Collected seen(OutputLimits{10, 10, most});
    for (const std::string& chunk : chunks) seen.out(chunk).err("noise\n");
    seen.finish();
    return std::string(seen.capture.last_line().value_or("(none)"));
  };
  CHECK(last({}) == "(none)");
  CHECK(last({"\n \n"}) == "(none)");
  CHECK(last({"a\nb\n"}) == "b");
  CHECK(last({"a\nb"}) == "b");
  CHECK(last({"a\n{\"k\":", "1}\n", "\n", "  \r\n"}) == "{\"k\":1}");
  CHECK(last({"one\ntwo\n\n\n"}) == "two");
  CHECK(last({"one\n", " \n \n"}) == "one");
  CHECK(last({std::string(100, 'x') + "\n"}) == std::string(100, 'x'));
  CHECK(last({std::string(101, 'x') + "\n"}) == "(none)");
  CHECK(last({std::string(60, 'x'), std::string(60, 'x')}) == "(none)");
  CHECK(last({std::string(60, 'x'), std::string(60, 'x'), "\nshort\n"}) == "short");
  CHECK(last({"first\n" + std::string(101, 'x') + "\n"}) == "(none)");
}

}  // namespace taskcore
