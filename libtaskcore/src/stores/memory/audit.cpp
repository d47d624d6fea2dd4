// The audit trail, and the calls that are made once.

#include "../cursor.hpp"
#include "store.hpp"

namespace taskcore::memory_store {
namespace {

bool is_asked_for(const AuditQuery& query, const AuditEntry& row) {
  const auto lets = [](const std::string& filter, const std::string& value) {
    return filter.empty() || filter == value;
  };
  return lets(query.actor, row.actor) && lets(query.action, row.action) && lets(query.target, row.target) &&
         (!query.since || row.at >= *query.since);
}

}  // namespace

Result<Page<AuditEntry>> Finder::page_audit(const AuditQuery& query) const {
  const auto start = stores::read_cursor(stores::Listing::audit, false, query.cursor);
  if (!start) return start.error();
  Page<AuditEntry> page;
  for (auto at = tables_.audit.lower_bound(*start); at != tables_.audit.begin();) {
    const AuditEntry& row = (--at)->second;
    if (!is_asked_for(query, row)) continue;
    if (page.items.size() == query.limit) {
      page.next_cursor = stores::make_cursor(stores::Listing::audit, false, page.items.back().seq);
      break;
    }
    page.items.push_back(row);
  }
  return page;
}

Result<std::vector<AuditEntry>> Finder::audit_after(std::int64_t after, std::size_t limit) const {
  std::vector<AuditEntry> rows;
  for (auto at = tables_.audit.upper_bound(after); at != tables_.audit.end() && rows.size() < limit; ++at) {
    rows.push_back(at->second);
  }
  return rows;
}

Result<AuditEnds> Finder::audit_ends() const { return tables_.audit_ends; }

Result<void> MemoryStore::append_audit(const AuditEntry& row) {
  journal_.audit_ends_were(tables_.audit_ends);
  tables_.audit_ends.last = {row.seq, row.hash};
  journal_.audit_is_new(row.seq);
  tables_.audit.emplace(row.seq, row);
  return {};
}

Result<std::size_t> MemoryStore::prune_audit(TimePoint before, std::size_t limit) {
  std::size_t removed = 0;
  auto& rows = tables_.audit;
  for (; removed < limit && !rows.empty() && rows.begin()->second.at < before; ++removed) {
    if (removed == 0) journal_.audit_ends_were(tables_.audit_ends);
    AuditEntry& row = rows.begin()->second;
    tables_.audit_ends.anchor = {row.seq, row.hash};
    journal_.audit_is_gone(std::move(row));
    rows.erase(rows.begin());
  }
  return removed;
}

Result<std::optional<IdempotencyRow>> MemoryStore::find_idempotency(std::string_view scope) {
  return read([&](Finder&) {
    const auto found = tables_.idempotency.find(scope);
    return found == tables_.idempotency.end() ? std::nullopt : std::optional(found->second);
  });
}

Result<void> MemoryStore::put_idempotency(const IdempotencyRow& row) {
  journal_.idempotency_was(row.scope, find_idempotency(row.scope).value());
  tables_.idempotency[row.scope] = row;
  return {};
}

Result<std::size_t> MemoryStore::prune_idempotency(TimePoint now, std::size_t limit) {
  std::size_t removed = 0;
  for (auto at = tables_.idempotency.begin(); at != tables_.idempotency.end() && removed < limit;) {
    if (at->second.expires_at > now) {
      ++at;
      continue;
    }
    journal_.idempotency_was(at->first, std::move(at->second));
    at = tables_.idempotency.erase(at);
    ++removed;
  }
  return removed;
}

}  // namespace taskcore::memory_store
