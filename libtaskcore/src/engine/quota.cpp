#include "engine/quota.hpp"

namespace taskcore {
namespace {

std::int64_t bytes_of(const SharedText& text) { return static_cast<std::int64_t>(text.view().size()); }

const Usage& usage_of(Ledger& ledger, const std::string& creator) {
  if (const Usage* known = ledger.usages().find(creator)) return *known;
  ledger.flush();  // what this very batch started or ended counts
  return ledger.usages().add(creator, check(ledger.store().usage(creator)));
}

/// What is not added to is not asked about: more than the limit may be there, since that was set or by the schedule.
/// How much somebody has is told to nobody else.
Result<void> check_one(const std::string& asker, const std::string& creator, const char* what, std::int64_t used,
                       std::int64_t more, std::int64_t limit) {
  if (limit == 0 || more <= 0 || more <= limit - used) return {};
  const std::string quota = "exceeded quota of " + std::string(what);
  if (!asker.empty() && asker != creator) {
    return fail(Errc::over_quota, quota + ": who made the task has no room for " + std::to_string(more) + " more");
  }
  return fail(Errc::over_quota, quota + ": '" + creator + "' has " + std::to_string(used) + " of " +
                                    std::to_string(limit) + ", and this would add " + std::to_string(more));
}

}  // namespace

void Addition::task(const std::string& creator, const SharedText& spec, bool due) {
  if (!limited_ || creator.empty()) return;
  Usage& more = more_[creator];
  more.tasks += 1;
  more.runs += due ? 1 : 0;
  more.bytes += bytes_of(spec);
}

void Addition::edit(const Entry& entry, const SharedText& spec, bool due) {
  if (!limited_ || entry.row.created_by.empty()) return;
  Usage& more = more_[entry.row.created_by];
  more.runs += due ? 1 : 0;
  more.bytes += bytes_of(spec) - bytes_of(entry.row.spec);
}

void Addition::runs(const Entry& entry, std::size_t count, const SharedText& params) {
  if (!limited_ || entry.row.created_by.empty()) return;
  Usage& more = more_[entry.row.created_by];
  more.runs += static_cast<std::int64_t>(count);
  more.bytes += bytes_of(params);
}

Result<void> Addition::fits() const {
  if (more_.empty()) return {};
  const Quota& quota = ledger_.options().quota;
  const std::string& asker = *ledger_.limited();
  for (const auto& [creator, more] : more_) {
    const Usage& used = usage_of(ledger_, creator);
    if (auto fine = check_one(asker, creator, "tasks", used.tasks, more.tasks, quota.tasks); !fine) return fine;
    if (auto fine = check_one(asker, creator, "live runs", used.runs, more.runs, quota.runs); !fine) return fine;
    if (auto fine = check_one(asker, creator, "bytes", used.bytes, more.bytes, quota.bytes); !fine) return fine;
  }
  return {};
}

}  // namespace taskcore
