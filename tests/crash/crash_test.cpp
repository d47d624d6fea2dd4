// kill -9 at random moments under load, again and again on the same file. TASKCORE_CRASH_ROUNDS sets how often.
#include <cstdlib>
#include <iostream>
#include <random>

#include "crash/proof.hpp"
#include "crash/work.hpp"
#include "store/subject.hpp"
#include "taskcore/host.hpp"

using namespace taskcore;

namespace {

int number_of(const char* variable, int otherwise) {
  const char* text = std::getenv(variable);
  return text != nullptr ? std::atoi(text) : otherwise;
}

/// One life without a kill: what the others left is run to its end.
void quiet_round(const std::string& database, const std::string& ledger) {
  HostOptions options;
  options.store = sqlite(database);
  Host host(std::move(options));
  Scheduler& scheduler = host.scheduler();
  crash::register_work(scheduler, std::make_shared<crash::LedgerFile>(ledger));
  REQUIRE(host.start().has_value());
  RunQuery unsettled;
  unsettled.status = {Status::pending, Status::running};
  unsettled.limit = 1000;
  for (;;) {
    const auto page = scheduler.runs(unsettled);
    REQUIRE(page.has_value());
    if (page->items.empty()) break;
    for (const Run& run : page->items) REQUIRE(scheduler.wait(run.id, std::chrono::minutes(2)).has_value());
  }
  REQUIRE(host.stop().has_value());
}

}  // namespace

TEST_CASE("Killed at random moments, nothing acknowledged is lost and nothing settled runs again") {
  const int rounds = number_of("TASKCORE_CRASH_ROUNDS", 15);
  const int seed = number_of("TASKCORE_CRASH_SEED", static_cast<int>(std::random_device{}() >> 1));
  std::mt19937 random(static_cast<unsigned>(seed));
  const store_test::TempDir dir;
  const std::string database = dir.file("crash.db");
  const std::string ledger = dir.file("ledger");
  crash::Proof proof(database, ledger);
  const auto began = std::chrono::steady_clock::now();
  for (int round = 1; round <= rounds; ++round) {
    const std::chrono::milliseconds life(5 + random() % 400);
    INFO("round " << round << " of " << life.count() << " ms, TASKCORE_CRASH_SEED=" << seed);
    proof.learn(crash::live_and_die(database, ledger, life));
    const std::string wrong = proof.check();
    REQUIRE(wrong == "");
  }
  quiet_round(database, ledger);
  const std::string wrong = proof.check_end();
  REQUIRE(wrong == "");
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::cout << rounds << " kills: " << proof.tasks() << " tasks and " << proof.acknowledged() << " runs acknowledged, "
            << proof.settled() << " ends told, " << proof.runs() << " runs stored and completed, " << proof.lost()
            << " attempts lost; " << took.count() << " s\n";
}
