#include "engine/audit.hpp"

#include "model/audit_chain.hpp"

namespace taskcore {
namespace {

constexpr std::size_t kRowsAtOnce = 500;

/// Whether rows behind `last` have been pruned by now: then it is moved there.
bool skip_pruned(StoreReader& reader, AuditMark& last) {
  const AuditMark anchor = check(reader.audit_ends()).anchor;
  if (anchor.seq <= last.seq) return false;
  last = anchor;
  return true;
}

/// Reads on from `out.last`; false at the end of the chain, and where it breaks.
bool check_some(StoreReader& reader, AuditCheck& out) {
  const AuditMark end = check(reader.audit_ends()).last;
  const auto rows = check(reader.audit_after(out.last.seq, kRowsAtOnce));
  for (const AuditEntry& row : rows) {
    const std::int64_t expected = out.last.seq + 1;
    if (row.seq != expected && skip_pruned(reader, out.last)) return true;
    if (row.seq != expected || row.hash != chain_hash(out.last.hash, row)) {
      out.broken_at = expected;
      return false;
    }
    out.last = {row.seq, row.hash};
    ++out.rows;
  }
  if (!rows.empty()) return true;
  if (end.seq == out.last.seq && end.hash == out.last.hash) return false;
  if (skip_pruned(reader, out.last)) return true;
  out.broken_at = out.last.seq + 1;
  return false;
}

}  // namespace

void append_audit(Ledger& ledger, AuditEntry entry) {
  // The store is asked each time: another node may have written since, and what was rolled back needs no forgetting.
  const AuditMark last = check(ledger.store().audit_ends()).last;
  entry.seq = last.seq + 1;
  entry.at = ledger.now();
  entry.hash = chain_hash(last.hash, entry);
  check(ledger.store().append_audit(entry));
}

Result<AuditCheck> verify_audit(StoreReader& reader) {
  try {
    AuditCheck out;
    out.last = check(reader.audit_ends()).anchor;
    while (check_some(reader, out)) {
    }
    return out;
  } catch (const StoreFailure& failure) {
    return failure.error;
  }
}

}  // namespace taskcore
