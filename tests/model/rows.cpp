#include "model/rows.hpp"

namespace taskcore::model {

RunRow unpack(const Setup& setup, const Row& row, int run) {
  RunRow out;
  out.id = run + 1;
  out.state = state_of(row);
  out.ready_at = kNow + row.ready_in * kTick;
  out.created_at = kNow;
  out.fence = row.fence;
  out.attempt = row.attempt_no;
  out.retries_used = row.retries;
  out.losses = row.losses;
  if (row.owner > 0) out.node = name_text(setup, row.owner - 1);
  if (row.attempt_no > 0) out.started_at = out.attempt_started_at = kNow;
  out.cancel_requested = row.cancel != 0;
  if (out.cancel_requested) out.reason = "cancelled";
  return out;
}

Row pack(const Setup& setup, const RunRow& row) {
  Row out{};
  out.state = static_cast<Byte>(row.state);
  if (row.state == RunState::ready && row.ready_at > kNow)
    out.ready_in = static_cast<Byte>((row.ready_at - kNow) / kTick);
  out.fence = static_cast<Byte>(row.fence);
  out.attempt_no = static_cast<Byte>(row.attempt);
  out.retries = static_cast<Byte>(row.retries_used);
  out.losses = static_cast<Byte>(row.losses);
  for (int name = 0; row.state == RunState::running && name < kMaxNames; ++name) {
    if (name_text(setup, name) == row.node) out.owner = static_cast<Byte>(name + 1);
  }
  out.cancel = row.cancel_requested ? 1 : 0;
  return out;
}

TaskSpec spec_of(const Setup& setup) {
  TaskSpec spec{.name = "job"};
  spec.max_retries = setup.max_retries;
  spec.max_lost = setup.max_lost;
  spec.retry = {kTick, 1.0, kTick, Jitter::none};
  spec.recovery = setup.at_most_once ? Recovery::fail : Recovery::retry;
  return spec;
}

bool start_run(const Setup& setup, Tables& store, int run, const Row& row) {
  Row& stored = store.rows[static_cast<std::size_t>(run)];
  const bool state_fits = state_of(stored) == RunState::ready || setup.broken == Break::claim_ignores_state;
  const bool fence_fits = stored.fence + 1 == row.fence || setup.broken == Break::claim_ignores_fence ||
                          setup.broken == Break::losses_keep_the_fence;
  if (!state_fits || !fence_fits) return false;
  stored.state = row.state;
  stored.ready_in = 0;
  stored.fence = row.fence;
  stored.attempt_no = row.attempt_no;
  stored.owner = row.owner;
  return true;
}

bool settle_run(const Setup& setup, Tables& store, int run, const Row& row, bool cancel_read) {
  Row& stored = store.rows[static_cast<std::size_t>(run)];
  const bool state_fits = state_of(stored) == RunState::running || setup.broken == Break::settle_ignores_state;
  const bool fence_fits = stored.fence == row.fence || setup.broken == Break::settle_ignores_fence;
  if (!state_fits || !fence_fits) return false;
  if (setup.strict && (stored.cancel != 0) != cancel_read) return false;
  stored.state = row.state;
  stored.ready_in = row.ready_in;
  stored.retries = row.retries;
  stored.losses = row.losses;
  stored.owner = 0;
  stored.cancel = row.cancel;
  return true;
}

bool change_run(Tables& store, int run, const Row& row, RunState expected) {
  Row& stored = store.rows[static_cast<std::size_t>(run)];
  if (state_of(stored) != expected || stored.fence != row.fence) return false;
  stored = row;
  return true;
}

}  // namespace taskcore::model
