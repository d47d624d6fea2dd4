// Opening, closing and rolling back meet each fault; and a process that dies after a commit that failed.
#include "faults/trial.hpp"

namespace taskcore::faults {
namespace {

constexpr Fault kAll[] = {Fault::disk_once, Fault::disk_for_good, Fault::sqlite_memory, Fault::sqlite_memory_for_good,
                          Fault::program_memory};

/// Opens a transaction and changes a lot.
void change(Store& store) {
  store.begin().value();
  for (const WriteVerb& verb : write_verbs()) verb.act(store).value();
}

TEST_CASE("an opening that meets a fault is refused, and the next one succeeds") {
  Trials trials;
  for (const bool is_new : {false, true}) {
    for (const Fault fault : kAll) {
      trials.run(fault, is_new ? "open a new file" : "open", [&](Injection& injection) {
        if (is_new) trials.disk().load({});
        const auto store = trials.store();
        const auto opened = injection.during([&] { return store->open(); });
        if (!opened) {
          INFO(opened.error());
          CHECK(injection.has_struck());
          CHECK((opened.error().code == Errc::unavailable || opened.error().code == Errc::internal));
          CHECK(store->find_run(1).has_error());
        }
        store->open().value();
        if (is_new) fill(*store);
        CHECK(trials.dump() == trials.filled());
      });
    }
  }
}

TEST_CASE("a closing that meets a fault loses nothing") {
  Trials trials;
  std::string changed;
  for (const Fault fault : kAll) {
    trials.run(fault, "close", [&](Injection& injection) {
      const auto store = trials.open_store();
      change(*store);
      store->commit().value();
      if (changed.empty()) changed = trials.dump();
      injection.during([&] { store->close(); });
      store->open().value();
      CHECK(trials.dump() == changed);
    });
  }
}

TEST_CASE("a closing in the middle of a transaction that meets a fault leaves nothing of it") {
  Trials trials;
  for (const Fault fault : kAll) {
    trials.run(fault, "close", [&](Injection& injection) {
      const auto store = trials.open_store();
      change(*store);
      injection.during([&] { store->close(); });
      store->open().value();
      CHECK(trials.dump() == trials.filled());
    });
  }
}

TEST_CASE("a rollback that meets a fault is one all the same") {
  Trials trials;
  for (const Fault fault : kAll) {
    trials.run(fault, "rollback", [&](Injection& injection) {
      const auto store = trials.open_store();
      change(*store);
      injection.during([&] { store->rollback(); });
      CHECK(trials.dump() == trials.filled());
      change(*store);
      store->commit().value();
      CHECK(trials.dump() != trials.filled());
    });
  }
}

TEST_CASE("a commit that was said to have failed is not there when the process dies next") {
  Trials trials;
  for (const Fault fault : kAll) {
    trials.run(fault, "commit and die", [&](Injection& injection) {
      auto store = trials.open_store();
      change(*store);
      const auto done = injection.during([&] { return store->commit(); });
      if (done) return;
      INFO(done.error());
      store->rollback();
      if (done.error().code == Errc::internal) store->close();
      const auto image = trials.disk().image();
      store.reset();
      trials.disk().load(image);
      trials.open_store();
      // Of an unknown outcome either is right, once it has been settled by an opening.
      if (done.error().code != Errc::internal) CHECK(trials.dump() == trials.filled());
    });
  }
}

TEST_CASE("a commit that reached the log but not its index is unknown, and gone once the store is opened again") {
  Trials trials;
  auto store = trials.open_store();
  store->begin().value();
  // More pages than one region of the index has room for.
  for (int i = 0; i < 70; ++i) {
    RunRow row = store_test::run_row(1);
    row.params = std::string(250'000, 'p');
    REQUIRE(store->insert_run(row).value());
  }
  trials.disk().fail_in(1, false, power::Call::shared_memory);
  const auto done = store->commit();
  CHECK(trials.disk().failed_in() == "database shm");
  trials.disk().fail_in(0);
  REQUIRE(done.has_error());
  CHECK(done.error().code == Errc::internal);
  store->rollback();
  store->close();
  store->open().value();
  const auto image = trials.disk().image();
  CHECK(trials.dump() == trials.filled());
  store.reset();
  trials.disk().load(image);
  CHECK(trials.dump() == trials.filled());
}

}  // namespace
}  // namespace taskcore::faults
