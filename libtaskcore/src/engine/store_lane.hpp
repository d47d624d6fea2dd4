// The lane to the store: requests queue here, are worked off in batches, one transaction each, and are answered after
// the commit. What arrives while one commit is on its way to the disk shares the next one (group commit), so an idle
// lane adds no delay. The lane has one thread, or shares the engine's executor when it is told to run inline.
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "engine/ledger.hpp"
#include "engine/reply.hpp"
#include "taskcore/clock.hpp"
#include "taskcore/metrics.hpp"
#include "taskcore/store.hpp"

namespace taskcore {

/// One request. `apply` runs inside the transaction; then exactly one call of `finish` follows, after the commit or
/// with what went wrong.
class LaneJob {
 public:
  virtual ~LaneJob() = default;
  virtual void apply(Ledger& ledger) = 0;
  virtual void finish(const Error* failure) noexcept = 0;
  /// Whether `finish` may wait for the host's executor: not for a caller who is blocked, perhaps in a thread of it.
  virtual bool may_finish_elsewhere() const noexcept { return true; }
};

class StoreLane {
 public:
  struct Config {
    std::size_t capacity = 20000;
    boost::asio::any_io_executor inline_executor{};  ///< When set: no thread; batches run there.
    /// On the lane's thread, before the batch's answers, and before `trouble` is over.
    std::function<void(BatchReport)> on_commit{};
    /// Takes the jobs of a large batch to another thread and finishes them there; when not set, or when it throws and
    /// leaves them, that is the lane's.
    std::function<void(std::vector<std::unique_ptr<LaneJob>>&)> finish_elsewhere{};
    /// A batch failed, or a reader could not be had; on any thread, before `trouble` says so.
    std::function<void(const Error&)> on_trouble{};
  };

  StoreLane(std::unique_ptr<Store> store, std::unique_ptr<Ledger> ledger, std::shared_ptr<Clock> clock, Config config);
  ~StoreLane();

  void open();  ///< Starts the thread; the store is opened there.

  /// Queues a user's request. Refused at once with `overloaded` when the queue is full, `stopped` after `close`.
  void submit(std::unique_ptr<LaneJob> job);
  /// Queues the engine's own: never refused for load, since it makes the load less.
  void submit_internal(std::unique_ptr<LaneJob> job);

  /// `apply` gives a Result<T>, which `done` gets after the commit.
  template <class T, class Apply>
  void call(Apply apply, Reply<T> done, bool internal = false);

  /// Works off what is queued, then closes the store. Blocks; idempotent.
  void close() noexcept;

  /// Why the store takes no writes at present, `timeout` when a batch has been under way for long; none when it does.
  std::optional<Errc> trouble() const noexcept;
  Metrics metrics();
  Ledger& ledger() noexcept { return *ledger_; }

  /// Waits until the store is open, or gives why it is not. `reader` is then set when one could be had.
  Result<std::unique_ptr<StoreReader>> open_reader();

 private:
  void run();
  void run_inline();
  bool take(std::vector<std::unique_ptr<LaneJob>>& batch);
  void process(std::vector<std::unique_ptr<LaneJob>>& batch);
  void try_batch(std::vector<std::unique_ptr<LaneJob>>& batch);
  void count_commit(const RunCounts& runs, std::size_t jobs, std::chrono::steady_clock::duration took);
  void finish(std::vector<std::unique_ptr<LaneJob>>& batch) noexcept;
  Result<void> ensure_open();
  void abandon(std::vector<std::unique_ptr<LaneJob>>& batch, const Error& error);
  void fail_batch(std::vector<std::unique_ptr<LaneJob>>& batch, const Error& error);
  void note_trouble(const Error& error);

  std::shared_ptr<Clock> clock_;
  Config config_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Ledger> ledger_;

  std::mutex open_mutex_{};  // guards open_, was_open_ and the store while it opens
  bool open_ = false;
  bool was_open_ = false;
  static constexpr int kNoTrouble = -1;
  std::atomic<int> trouble_{kNoTrouble};                       // an Errc
  std::atomic<std::chrono::steady_clock::rep> busy_since_{0};  // 0: it is not

  // Taken once a batch, and by who reads them.
  std::mutex metrics_mutex_{};
  Metrics metrics_{};

  std::mutex mutex_{};
  std::condition_variable ready_{};
  std::deque<std::unique_ptr<LaneJob>> queue_{};
  std::size_t external_ = 0;
  std::uint64_t refused_ = 0;
  bool closing_ = false;
  bool inline_posted_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::thread thread_{};
};

template <class T, class Apply>
void StoreLane::call(Apply apply, Reply<T> done, bool internal) {
  class Job final : public LaneJob {
   public:
    Job(Apply a, Reply<T> d) : apply_(std::move(a)), done_(std::move(d)) {}
    void apply(Ledger& ledger) override { result_.emplace(apply_(ledger)); }
    void finish(const Error* failure) noexcept override {
      if (failure != nullptr) {
        done_(Result<T>(*failure));
      } else {
        done_(std::move(*result_));
      }
    }
    bool may_finish_elsewhere() const noexcept override { return !done_.is_awaited(); }

   private:
    Apply apply_;
    Reply<T> done_;
    std::optional<Result<T>> result_{};
  };
  auto job = std::make_unique<Job>(std::move(apply), std::move(done));
  internal ? submit_internal(std::move(job)) : submit(std::move(job));
}

}  // namespace taskcore
