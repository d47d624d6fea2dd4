// Each reading verb meets each fault; afterwards it answers what it should, and sees what is committed.
#include "faults/trial.hpp"

namespace taskcore::faults {
namespace {

constexpr Fault kAll[] = {Fault::disk_once, Fault::disk_for_good, Fault::sqlite_memory, Fault::sqlite_memory_for_good,
                          Fault::program_memory};

std::map<std::string, std::string> right_answers(Trials& trials) {
  std::map<std::string, std::string> answers;
  const auto store = trials.open_store();
  for (const ReadVerb& verb : read_verbs()) answers[verb.name] = verb.act(*store).value();
  return answers;
}

/// An error is one that the interface names, and an answer is right, fault or not.
void check_answer(const Result<std::string>& answer, const std::string& right, const Injection& injection) {
  if (answer) {
    CHECK(*answer == right);
  } else {
    INFO(answer.error());
    CHECK(injection.has_struck());
    CHECK(answer.error().code == Errc::unavailable);
  }
}

/// One that is left in a transaction would see the rows of before for ever.
void check_sees_commits(Store& writer, StoreReader& reader) {
  writer.begin().value();
  RunRow row = store_test::run_row(1);
  REQUIRE(writer.insert_run(row).value());
  writer.commit().value();
  CHECK(reader.find_run(row.id).value());
}

TEST_CASE("a reader that meets a fault says so, and then reads what is there") {
  Trials trials;
  const auto right = right_answers(trials);
  for (const ReadVerb& verb : read_verbs()) {
    for (const Fault fault : kAll) {
      trials.run(fault, verb.name, [&](Injection& injection) {
        const auto store = trials.open_store();
        const auto reader = store->make_reader().value();
        check_answer(injection.during([&] { return verb.act(*reader); }), right.at(verb.name), injection);
        CHECK(verb.act(*reader).value() == right.at(verb.name));
        check_sees_commits(*store, *reader);
      });
    }
  }
}

TEST_CASE("a store that meets a fault while it reads, then reads and writes") {
  Trials trials;
  const auto right = right_answers(trials);
  for (const ReadVerb& verb : read_verbs()) {
    for (const Fault fault : kAll) {
      trials.run(fault, verb.name, [&](Injection& injection) {
        const auto store = trials.open_store();
        check_answer(injection.during([&] { return verb.act(*store); }), right.at(verb.name), injection);
        CHECK(verb.act(*store).value() == right.at(verb.name));
        check_sees_commits(*store, *store);
      });
    }
  }
}

TEST_CASE("a reader that cannot be had for a fault can be had later") {
  Trials trials;
  for (const Fault fault : kAll) {
    trials.run(fault, "make_reader", [&](Injection& injection) {
      const auto store = trials.open_store();
      const auto reader = injection.during([&] { return store->make_reader(); });
      if (!reader) {
        CHECK(injection.has_struck());
        CHECK(reader.error().code == Errc::unavailable);
      }
      CHECK(store->make_reader().value()->find_run(1).value());
    });
  }
}

}  // namespace
}  // namespace taskcore::faults
