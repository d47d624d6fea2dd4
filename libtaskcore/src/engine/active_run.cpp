#include "engine/active_run.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cmath>

#include "model/fill.hpp"
#include "model/ids.hpp"
#include "model/json_text.hpp"
#include "model/line_cost.hpp"
#include "model/placeholder_check.hpp"
#include "taskcore/function.hpp"

namespace taskcore {
namespace {

constexpr std::size_t kMaxCheckpointBytes = 256 * 1024;
constexpr std::size_t kMaxLineBytes = 64 * 1024;

Outcome refused(RunError error) {
  Outcome out = Outcome::failure(error.code, error.message, false);
  out.error = std::move(error);
  return out;
}

}  // namespace

ActiveRun::ActiveRun(Claim claim, std::shared_ptr<const Hooks> hooks)
    : row_(std::move(claim.row)),
      definition_(std::move(claim.definition)),
      hooks_(std::move(hooks)),
      id_(run_id(row_->id)),
      checkpoint_(parse_stored(row_->checkpoint)),
      dependencies_(std::move(claim.dependencies)) {
  if (!row_->signal_value.empty()) signal_ = parse_stored(row_->signal_value);
}

const boost::json::value& ActiveRun::params() const noexcept {
  const std::lock_guard lock(mutex_);
  if (!params_) params_ = parse_stored(row_->params);
  return *params_;
}

void ActiveRun::log(LogLevel level, std::string_view text, boost::json::value data) {
  if (!masks_.empty()) data = masks_.masked_json(data);
  add_line(level, LogStream::system, text, data.is_null() ? std::string() : boost::json::serialize(data));
}

void ActiveRun::output(LogStream stream, std::string_view line) { add_line(LogLevel::info, stream, line, {}); }

void ActiveRun::add_line(LogLevel level, LogStream stream, std::string_view text, std::string data) {
  if (done_.load(std::memory_order_relaxed)) return;
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    const std::size_t cost = std::min(text.size(), kMaxLineBytes) + data.size() + kLineCost;
    // Executors that capture output keep to the limit themselves; twice as much bounds all others.
    if (bytes_ + cost > 2 * hooks_->max_output + kMaxLineBytes || data.size() > kMaxLineBytes) {
      ++dropped_;
      return;
    }
    bytes_ += cost;
    LogRow row;
    row.task = row_->task;
    row.run = row_->id;
    row.attempt = row_->attempt;
    row.at = hooks_->clock->now();
    row.level = level;
    row.stream = stream;
    row.message =
        masks_.empty() ? std::string(text.substr(0, kMaxLineBytes)) : masks_.masked(text).substr(0, kMaxLineBytes);
    row.data = std::move(data);
    first = lines_.empty();
    lines_.push_back(std::move(row));
  }
  if (first) hooks_->lines_wait();
}

std::optional<Outcome> ActiveRun::fill_config(const SecretSource& secrets, const Executor& executor) {
  if (!definition_->has_placeholders) return std::nullopt;
  FilledConfig filled = fill(spec().config.values, {secrets, params(), dependencies_, spec().dependencies});
  masks_ = Masks(filled.secrets);
  if (filled.error) return refused(std::move(*filled.error));
  takes_params_ = filled.params_from_params;
  filled_ = std::move(filled.values);
  if (!filled.from_params && !filled.from_dependencies) return std::nullopt;
  // What was stored before a rule is held to it here: above all, nothing from elsewhere reaches a shell.
  auto valid = check_placeholders(spec()).faults.take();
  if (valid) valid = executor.validate(*filled_);
  if (valid) return std::nullopt;
  const Error& error = valid.error();
  boost::json::value data;
  if (!error.fields.empty()) data = boost::json::object{{"pointer", error.fields.front().pointer}};
  return refused({"invalid_config", "with what was filled in, " + error.detail, false, std::move(data)});
}

void ActiveRun::mask(Outcome& outcome) const {
  outcome.result = masks_.masked_json(outcome.result);
  outcome.error.message = masks_.masked(outcome.error.message);
  outcome.error.data = masks_.masked_json(outcome.error.data);
}

void ActiveRun::progress(double fraction) {
  if (done_.load(std::memory_order_relaxed) || std::isnan(fraction)) return;
  if (progress_.exchange(std::clamp(fraction, 0.0, 1.0)) == kNoProgress) hooks_->progress_waits();
}

std::optional<double> ActiveRun::take_progress() noexcept {
  const double fraction = progress_.exchange(kNoProgress);
  return fraction == kNoProgress ? std::nullopt : std::optional(fraction);
}

void ActiveRun::set_checkpoint(boost::json::value value) {
  std::string text = boost::json::serialize(value);
  if (text.size() > kMaxCheckpointBytes) throw std::length_error("a checkpoint must be at most 256 KiB as text");
  const std::lock_guard lock(mutex_);
  new_checkpoint_ = std::move(text);
}

std::vector<LogRow> ActiveRun::take_lines() {
  const std::lock_guard lock(mutex_);
  return std::exchange(lines_, {});
}

void ActiveRun::stop(StopReason reason) {
  StopReason none = StopReason::none;
  if (!stop_reason_.compare_exchange_strong(none, reason)) return;
  std::unique_lock lock(mutex_);
  std::stop_source asked = stop_;
  lock.unlock();  // what waits for the stop is called from here
  asked.request_stop();
}

std::stop_token ActiveRun::stop_token() const noexcept try {
  const std::lock_guard lock(mutex_);
  if (!stop_.stop_possible()) {
    stop_ = std::stop_source();
    if (stop_reason_.load() != StopReason::none) stop_.request_stop();
  }
  return stop_.get_token();
} catch (...) {
  return {};  // out of memory: the attempt hears of no stop, as one that never looks
}

void ActiveRun::start_ended(std::exception_ptr error) noexcept {
  const bool abandoned = start_.exchange(Start::over) == Start::abandoned;
  if (error) return complete(detail::outcome_of_exception(error));
  if (abandoned) complete(std::nullopt);
}

void ActiveRun::complete(std::optional<Outcome> outcome) noexcept {
  Start under_way = Start::under_way;
  if (!outcome && start_.compare_exchange_strong(under_way, Start::abandoned)) return;
  if (done_.exchange(true)) return;
  Settlement settlement;
  settlement.run = row_->id;
  settlement.fence = row_->fence;
  settlement.end.stopped = stop_reason_.load();
  settlement.end.had_signal = signal_.has_value();
  settlement.end.outcome = outcome
                               ? std::move(*outcome)
                               : Outcome::failure("abandoned", "the executor dropped the attempt without an answer");
  if (!masks_.empty()) mask(settlement.end.outcome);
  {
    const std::lock_guard lock(mutex_);
    settlement.lines = std::exchange(lines_, {});
    settlement.checkpoint = std::move(new_checkpoint_);
    if (dropped_ > 0) {
      LogRow row;
      row.task = row_->task;
      row.run = row_->id;
      row.attempt = row_->attempt;
      row.at = hooks_->clock->now();
      row.level = LogLevel::warn;
      row.message = "log truncated: " + std::to_string(dropped_) + " lines were dropped";
      settlement.lines.push_back(std::move(row));
    }
  }
  hooks_->settle(std::move(settlement));
}

}  // namespace taskcore
