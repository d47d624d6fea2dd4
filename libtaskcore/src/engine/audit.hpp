// The audit trail, inside the store's transaction: appending to the chain.
#pragma once

#include "engine/ledger.hpp"
#include "taskcore/audit.hpp"

namespace taskcore {

/// Gives the row its number, its time and its hash, and writes it.
void append_audit(Ledger& ledger, AuditEntry entry);

}  // namespace taskcore
