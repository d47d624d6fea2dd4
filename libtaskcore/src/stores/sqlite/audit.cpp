// The audit trail, and the calls that are made once.
#include "../cursor.hpp"
#include "store.hpp"

namespace taskcore::sqlite_store {
namespace {

AuditEntry read_audit(Use& use) {
  AuditEntry row;
  use.get(row.seq, row.at, row.hash, row.actor, row.role, row.action, row.target, row.outcome, row.request_id,
          row.before, row.after);
  return row;
}

AuditEnds read_ends(Use& use) {
  AuditEnds ends;
  use.get(ends.anchor.seq, ends.anchor.hash, ends.last.seq, ends.last.hash);
  return ends;
}

}  // namespace

Result<Page<AuditEntry>> Finder::page_audit(const AuditQuery& query) {
  const auto start = stores::read_cursor(stores::Listing::audit, false, query.cursor);
  if (!start) return start.error();
  Stmt& sql = !query.target.empty() ? sql_.audit_of_target : !query.actor.empty() ? sql_.audit_of_actor : sql_.audit;
  auto rows = Use(sql, query.actor, query.target, query.action, query.since, *start, query.limit + 1).all(read_audit);
  if (!rows) return rows.error();
  Page<AuditEntry> page{std::move(*rows), {}};
  if (page.items.size() > query.limit) {
    page.items.pop_back();
    page.next_cursor = stores::make_cursor(stores::Listing::audit, false, page.items.back().seq);
  }
  return page;
}

Result<std::vector<AuditEntry>> Finder::audit_after(std::int64_t after, std::size_t limit) {
  return Use(sql_.audit_after, after, limit).all(read_audit);
}

Result<AuditEnds> Finder::audit_ends() {
  const auto ends = Use(sql_.audit_ends).first(read_ends);
  if (!ends) return ends.error();
  return ends->value_or(AuditEnds{});
}

Result<AuditEnds> SqliteStore::audit_ends() {
  if (!session_) return closed();
  auto& known = session_->audit_ends;
  if (!known) {
    auto ends = session_->finder.audit_ends();
    if (!ends) return ends;
    known = std::move(*ends);
  }
  return *known;
}

Result<void> SqliteStore::append_audit(const AuditEntry& row) {
  if (auto known = audit_ends(); !known) return known.error();
  if (auto added = session_->inserts.add(row); !added) return added;
  session_->audit_ends->last = {row.seq, row.hash};
  session_->audit_grew = true;
  return {};
}

Result<void> SqliteStore::write_audit_end() {
  if (!session_->audit_grew) return {};
  const AuditMark& last = session_->audit_ends->last;
  if (auto moved = Use(session_->sql.move_audit_end, last.seq, Text{last.hash}).run(); !moved) return moved;
  session_->audit_grew = false;
  return {};
}

Result<std::size_t> SqliteStore::prune_audit(TimePoint before, std::size_t limit) {
  if (auto ready = settle_down(); !ready) return ready.error();
  if (auto known = audit_ends(); !known) return known.error();
  AuditMark last;
  std::size_t old = 0;
  {
    Use use(session_->sql.oldest_audit, limit);
    while (use.next()) {
      AuditEntry row;
      use.get(row.seq, row.at, row.hash);
      if (row.at >= before) break;
      last = {row.seq, std::move(row.hash)};
      ++old;
    }
    if (use.failed()) return use.failure();
  }
  if (old == 0) return old;
  if (auto done = Use(session_->sql.prune_audit, last.seq).run(); !done) return done.error();
  if (auto done = Use(session_->sql.move_audit_anchor, last.seq, Text{last.hash}).run(); !done) return done.error();
  session_->audit_ends->anchor = std::move(last);
  return old;
}

Result<std::optional<IdempotencyRow>> SqliteStore::find_idempotency(std::string_view scope) {
  return Use(session_->sql.find_idempotency, Text{scope}).first([](Use& use) {
    IdempotencyRow row;
    use.get(row.scope, row.body, row.answer, row.expires_at);
    return row;
  });
}

Result<void> SqliteStore::put_idempotency(const IdempotencyRow& row) {
  return Use(session_->sql.put_idempotency, Text{row.scope}, Text{row.body}, Text{row.answer.view()}, row.expires_at)
      .run();
}

Result<std::size_t> SqliteStore::prune_idempotency(TimePoint now, std::size_t limit) {
  return Use(session_->sql.prune_idempotency, now, limit).count();
}

}  // namespace taskcore::sqlite_store
