// Tasks that run after their dependencies: each edge remembers the newest settled run of its upstream that was
// followed, and when enough edges have a newer one the task runs. All in the transaction in which the upstream settles,
// so no round is followed twice or lost. Newer is what was made later: the end of a run that a later one has overtaken
// is no news.
#pragma once

#include <vector>

#include "engine/ledger.hpp"
#include "graph/gate.hpp"

namespace taskcore {

/// Whether the task's schedule is "after dependencies".
bool follows(const Definition& definition) noexcept;

/// How the upstreams of such a task stand: one without a run newer than what was followed is open.
std::vector<UpstreamFacts> news_of(StoreReader& reader, const TaskRow& task);

/// Makes the run of `entry` if its dependencies have newly settled as its rule asks. What they have settled by then is
/// followed; several runs of one upstream are followed by one.
void follow_dependencies(Ledger& ledger, Entry& entry);

/// Where the edges of a task begin under this schedule: those that it had go on unless it was rescheduled, others
/// follow what settles from now on.
std::vector<RunKey> wire(Ledger& ledger, const TaskRow& before, const std::vector<TaskKey>& upstreams,
                         const Schedule& schedule, bool rescheduled);

/// After a pause: a round that has come to its end meanwhile is not followed, but recorded as skipped.
void pass_over(Ledger& ledger, Entry& entry);

}  // namespace taskcore
