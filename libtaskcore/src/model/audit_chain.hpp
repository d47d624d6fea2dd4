// The chain of the audit trail: what a row's hash is made of.
#pragma once

#include <string>

#include "taskcore/audit.hpp"

namespace taskcore {

/// The hash of `entry`, whose own is not read, behind a row with the hash `previous` (empty: it is the first).
/// docs/audit.md gives the form; it must stay as it is, since what was written with it is proved by it.
std::string chain_hash(const std::string& previous, const AuditEntry& entry);

}  // namespace taskcore
