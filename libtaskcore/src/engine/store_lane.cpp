#include "engine/store_lane.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

namespace taskcore {
namespace {

constexpr std::size_t kMaxBatch = 1000;
constexpr std::size_t kLargeBatch = 32;
constexpr std::chrono::milliseconds kMaxBatchTime{10};
constexpr std::chrono::seconds kPatience{10};

}  // namespace

StoreLane::StoreLane(std::unique_ptr<Store> store, std::unique_ptr<Ledger> ledger, std::shared_ptr<Clock> clock,
                     Config config)
    : clock_(std::move(clock)), config_(std::move(config)), store_(std::move(store)), ledger_(std::move(ledger)) {}

StoreLane::~StoreLane() {
  *alive_ = false;
  close();
}

void StoreLane::open() {
  if (!config_.inline_executor) thread_ = std::thread([this] { run(); });
}

void StoreLane::submit(std::unique_ptr<LaneJob> job) {
  Error refusal;
  {
    const std::lock_guard lock(mutex_);
    if (closing_) {
      refusal = fail(Errc::stopped, "the scheduler has been stopped");
    } else if (queue_.size() >= config_.capacity) {
      ++refused_;
      refusal = fail(Errc::overloaded, "too many requests wait for the store; try again later");
    } else {
      queue_.push_back(std::move(job));
    }
  }
  if (job) return job->finish(&refusal);
  if (config_.inline_executor) return run_inline();
  ready_.notify_one();
}

void StoreLane::submit_internal(std::unique_ptr<LaneJob> job) {
  {
    const std::lock_guard lock(mutex_);
    if (!closing_) queue_.push_back(std::move(job));
  }
  if (job) {
    const Error refusal = fail(Errc::stopped, "the scheduler has been stopped");
    return job->finish(&refusal);
  }
  if (config_.inline_executor) return run_inline();
  ready_.notify_one();
}

void StoreLane::run() {
  static_cast<void>(ensure_open());  // its error is given to whoever asks
  std::vector<std::unique_ptr<LaneJob>> batch;
  while (take(batch)) process(batch);
}

/// Posts one batch to the executor, unless one is on its way.
void StoreLane::run_inline() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(inline_posted_, true)) return;
  }
  boost::asio::post(config_.inline_executor, [this, alive = alive_] {
    if (!*alive) return;
    std::vector<std::unique_ptr<LaneJob>> batch;
    bool more = false;
    {
      const std::lock_guard lock(mutex_);
      inline_posted_ = false;
      for (std::size_t i = std::min(kMaxBatch, queue_.size()); i > 0; --i) {
        batch.push_back(std::move(queue_.front()));
        queue_.pop_front();
      }
      more = !queue_.empty();
    }
    if (!batch.empty()) process(batch);
    if (more) run_inline();
  });
}

/// Waits for work. False when the lane is closing and nothing is left.
bool StoreLane::take(std::vector<std::unique_ptr<LaneJob>>& batch) {
  std::unique_lock lock(mutex_);
  ready_.wait(lock, [this] { return closing_ || !queue_.empty(); });
  for (std::size_t i = std::min(kMaxBatch, queue_.size()); i > 0; --i) {
    batch.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return !batch.empty();
}

Result<void> StoreLane::ensure_open() {
  const std::lock_guard lock(open_mutex_);
  if (open_) return {};
  auto opened = [this]() -> Result<void> {
    try {
      return store_->open();
    } catch (const std::exception& error) {  // out of memory
      return fail(Errc::unavailable, std::string("the store cannot be opened: ") + error.what());
    }
  }();
  if (!opened) return opened;
  open_ = true;
  return {};
}

Result<std::unique_ptr<StoreReader>> StoreLane::open_reader() {
  if (auto opened = ensure_open(); !opened) return opened.error();
  auto reader = [this] {
    const std::lock_guard lock(open_mutex_);
    return store_->make_reader();
  }();
  if (!reader) note_trouble(reader.error());
  return reader;
}

void StoreLane::process(std::vector<std::unique_ptr<LaneJob>>& batch) {
  busy_since_.store(std::chrono::steady_clock::now().time_since_epoch().count(), std::memory_order_relaxed);
  try_batch(batch);
  busy_since_.store(0, std::memory_order_relaxed);
}

void StoreLane::try_batch(std::vector<std::unique_ptr<LaneJob>>& batch) {
  if (auto opened = ensure_open(); !opened) return fail_batch(batch, opened.error());
  std::size_t applied = 0;
  bool committing = false;
  BatchReport report;
  try {
    check(store_->begin());
    ledger_->begin(clock_->now(), clock_->monotonic());
    if (!was_open_) ledger_->reconcile();
    const auto started = std::chrono::steady_clock::now();
    while (applied < batch.size()) {
      batch[applied++]->apply(*ledger_);
      // A long batch holds up those behind it: the rest waits for the next one.
      if (applied % 64 == 0 && !config_.inline_executor && std::chrono::steady_clock::now() - started > kMaxBatchTime)
        break;
    }
    ledger_->finish();
    committing = true;
    const auto commit_began = std::chrono::steady_clock::now();
    check(store_->commit());
    const auto took = std::chrono::steady_clock::now() - commit_began;
    was_open_ = true;
    report = ledger_->committed();
    count_commit(report.counts, applied, took);
  } catch (const StoreFailure& failure) {
    return abandon(batch, failure.error);
  } catch (const std::exception& error) {  // out of memory; when it comes to the commit, maybe after it
    const Errc code = committing ? Errc::internal : Errc::unavailable;
    return abandon(batch, fail(code, std::string("the batch failed: ") + error.what()));
  }
  if (applied < batch.size()) {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = batch.size(); i > applied; --i) queue_.push_front(std::move(batch[i - 1]));
    batch.resize(applied);
  }
  if (config_.on_commit) config_.on_commit(std::move(report));
  trouble_.store(kNoTrouble, std::memory_order_relaxed);
  finish(batch);
}

