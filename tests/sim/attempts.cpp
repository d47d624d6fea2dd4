#include "sim/attempts.hpp"

#include <boost/json/serialize.hpp>
#include <stdexcept>

#include "model/ids.hpp"

namespace taskcore::sim {

namespace {

Stage::Name name_of(const RunContext& context) { return {parse_run_id(context.id()).value_or(0), context.attempt()}; }

}  // namespace

/// What no executor may ever see: a run that is not durable, an attempt twice, two attempts of one run side by side
/// unless the earlier one has been given up.
void Attempts::check_start(const RunContext& context) {
  const std::string name = context.id() + " attempt " + std::to_string(context.attempt());
  trace_.note("start " + name + " on node " + std::to_string(node_));
  if (stopped_) trace_.violation("an attempt began after the stop: " + name);
  const auto [run, attempt] = name_of(context);
  for (auto it = stage_.begin_of(run); it != stage_.end_of(run); ++it) {
    const auto& [other, part] = *it;
    const int earlier = std::min(attempt, other.second);
    if (part.playing && !shadow_.was_lost({run, earlier}))
      trace_.violation("two attempts of a run at the same time: " + name);
  }
  if (!stage_.enter({run, attempt}, node_, context.signal().has_value()))
    trace_.violation("an attempt began twice: " + name);
  const RunRow* row = shadow_.find_run(run);
  const bool overtaken = shadow_.was_lost({run, attempt});
  if (row == nullptr || (!overtaken && (row->state != RunState::running || row->attempt != attempt))) {
    trace_.violation("an attempt began that is not in the store: " + name);
  }
  if (context.signal() && !shadow_.has_had_signal(run, boost::json::serialize(*context.signal())))
    trace_.violation("an attempt has a signal that nobody sent: " + name);
}

void Attempts::say_something(RunContext& context) {
  for (int i = chance_.between(0, 2); i > 0; --i) {
    const std::string text = "line " + std::to_string(chance_.draw());
    chance_.one_in(2) ? context.log(LogLevel::info, text, {}) : context.output(LogStream::stdout_, text);
  }
  if (chance_.one_in(6)) context.set_checkpoint(context.attempt());
}

Outcome Attempts::some_outcome(const RunContext& context) {
  if (well_behaved_) return Outcome::success(context.attempt());
  switch (chance_.below(10)) {
    case 0:
      return Outcome::failure("final", "not again", false);
    case 1:
    case 2:
      return Outcome::failure("retryable", "try again");
    case 3: {
      Outcome outcome = Outcome::failure("busy", "later");
      outcome.retry_after = chance_.ms(0, 20000);
      outcome.snoozed = chance_.one_in(2);
      return outcome;
    }
    case 4:
      if (chance_.one_in(3)) return Outcome::await_signal();
      if (chance_.one_in(2)) return Outcome::await_signal(chance_.ms(0, 600000));
      [[fallthrough]];
    default:
      return Outcome::success(context.attempt());
  }
}

void Attempts::start(std::shared_ptr<RunContext> context, RunCompletion done) {
  check_start(*context);
  say_something(*context);
  Outcome outcome = some_outcome(*context);
  const std::uint64_t part = well_behaved_ ? 0 : chance_.below(20);
  const Stage::Name name = name_of(*context);
  if (part < 6) return tell(name, done, std::move(outcome));
  if (part < 8) stage_.leave(name, false, false);
  if (part == 6) throw std::runtime_error("thrown from start");
  if (part == 7) return;  // drops the completion
  Live live{context, std::move(done), mono() + chance_.ms(1, 8000), chance_.ms(0, 500)};
  live.outcome = std::move(outcome);
  if (part == 8) live.ends_at = Duration::max();                          // waits to be stopped
  if (part == 9) live.heeds_stop_after = live.ends_at = Duration::max();  // is deaf besides
  if (part == 10) live.heeds_stop_after = chance_.ms(1000, 20000);
  if (part == 11) live.drops_completion = true;
  if (part == 12) live.ends_at = mono() + chance_.ms(8000, 120000);
  live_.insert_or_assign(name, std::move(live));
}

std::optional<Duration> Attempts::end_of(const Live& live) const {
  Duration end = well_behaved_ ? std::min(live.ends_at, mono()) : live.ends_at;
  if (live.stop_seen && live.heeds_stop_after != Duration::max()) {
    end = std::min(end, *live.stop_seen + live.heeds_stop_after);
  }
  return end == Duration::max() ? std::nullopt : std::optional(end);
}

bool Attempts::move_on() {
  std::vector<std::pair<Stage::Name, Live>> ending;
  for (auto it = live_.begin(); it != live_.end();) {
    Live& live = it->second;
    if (!live.stop_seen && live.context->stop_token().stop_requested()) live.stop_seen = mono();
    const auto at = end_of(live);
    if (at && *at <= mono()) {
      ending.emplace_back(it->first, std::move(live));
      it = live_.erase(it);
    } else {
      ++it;
    }
  }
  const bool any = !ending.empty();
  for (auto& [name, live] : ending) end(name, std::move(live));
  return any;
}

void Attempts::end(Stage::Name name, Live live) {
  trace_.note("end " + live.context->id() + " attempt " + std::to_string(name.second));
  say_something(*live.context);
  if (live.drops_completion) return stage_.leave(name, false, false);
  const bool gives_in = live.stop_seen && !chance_.one_in(4);
  tell(name, live.done, gives_in ? Outcome::failure("stopped", "asked to stop") : std::move(live.outcome));
}

void Attempts::tell(Stage::Name name, RunCompletion& done, Outcome outcome) {
  stage_.leave(name, outcome.completed, outcome.snoozed, outcome.awaits_signal);
  done(std::move(outcome));
}

std::optional<Duration> Attempts::next_end() const {
  std::optional<Duration> least;
  for (const auto& [name, live] : live_) {
    auto at = end_of(live);
    if (!live.stop_seen && live.context->stop_token().stop_requested()) at = mono();
    if (at && (!least || *at < *least)) least = at;
  }
  return least;
}

void Attempts::drop_all() noexcept {
  for (const auto& [name, live] : live_) stage_.leave(name, false, false);
  live_.clear();
}

void Attempts::stop() noexcept {
  stopped_ = true;
  drop_all();
}

}  // namespace taskcore::sim
