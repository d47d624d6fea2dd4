// Each verb of the SQLite store meets each fault at its first, second, third, … call or allocation, until none is left
// to meet. Afterwards the store is as it was at `begin`, or the verb has done its work; and then it works.
#include "faults/trial.hpp"

namespace taskcore::faults {
namespace {

using store_test::at;

/// The codes that a fault may have; a disk that will not sync leaves a commit unknown.
bool is_documented(Errc code) {
  return code == Errc::unavailable || code == Errc::storage_full || code == Errc::internal;
}

/// After an error. What `internal` asks for besides is to close the store and to open it.
void recover(Store& store, Errc code) {
  store.rollback();
  if (code != Errc::internal) return;
  store.close();
  store.open().value();
}

std::string write(Store& store, const WriteVerb& verb) {
  store.begin().value();
  const std::string answer = verb.act(store).value();
  store.commit().value();
  return answer;
}

/// What the verb answers, and the rows that it leaves, when all is well.
struct Expected {
  std::string answer{};
  std::string rows{};
};

Expected expected(Trials& trials, const WriteVerb& verb) {
  Expected good;
  trials.run(Fault::disk_once, "none", [&](Injection&) {
    const auto store = trials.open_store();
    good.answer = write(*store, verb);
    store->close();
    good.rows = trials.dump();
  });
  return good;
}

/// `step` is one call of a transaction; the others are left alone.
enum class Step { begin, act, commit };

void try_write(Trials& trials, Injection& injection, const WriteVerb& verb, const Expected& good, Step step) {
  const auto store = trials.open_store();
  const auto call = [&](Step which, auto f) { return which == step ? injection.during(f) : f(); };
  const auto done = [&]() -> Result<std::string> {
    if (auto begun = call(Step::begin, [&] { return store->begin(); }); !begun) return begun.error();
    auto answer = call(Step::act, [&] { return verb.act(*store); });
    if (!answer) return answer;
    if (auto committed = call(Step::commit, [&] { return store->commit(); }); !committed) return committed.error();
    return answer;
  }();
  if (done) {
    CHECK(*done == good.answer);
    CHECK(trials.dump() == good.rows);
    return;
  }
  const Errc code = done.error().code;
  INFO(done.error());
  REQUIRE(injection.has_struck());
  CHECK(is_documented(code));
  recover(*store, code);
  const std::string rows = trials.dump();
  const bool committed = code == Errc::internal && step == Step::commit && rows == good.rows;
  CHECK((committed || rows == trials.filled()));
  if (!committed) CHECK(write(*store, verb) == good.answer);
  CHECK(trials.dump() == good.rows);
}

void try_all(Trials& trials, const WriteVerb& verb, const Expected& good, Step step) {
  for (const Fault fault : {Fault::disk_once, Fault::disk_for_good, Fault::sqlite_memory, Fault::sqlite_memory_for_good,
                            Fault::program_memory}) {
    trials.run(fault, verb.name, [&](Injection& injection) { try_write(trials, injection, verb, good, step); });
  }
}

TEST_CASE("a writing verb that meets a fault has done nothing, and then works") {
  Trials trials;
  for (const WriteVerb& verb : write_verbs()) try_all(trials, verb, expected(trials, verb), Step::act);
}

TEST_CASE("a beginning that meets a fault begins nothing, and then works") {
  Trials trials;
  const WriteVerb& verb = write_verbs().front();
  try_all(trials, verb, expected(trials, verb), Step::begin);
}

TEST_CASE("a commit that meets a fault has done nothing, or says that it does not know") {
  Trials trials;
  for (const WriteVerb& verb : write_verbs()) {
    const Expected good = expected(trials, verb);
    if (good.rows != trials.filled()) try_all(trials, verb, good, Step::commit);
  }
}

}  // namespace
}  // namespace taskcore::faults
