// The rows of the audit trail, and the calls that are made once.
#include "model/audit_chain.hpp"
#include "sqlite_file.hpp"
#include "subject.hpp"

namespace taskcore::store_test {
namespace {

AuditEntry audit_row(std::int64_t seq, std::string actor = "ann", std::string target = "a") {
  AuditEntry row;
  row.seq = seq;
  row.at = at(seq * 10);
  row.actor = std::move(actor);
  row.role = "user";
  row.action = seq % 2 == 0 ? "task.update" : "task.create";
  row.target = std::move(target);
  row.outcome = "done";
  row.before = seq % 2 == 0 ? R"({"x":1})" : "";
  row.after = R"({"x":2})";
  row.request_id = "r" + std::to_string(seq);
  row.hash = "hash " + std::to_string(seq);
  return row;
}

std::vector<std::int64_t> seqs(const std::vector<AuditEntry>& rows) {
  std::vector<std::int64_t> out;
  for (const AuditEntry& row : rows) out.push_back(row.seq);
  return out;
}

void append(Subject& store, std::int64_t first, std::int64_t last) {
  store.write([&](Store& s) {
    for (std::int64_t seq = first; seq <= last; ++seq) s.append_audit(audit_row(seq)).value();
  });
}

}  // namespace

TEST_CASE("a row of the trail is found as it was appended") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  CHECK(store->audit_ends().value().last.seq == 0);
  append(store, 1, 2);
  store.reopen();
  const auto rows = store->audit_after(0, 9).value();
  REQUIRE(seqs(rows) == Ids{1, 2});
  const AuditEntry& row = rows[1];
  CHECK(row.at == at(20));
  CHECK(row.actor == "ann");
  CHECK(row.role == "user");
  CHECK(row.action == "task.update");
  CHECK(row.target == "a");
  CHECK(row.outcome == "done");
  CHECK(row.before == R"({"x":1})");
  CHECK(row.after == R"({"x":2})");
  CHECK(row.request_id == "r2");
  CHECK(row.hash == "hash 2");
  CHECK(rows[0].before.empty());
  const auto ends = store->audit_ends().value();
  CHECK(ends.anchor.seq == 0);
  CHECK(ends.last.seq == 2);
  CHECK(ends.last.hash == "hash 2");
}

TEST_CASE("the trail is paged newest first, by what is asked for") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  store.write([](Store& s) {
    for (std::int64_t seq = 1; seq <= 6; ++seq) {
      s.append_audit(audit_row(seq, seq < 4 ? "ann" : "bob", seq < 3 ? "a" : "b")).value();
    }
  });
  const auto first = store->page_audit({.limit = 4}).value();
  CHECK(seqs(first.items) == Ids{6, 5, 4, 3});
  const auto second = store->page_audit({.limit = 4, .cursor = first.next_cursor}).value();
  CHECK(seqs(second.items) == Ids{2, 1});
  CHECK(second.next_cursor.empty());
  CHECK(seqs(store->page_audit({.actor = "ann"}).value().items) == Ids{3, 2, 1});
  CHECK(seqs(store->page_audit({.target = "b"}).value().items) == Ids{6, 5, 4, 3});
  CHECK(seqs(store->page_audit({.actor = "ann", .target = "b"}).value().items) == Ids{3});
  CHECK(seqs(store->page_audit({.action = "task.update"}).value().items) == Ids{6, 4, 2});
  CHECK(seqs(store->page_audit({.since = at(50)}).value().items) == Ids{6, 5});
  CHECK(store->page_audit({.actor = "nobody"}).value().items.empty());
  CHECK(store->page_audit({.cursor = "tn1"}).error().code == Errc::invalid);
}

TEST_CASE("pruning the trail takes its oldest rows and remembers where it began") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  append(store, 1, 6);
  const auto prune = [&](TimePoint before, std::size_t limit) {
    return store.write([&](Store& s) { return s.prune_audit(before, limit).value(); });
  };
  CHECK(prune(at(5), 9) == 0);
  CHECK(prune(at(45), 3) == 3);
  CHECK(store->audit_ends().value().anchor.seq == 3);
  CHECK(prune(at(45), 3) == 1);
  store.reopen();
  CHECK(seqs(store->audit_after(0, 9).value()) == Ids{5, 6});
  CHECK(store->audit_ends().value().anchor.hash == "hash 4");
  CHECK(prune(at(99), 9) == 2);
  const auto ends = store->audit_ends().value();
  CHECK(ends.anchor.seq == 6);
  CHECK(ends.last.seq == 6);
}

TEST_CASE("what is rolled back of the trail never was") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  append(store, 1, 3);
  store.write([](Store& s) { s.put_idempotency({"kept", "body", std::string("answer"), at(9)}).value(); });
  store->begin().value();
  store->append_audit(audit_row(4)).value();
  store->prune_audit(at(25), 9).value();
  store->put_idempotency({"kept", "other", std::string("x"), at(99)}).value();
  store->put_idempotency({"new", "body", std::string("x"), at(99)}).value();
  CHECK(store->prune_idempotency(at(9), 9).value() == 0);
  CHECK(seqs(store->audit_after(0, 9).value()) == Ids{3, 4});
  store->rollback();
  CHECK(seqs(store->audit_after(0, 9).value()) == Ids{1, 2, 3});
  const auto ends = store->audit_ends().value();
  CHECK(ends.anchor.seq == 0);
  CHECK(ends.last.seq == 3);
  CHECK(store->find_idempotency("kept").value()->body == "body");
  CHECK_FALSE(store->find_idempotency("new").value());
}

TEST_CASE("a call that was made once is found until it has expired") {
  Subject store(GENERATE(Kind::memory, Kind::sqlite));
  store.write([](Store& s) {
    s.put_idempotency({"a", "body", std::string("answer"), at(5)}).value();
    s.put_idempotency({"b", "body", std::string(), at(6)}).value();
  });
  store.reopen();
  const auto row = store->find_idempotency("a").value().value();
  CHECK(row.body == "body");
  CHECK(row.answer.view() == "answer");
  CHECK(row.expires_at == at(5));
  CHECK(store.write([](Store& s) { return s.prune_idempotency(at(5), 9).value(); }) == 1);
  CHECK_FALSE(store->find_idempotency("a").value());
  CHECK(store->find_idempotency("b").value()->answer.empty());
}

TEST_CASE("rows that were removed from the file's end are missed") {
  const TempDir dir;
  const std::string path = dir.file("a.db");
  auto store = sqlite(path);
  store->open().value();
  store->begin().value();
  AuditEntry last;
  for (std::int64_t seq = 1; seq <= 3; ++seq) {
    AuditEntry row = audit_row(seq);
    row.hash = chain_hash(last.hash, row);
    store->append_audit(row).value();
    last = row;
  }
  store->commit().value();
  CHECK_FALSE(verify_audit(*store).value().broken_at);
  store->close();
  ask(path, "DELETE FROM audit WHERE seq = 3");
  store->open().value();
  const AuditCheck checked = verify_audit(*store).value();
  CHECK(checked.broken_at == 3);
  CHECK(checked.rows == 2);
}

}  // namespace taskcore::store_test
