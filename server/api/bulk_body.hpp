// The body of a bulk call: which runs, and whether it is a dry run.
#pragma once

#include "http/message.hpp"
#include "http/problem.hpp"
#include "taskcore/bulk.hpp"

namespace taskd {

/// `{"filter":{…},"ids":[…],"dryRun":false}`, strictly: 422 for all that is wrong at once. The filter of a call on dead
/// letters takes no `status`. That one of `filter` and `ids` is there is left to the scheduler.
Outcome<taskcore::RunSelection> read_selection(const Request& request, taskcore::BulkVerb verb);

}  // namespace taskd
