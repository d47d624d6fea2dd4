// The scheduler's numbers: see engine_metrics.hpp.
#include "metrics/engine_metrics.hpp"

#include <algorithm>
#include <array>

namespace taskd {

using taskcore::AttemptStatus;
using taskcore::Metrics;
using taskcore::Queue;
using taskcore::RunCounts;
using taskcore::Status;

namespace {

constexpr double kMillisecondsInSecond = 1e3;
constexpr double kMicrosecondsInSecond = 1e6;

double as_double(std::uint64_t value) { return static_cast<double>(value); }

void write_runs(Exposition& out, const RunCounts& runs) {
  out.counter("taskcore_runs_created_total", "Runs made.");
  out.sample(as_double(runs.created));
  out.counter("taskcore_runs_total", "Runs settled, by how they ended.");
  for (const Status status : {Status::completed, Status::failed, Status::cancelled}) {
    out.sample(as_double(runs.settled[static_cast<std::size_t>(status)]), {{"status", taskcore::to_string(status)}});
  }
  out.counter("taskcore_attempts_started_total", "Attempts started.");
  out.sample(as_double(runs.attempts_started));
  out.counter("taskcore_attempts_total", "Attempts ended, by how.");
  for (const AttemptStatus status : {AttemptStatus::completed, AttemptStatus::failed, AttemptStatus::timed_out,
                                     AttemptStatus::cancelled, AttemptStatus::lost, AttemptStatus::interrupted}) {
    out.sample(as_double(runs.attempts[static_cast<std::size_t>(status)]), {{"status", taskcore::to_string(status)}});
  }
  out.counter("taskcore_retries_total", "Attempts that failed or timed out and are followed by another.");
  out.sample(as_double(runs.retries));
  out.counter("taskcore_skipped_instants_total", "Instants of schedules that got no run.");
  out.sample(as_double(runs.skipped_instants));
  out.counter("taskcore_lost_leases_total", "Nodes that were found dead.");
  out.sample(as_double(runs.lost_leases));
  out.histogram("taskcore_run_duration_seconds", "From the start of a run's first attempt to its end.");
  out.buckets(runs.durations, kMillisecondsInSecond);
  out.histogram("taskcore_start_lateness_seconds", "From the moment that an attempt was due to its start.");
  out.buckets(runs.start_lateness, kMillisecondsInSecond);
}

double age_of_oldest(const Queue& queue, taskcore::TimePoint at) {
  if (!queue.oldest_ready) return 0;
  return std::max(0.0, static_cast<double>((at - *queue.oldest_ready).count()) / kMillisecondsInSecond);
}

/// The queues that are shown: the rest as one.
std::vector<Queue> few(const std::vector<Queue>& queues) {
  std::vector<Queue> out(queues.begin(),
                         queues.begin() + static_cast<std::ptrdiff_t>(std::min(queues.size(), kMaxQueuesShown)));
  if (queues.size() <= kMaxQueuesShown) return out;
  Queue others;
  others.name = "(others)";  // no queue's name
  for (auto it = queues.begin() + kMaxQueuesShown; it != queues.end(); ++it) {
    others.ready += it->ready;
    others.delayed += it->delayed;
    others.running += it->running;
    if (!it->oldest_ready) continue;
    others.oldest_ready = std::min(others.oldest_ready.value_or(*it->oldest_ready), *it->oldest_ready);
  }
  out.push_back(std::move(others));
  return out;
}

}  // namespace

void write_scheduler(Exposition& out, const taskcore::Scheduler& scheduler) {
  const Metrics metrics = scheduler.metrics();
  write_runs(out, metrics.runs);
  out.gauge("taskcore_active_runs", "Attempts that run.");
  out.sample(metrics.active_runs);
  out.gauge("taskcore_max_concurrent_runs", "Attempts that may run at the same time.");
  out.sample(scheduler.options().max_concurrent);
  out.histogram("taskcore_commit_batch_size", "Requests that shared one commit.");
  out.buckets(metrics.commit_sizes, 1);
  out.histogram("taskcore_commit_duration_seconds", "How long the store took to commit.");
  out.buckets(metrics.commit_durations, kMicrosecondsInSecond);
  out.gauge("taskcore_lane_length", "Requests that wait for the store.");
  out.sample(as_double(metrics.lane_length));
  out.counter("taskcore_refused_requests_total", "Requests for which there was no room before the store.");
  out.sample(as_double(metrics.refused));
  out.counter("taskcore_store_errors_total", "Batches that the store did not take.");
  out.sample(as_double(metrics.store_errors));
  out.gauge("taskcore_store_up", "1 while the store takes writes.");
  out.sample(scheduler.ready() ? 1 : 0);
}

void write_store(Exposition& out, const StoreGauges::Values& values) {
  const std::vector<Queue> queues = few(values.queues);
  out.gauge("taskcore_queue_depth", "Runs of a queue, by state.");
  for (const Queue& queue : queues) {
    out.sample(as_double(queue.ready), {{"queue", queue.name}, {"state", "ready"}});
    out.sample(as_double(queue.delayed), {{"queue", queue.name}, {"state", "delayed"}});
    out.sample(as_double(queue.running), {{"queue", queue.name}, {"state", "running"}});
  }
  out.gauge("taskcore_queue_limit", "Runs of a queue that may run at the same time; absent where it sets none.");
  for (const Queue& queue : queues) {
    if (queue.limit) out.sample(*queue.limit, {{"queue", queue.name}});
  }
  out.gauge("taskcore_oldest_due_age_seconds", "How long the ready run that waits longest has been due.");
  for (const Queue& queue : queues) out.sample(age_of_oldest(queue, values.at), {{"queue", queue.name}});
  out.gauge("taskcore_tasks", "Tasks, by status.");
  for (std::size_t i = 0; i < values.stats.by_status.size(); ++i) {
    out.sample(static_cast<double>(values.stats.by_status[i]),
               {{"status", taskcore::to_string(static_cast<Status>(i))}});
  }
  out.gauge("taskcore_tasks_scheduled", "Tasks with a next instant that are not paused.");
  out.sample(static_cast<double>(values.stats.scheduled));
}

}  // namespace taskd
