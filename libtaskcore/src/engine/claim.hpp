// Claiming: ready runs become running ones, as many as there are free slots, in the same transaction as what made them
// ready.
#pragma once

#include "engine/ledger.hpp"

namespace taskcore {

void claim_ready(Ledger& ledger);

}  // namespace taskcore
