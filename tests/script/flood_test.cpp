// A script that writes as fast as it can: flat memory, head and tail, and how much is missing.
// TASKCORE_FLOOD_LINES sets how many lines.
#include <fstream>
#include <iostream>

#include "script/world.hpp"

namespace taskcore::script_test {
namespace {

constexpr std::size_t kMaxOutput = 1024 * 1024;

long status_kib(const char* name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name)) return std::stol(line.substr(std::string(name).size()));
  }
  return 0;
}

/// The highest resident memory from here on.
void reset_peak() { std::ofstream("/proc/self/clear_refs") << "5"; }

/// The numbers of the lines of standard output, in order; 0 stands for the truncation.
struct Flood {
  std::vector<long> numbers{};
  std::size_t kept_bytes = 0;
  std::uint64_t truncated = 0;
  bool complete = true;  // each line has a stream, a time and an attempt
};

Flood read_flood(const std::vector<LogEntry>& entries, TimePoint start, TimePoint end) {
  Flood out;
  for (const LogEntry& entry : entries) {
    if (entry.stream == LogStream::stdout_) {
      out.complete &= entry.attempt == 1 && entry.timestamp >= start && entry.timestamp <= end;
      out.kept_bytes += entry.message.size() + 1;
      if (entry.message[0] != 'x') out.numbers.push_back(std::stol(entry.message));
    } else if (entry.message.starts_with("output truncated: ")) {
      CHECK(entry.level == LogLevel::warn);
      CHECK(entry.stream == LogStream::system);
      out.truncated = std::stoull(entry.message.substr(18));
      out.numbers.push_back(0);
    }
  }
  return out;
}

}  // namespace

TEST_CASE("a flood of lines keeps to the cap in flat memory, its head and its tail", "[script]") {
  const char* wanted = std::getenv("TASKCORE_FLOOD_LINES");
  const long lines = wanted != nullptr ? std::atol(wanted) : 200'000;
  const char* pad = GENERATE("", " of a length as lines of output often have, which is to say some eighty");
  const TempDir dir;
  World world({.max_output = kMaxOutput},
              sqlite(SqliteOptions{.path = (dir.path() / "tasks.db").string(), .full_sync = false}));
  world.run(shell("seq 1 200000"));  // what is allocated once
  reset_peak();
  const long before = status_kib("VmRSS:");
  const auto begun = std::chrono::steady_clock::now();
  const Run run = world.run(shell("printf 'x\\377y\\n'; seq -f '%.0f" + std::string(pad) + "' 1 " +
                                  std::to_string(lines) + "; echo last words >&2; echo 0"));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  const long grown = status_kib("VmHWM:") - before;
  REQUIRE(run.status == Status::completed);

  const auto entries = world.logs(run.id);
  CHECK(world.output(run).front() == "x\xEF\xBF\xBDy");
  CHECK(world.lines(run, LogStream::stderr_) == Lines{"last words"});
  Flood flood = read_flood(entries, *run.started_at, *run.finished_at);
  CHECK(flood.complete);
  REQUIRE(flood.numbers.back() == 0);  // the last line of output
  flood.numbers.pop_back();

  const auto cut = std::find(flood.numbers.begin(), flood.numbers.end(), 0);
  REQUIRE(cut != flood.numbers.end());
  long next = 1;
  bool in_order = true;
  for (auto it = flood.numbers.begin(); it != cut; ++it) in_order &= *it == next++;
  const long head = next - 1;
  next = *(cut + 1);
  std::uint64_t missing = 0;
  for (long n = head + 1; n < next; ++n) missing += std::to_string(n).size() + std::string(pad).size() + 1;
  for (auto it = cut + 1; it != flood.numbers.end(); ++it) in_order &= *it == next++;
  CHECK(in_order);
  CHECK(next == lines + 1);
  CHECK(head > 1000);
  CHECK(flood.truncated == missing);
  CHECK(flood.kept_bytes <= kMaxOutput + 2);  // the repair made a byte three
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  CHECK(grown < 48 * 1024);
#endif
  std::cout << lines << " lines in " << took.count() << " s: " << head << " kept at the head, "
            << flood.numbers.end() - cut - 1 << " at the tail, " << flood.truncated << " bytes dropped, memory "
            << before << " KiB and at the most " << grown << " KiB more\n";
}

}  // namespace taskcore::script_test
