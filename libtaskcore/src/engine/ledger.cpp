#include "engine/ledger.hpp"

#include <algorithm>

#include "engine/claim.hpp"
#include "engine/follow.hpp"
#include "engine/gates.hpp"
#include "engine/materialise.hpp"
#include "engine/notify.hpp"
#include "engine/queues.hpp"
#include "engine/settle.hpp"
#include "model/ids.hpp"
#include "model/status.hpp"

namespace taskcore {
namespace {

constexpr std::size_t kMaxCachedTasks = 8192;
constexpr Duration kJump{1000};
/// Delayed runs in one transaction: bounds how long one commit takes.
constexpr std::size_t kMaxWoken = 1000;

std::int64_t bytes_of(const TaskRow& row) {
  return row.deleted ? 0 : static_cast<std::int64_t>(row.spec.view().size());
}

bool is_spent(const TaskRow& row) { return row.once && row.state.live == 0 && !row.state.next_due; }

/// An empty one with room for as much: lists that grow with each batch keep malloc busy.
BatchReport report_like(const BatchReport& last) {
  constexpr std::size_t kWorthwhile = 32;
  BatchReport out;
  const auto make_room = [](auto& list, const auto& like) {
    if (like.size() >= kWorthwhile) list.reserve(like.size());
  };
  make_room(out.claims, last.claims);
  make_room(out.ended, last.ended);
  make_room(out.events, last.events);
  make_room(out.spent, last.spent);
  return out;
}

void keep_earlier(std::optional<TimePoint>& hint, const std::optional<TimePoint>& at) {
  if (at && (!hint || *at < *hint)) hint = at;
}

/// None when the clock was set back in between.
std::uint64_t milliseconds(TimePoint from, TimePoint to) {
  return static_cast<std::uint64_t>(std::max(to - from, Duration(0)).count());
}

}  // namespace

Ledger::Ledger(Store& store, const Options& options, const Registry& registry, Random& random, std::string node)
    : store_(store),
      options_(options),
      registry_(registry),
      random_(random),
      node_(std::move(node)),
      slots_(options.max_concurrent) {}

void Ledger::begin(TimePoint now, std::chrono::nanoseconds monotonic) {
  if (!slots_known_) {
    slots_.clear();
    for (const auto& [id, row] : active_) slots_.take(*row);
    slots_known_ = true;
  }
  left_.sweep();
  now_ = now;
  const Duration offset = now.time_since_epoch() - std::chrono::duration_cast<Duration>(monotonic);
  if (offset > wall_offset_ + kJump || offset < wall_offset_ - kJump) {
    attentive_since_ = now;  // what became due in the leap, nobody was there for
    hints_known_ = false;
  }
  wall_offset_ = offset;  // what drifts from batch to batch is no leap
  lease_kept_ = false;
  if (!store_.exclusive()) {
    drop_cache();
    usages_.forget();
  }
  if (entries_.size() > kMaxCachedTasks) shrink_cache();
}

void Ledger::set_claiming(bool claiming) noexcept {
  if (claiming && !claiming_) attentive_since_ = now_;
  claiming_ = claiming;
  hints_known_ = false;
}

void Ledger::finish() {
  if (claiming_) {
    if (!hints_known_) {
      backlog_.start_anew(check(store_.ready_queues()));
      flush();
      next_due_ = check(store_.first_due());
      next_delayed_ = check(store_.first_delayed());
      hints_known_ = true;
    }
    turn_due_into_runs();
  }
  open_gates();
  if (claiming_) {
    wake_delayed();
    claim();
    tell_of_late();
  }
  flush();
  if (!logs_.empty()) check(store_.append_logs(logs_));
}

void Ledger::turn_due_into_runs() {
  if (!next_due_ || *next_due_ > now_) return;
  flush();
  materialise(*this);
  flush();
  next_due_ = check(store_.first_due());
}

/// Not from within the claim, whose slots it would take.
void Ledger::tell_of_late() {
  while (!begun_.empty()) {
    bool told = false;
    for (const auto& row : std::exchange(begun_, {})) {
      if (Entry* entry = get(row->task)) told |= notify_begin(*this, *entry, *row);
    }
    if (!told) return;
    open_gates();
    claim();
  }
}

/// A run whose items cannot be had, or of which there are none, ends in the claim, and may let others go.
void Ledger::claim() {
  claim_ready(*this);
  while (!gates_.empty()) {
    open_gates();
    claim_ready(*this);
  }
}

void Ledger::open_gates() {
  // Opening one gate can end or start runs that other gates hang on, so this goes on until nothing moves.
  while (!gates_.empty()) {
    const TaskKey task = *gates_.begin();
    gates_.erase(gates_.begin());
    Entry* entry = get(task);
    if (entry == nullptr) continue;
    follow_dependencies(*this, *entry);
    recheck_waiting(*this, *entry);
  }
}

void Ledger::wake_delayed() {
  if (!next_delayed_ || *next_delayed_ > now_) return;
  for (const std::string& queue : check(store_.wake_delayed(now_, kMaxWoken))) backlog_.add(queue, true);
  next_delayed_ = check(store_.first_delayed());
}

void Ledger::flush() {
  for (Entry* entry : dirty_) {
    if (!std::exchange(entry->state_dirty, false)) continue;
    check(store_.update_task_state(entry->row.key, entry->row.state));
    if (is_spent(entry->row)) spent_.push_back(entry->row.key);
  }
  dirty_.clear();
}

BatchReport Ledger::committed() {
  BatchReport& out = report_;
  for (const Claim& claim : out.claims) active_[claim.row->id] = claim.row;
  for (const StopRequest& stop : out.stops) {
    if (RunRow* row = renew_held(stop.run, stop.fence)) {
      row->cancel_requested = true;
      row->reason = stop.reason;
    }
  }
  for (const Signalled& signal : out.signals) {
    if (RunRow* row = renew_held(signal.run, signal.fence)) row->signal_value = signal.value;
  }
  for (const Ended& ended : out.ended) {
    if (held(ended.run, ended.fence) != nullptr) left_.keep(std::move(active_.extract(ended.run).mapped()));
  }
  if (claiming_) {
    out.wake_at = next_due_;
    keep_earlier(out.wake_at, next_delayed_);
    keep_earlier(out.wake_at, backlog_.next_wake());
  }
  for (Event& event : out.events) event.seq = ++event_seq_;
  logs_.clear();
  begun_.clear();
  forget_spent();
  return std::exchange(report_, report_like(out));
}

/// What has run its one time is seldom asked for again; what is in flight stays at hand.
void Ledger::forget_spent() {
  for (const TaskKey key : spent_) {
    const auto it = entries_.find(key);
    if (it == entries_.end() || !is_spent(it->second->row)) continue;
    report_.spent.push_back(std::move(it->second->definition));
    keys_.erase(it->second->row.id);
    entries_.erase(it);
  }
  spent_.clear();
}

void Ledger::rolled_back() noexcept {
  slots_known_ = false;
  drop_cache();
  usages_.forget();
  gates_.clear();
  spent_.clear();
  logs_.clear();
  begun_.clear();
  // Written, but memory ran out before anybody was told: nobody attends to them.
  for (const Claim& claim : report_.claims) {
    const auto it = active_.find(claim.row->id);
    if (it != active_.end() && it->second->fence == claim.row->fence) active_.erase(it);
  }
  report_ = {};
  hints_known_ = false;
}

/// Tasks at rest go first; what has live runs is asked for again soon.
void Ledger::shrink_cache() {
  const auto at_rest = [](const auto& entry) { return entry.second->row.state.live == 0; };
  std::erase_if(entries_, at_rest);
  if (entries_.size() > kMaxCachedTasks / 2) return drop_cache();
  std::erase_if(keys_, [this](const auto& key) { return !entries_.contains(key.second); });
}

void Ledger::drop_cache() noexcept {
  dirty_.clear();
  entries_.clear();
  keys_.clear();
  closed_days_.clear();
  rules_.clear();
}

/// Few calendars serve many tasks, which share what was read of one.
Result<ClosedDays> Ledger::closed_days(std::string_view name) {
  if (const auto known = closed_days_.find(name); known != closed_days_.end()) return known->second;
  auto read = calendars_of(store_)(name);
  if (read) closed_days_.emplace(name, *read);
  return read;
}

void Ledger::forget_calendar(const std::string& name) { closed_days_.erase(name); }

const QueueSpec& Ledger::rules(const std::string& queue) {
  if (const auto known = rules_.find(queue); known != rules_.end()) return known->second;
  const auto row = check(store_.find_queue(queue));
  return rules_.emplace(queue, check(queue_rules(row, queue, options_))).first->second;
}

void Ledger::forget_rules(const std::string& queue) {
  rules_.erase(queue);
  backlog_.add(queue, true);
}

int Ledger::running_with_key(const std::string& key) {
  if (store_.exclusive()) return slots_.running_with_key(key);
  return static_cast<int>(check(store_.running_with_key(key)));
}

void Ledger::reconcile() {
  std::vector<RunRow> lost;  // seen before any is settled: that may start others, which are not lost
  RunKey after = 0;
  for (;;) {
    const auto rows = check(store_.running_runs(after, 500));
    for (const RunRow& row : rows) {
      after = row.id;
      if (row.node != node_) continue;
      const RunRow* mine = held(row.id, row.fence);
      if (mine == nullptr) {
        lost.push_back(row);
      } else if (row.cancel_requested && !mine->cancel_requested) {
        report_.stops.push_back({row.id, row.fence, row.reason});
      }
      if (mine != nullptr && !row.signal_value.empty() && mine->signal_value.empty()) {
        report_.signals.push_back({row.id, row.fence, row.signal_value});
      }
    }
    if (rows.empty()) break;
  }
  for (const RunRow& row : lost) settle_lost(*this, row);
}

/// A cancellation asked for elsewhere, and the loss of a run that goes on elsewhere, stop the attempt here.
void Ledger::heed_others() {
  for (const auto& [id, mine] : active_) {
    if (mine->cancel_requested) continue;  // it has been asked to stop
    const auto row = check(store_.find_run(id));
    const bool gone = !row || row->state != RunState::running || row->fence != mine->fence;
    if (gone || row->cancel_requested) report_.stops.push_back({id, mine->fence, gone ? "lost" : row->reason});
  }
}

Entry* Ledger::find(std::string_view id) {
  if (const auto it = keys_.find(std::string(id)); it != keys_.end()) return get(it->second);
  auto row = check(store_.find_task(id));
  if (!row) return nullptr;
  Entry& entry = adopt(std::move(*row));
  keys_.emplace(id, entry.row.key);
  return &entry;
}

Entry* Ledger::get(TaskKey key) {
  if (const auto it = entries_.find(key); it != entries_.end()) return it->second.get();
  auto row = check(store_.find_task(key));
  return row ? &adopt(std::move(*row)) : nullptr;
}

Entry& Ledger::adopt(TaskRow row) {
  const auto it = entries_.find(row.key);
  if (it != entries_.end()) return *it->second;  // what is in hand is newer than what was read
  auto definition = check(make_definition(row, find_calendar_));
  return adopt(std::move(row), std::move(definition));
}

Entry& Ledger::adopt(TaskRow row, std::shared_ptr<const Definition> definition) {
  auto& slot = entries_[row.key];
  slot = std::make_unique<Entry>();
  slot->row = std::move(row);
  slot->definition = std::move(definition);
  slot->spec_bytes = bytes_of(slot->row);
  slot->none_held = slot->row.state.live == 0;
  return *slot;
}

void Ledger::insert(Entry& entry) {
  check(store_.insert_task(entry.row));
  entry.state_dirty = false;
  usages_.book(entry.row.created_by, {.tasks = 1, .bytes = entry.spec_bytes});
}

void Ledger::book_live(Entry& entry, const RunRow& run, bool live) {
  const std::int64_t sign = live ? 1 : -1;
  entry.row.state.live += sign;
  usages_.book(entry.row.created_by,
               {.runs = sign, .bytes = sign * static_cast<std::int64_t>(run.params.view().size())});
  touch(entry);
}

void Ledger::touch(Entry& entry) {
  if (std::exchange(entry.state_dirty, true)) return;
  dirty_.push_back(&entry);
}

void Ledger::store_task(Entry& entry) {
  check(store_.update_task(entry.row));
  const std::int64_t before = std::exchange(entry.spec_bytes, bytes_of(entry.row));
  const bool is_gone = before > 0 && entry.row.deleted;
  usages_.book(entry.row.created_by, {.tasks = is_gone ? -1 : 0, .bytes = entry.spec_bytes - before});
  read_anew(entry);
  if (entry.row.deleted) keys_.erase(entry.row.id);
}

const std::vector<TaskKey>& Ledger::dependents(Entry& entry) {
  if (!entry.dependents) entry.dependents = check(store_.dependents(entry.row.key));
  return *entry.dependents;
}

void Ledger::forget_dependents(const std::vector<TaskKey>& upstreams) {
  for (const TaskKey key : upstreams) {
    if (const auto it = entries_.find(key); it != entries_.end()) it->second->dependents.reset();
  }
}

void Ledger::upstream_moved(Entry& entry) {
  for (const TaskKey key : dependents(entry)) gates_.insert(key);
}

void Ledger::note_due(const std::optional<TimePoint>& at) { keep_earlier(next_due_, at); }

void Ledger::note_ready(const RunRow& row) {
  if (row.delayed) {
    keep_earlier(next_delayed_, row.ready_at);
  } else {
    backlog_.add(row.queue, !row.concurrency_key.empty());
  }
}

void Ledger::count(Event::Type type, const RunRow& run) {
  RunCounts& counts = report_.counts;
  if (type == Event::Type::run_created) counts.created += 1;
  if (type != Event::Type::run_settled) return;
  counts.settled[static_cast<std::size_t>(status_of(run.state))] += 1;
  if (run.started_at && run.finished_at) counts.durations.add(milliseconds(*run.started_at, *run.finished_at));
}

void Ledger::emit(Event::Type type, const Entry& entry, const RunRow* run) {
  if (run != nullptr) count(type, *run);
  if (!events_wanted.load(std::memory_order_relaxed)) return;
  Event event;
  event.type = type;
  event.task_id = entry.row.id;
  event.at = now_;
  if (run != nullptr) {
    event.run_id = run_id(run->id);
    event.status = status_of(run->state);
  } else {
    event.status = status_of(entry.row.state);
  }
  report_.events.push_back(std::move(event));
}

void Ledger::log(const Entry& entry, const RunRow* run, LogLevel level, std::string message, std::string data) {
  LogRow row;
  row.task = entry.row.key;
  row.run = run != nullptr ? run->id : 0;
  row.attempt = run != nullptr ? run->attempt : 0;
  row.at = now_;
  row.level = level;
  row.message = std::move(message);
  row.data = std::move(data);
  logs_.push_back(std::move(row));
}

void Ledger::started(Entry& entry, std::shared_ptr<const RunRow> row) {
  // An earlier attempt may still be booked here: the commit of its end was one whose outcome nobody learned.
  if (const auto it = active_.find(row->id); it != active_.end() && !has_left(row->id, it->second->fence)) {
    slots_.give(*it->second);
  }
  slots_.take(*row);
  keep_lease();
  report_.counts.attempts_started += 1;
  report_.counts.start_lateness.add(milliseconds(row->ready_at, now_));
  begun(entry, row);
  auto dependencies = upstream_results(*this, entry, *row);
  report_.claims.push_back(Claim{std::move(row), entry.definition, std::move(dependencies)});
}

void Ledger::begun(Entry& entry, const std::shared_ptr<const RunRow>& row) {
  emit(Event::Type::run_started, entry, row.get());
  if (tells_of_begin(entry.definition->spec(), *row)) begun_.push_back(row);
}

/// On a shared store no run is held by a node that nobody knows: others may have taken this one for dead while it stood
/// still, and its next beat may never come.
void Ledger::keep_lease() {
  if (store_.exclusive() || std::exchange(lease_kept_, true)) return;
  for (const NodeRow& node : check(store_.nodes())) {
    if (node.node == node_ && node.lease_until > now_) return;
  }
  check(store_.put_node({node_.str(), now_ + options_.lease}));
}

void Ledger::ended(const RunRow& row) {
  // The queue that it was claimed from: the run may be gone by now, or have been moved to another.
  if (const RunRow* mine = held(row.id, row.fence)) slots_.give(*mine);
  look_for_key(row.concurrency_key);
  report_.ended.push_back(Ended{row.id, row.fence, is_settled(row.state)});
}

/// Fewer runs of the key may run now.
void Ledger::look_for_key(const std::string& key) {
  if (key.empty()) return;
  backlog_.key_is_free(key);
  if (!store_.exclusive()) hints_known_ = false;  // it may be another node's run that waited for it
}

void Ledger::ended_once(const RunRow& row) {
  // An attempt that ended in this very batch has given its slot back, and is held until the commit.
  if (held(row.id, row.fence) == nullptr || !has_left(row.id, row.fence)) return ended(row);
  report_.ended.push_back(Ended{row.id, row.fence, is_settled(row.state)});
}

/// Whether this batch has booked the end of that attempt.
bool Ledger::has_left(RunKey run, std::int64_t fence) const {
  return std::any_of(report_.ended.begin(), report_.ended.end(),
                     [&](const Ended& ended) { return ended.run == run && ended.fence == fence; });
}

const RunRow* Ledger::held(RunKey run, std::int64_t fence) const {
  const auto it = active_.find(run);
  return it != active_.end() && it->second->fence == fence ? it->second.get() : nullptr;
}

/// A copy, to be changed, takes the place of the row that the attempt was begun with; null as with `held`.
RunRow* Ledger::renew_held(RunKey run, std::int64_t fence) {
  if (held(run, fence) == nullptr) return nullptr;
  auto& place = active_.at(run);
  auto row = std::make_shared<RunRow>(*place);
  place = row;
  return row.get();
}

const RunRow* Ledger::held_unchanged(RunKey run, std::int64_t fence) const {
  // Another node, or a cancellation or a signal in this very batch, may have written the row.
  const bool sure = store_.exclusive() && report_.stops.empty() && report_.signals.empty();
  return sure ? held(run, fence) : nullptr;
}

}  // namespace taskcore