/// Many answers at once are the work of the thread that they go to; and memory goes back where it came from: two
/// threads that free and allocate from one arena wait for each other.
void StoreLane::finish(std::vector<std::unique_ptr<LaneJob>>& batch) noexcept {
  if (config_.finish_elsewhere && batch.size() >= kLargeBatch) {
    const auto awaited =
        std::stable_partition(batch.begin(), batch.end(), [](const auto& job) { return job->may_finish_elsewhere(); });
    for (auto it = awaited; it != batch.end(); ++it) (*it)->finish(nullptr);
    batch.erase(awaited, batch.end());
    try {
      config_.finish_elsewhere(batch);
    } catch (const std::exception&) {  // no memory to send them
    }
  }
  for (auto& job : batch) job->finish(nullptr);
  batch.clear();
}

void StoreLane::abandon(std::vector<std::unique_ptr<LaneJob>>& batch, const Error& error) {
  store_->rollback();
  ledger_->rolled_back();
  if (error.code == Errc::internal) {  // nobody knows whether it was written: look again from the file
    const std::lock_guard lock(open_mutex_);
    store_->close();
    open_ = was_open_ = false;
  }
  fail_batch(batch, error);
}

void StoreLane::fail_batch(std::vector<std::unique_ptr<LaneJob>>& batch, const Error& error) {
  note_trouble(error);
  Error told = error;
  if (told.code == Errc::internal) told.code = Errc::unavailable;
  {
    const std::lock_guard lock(metrics_mutex_);
    metrics_.store_errors += 1;
  }
  for (auto& job : batch) job->finish(&told);
  batch.clear();
}

void StoreLane::count_commit(const RunCounts& runs, std::size_t jobs, std::chrono::steady_clock::duration took) {
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
  const int active = ledger_->slots().used();
  const std::lock_guard lock(metrics_mutex_);
  metrics_.runs += runs;
  metrics_.commit_sizes.add(jobs);
  metrics_.commit_durations.add(static_cast<std::uint64_t>(microseconds));
  metrics_.active_runs = active;
}

Metrics StoreLane::metrics() {
  Metrics out;
  {
    const std::lock_guard lock(metrics_mutex_);
    out = metrics_;
  }
  const std::lock_guard lock(mutex_);
  out.refused = refused_;
  out.lane_length = queue_.size();
  return out;
}

void StoreLane::note_trouble(const Error& error) {
  if (config_.on_trouble) config_.on_trouble(error);
  const Errc told = error.code == Errc::internal ? Errc::unavailable : error.code;
  trouble_.store(static_cast<int>(told), std::memory_order_relaxed);
}

std::optional<Errc> StoreLane::trouble() const noexcept {
  if (const int known = trouble_.load(std::memory_order_relaxed); known != kNoTrouble) return static_cast<Errc>(known);
  const std::chrono::steady_clock::duration since(busy_since_.load(std::memory_order_relaxed));
  const bool stuck = since.count() != 0 && std::chrono::steady_clock::now().time_since_epoch() - since > kPatience;
  return stuck ? std::optional(Errc::timeout) : std::nullopt;
}

void StoreLane::close() noexcept {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  ready_.notify_all();
  if (thread_.joinable()) thread_.join();
  std::deque<std::unique_ptr<LaneJob>> left;
  {
    const std::lock_guard lock(mutex_);
    left.swap(queue_);
  }
  const Error refusal = fail(Errc::stopped, "the scheduler has been stopped");
  for (auto& job : left) job->finish(&refusal);
  const std::lock_guard lock(open_mutex_);
  if (std::exchange(open_, false)) store_->close();
}

}  // namespace taskcore
