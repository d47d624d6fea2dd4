// Lives and their ends; what users ask is in power_users.cpp.
#include "crash/power_world.hpp"

#include "store/sqlite_file.hpp"

namespace taskcore::crash {

PowerWorld::PowerWorld(std::uint64_t seed, bool full_sync)
    : chance_(seed, 1),
      bulky_(chance_.one_in(6)),
      full_sync_(full_sync),
      disk_(/*powersafe_overwrite=*/chance_.one_in(2)) {}

std::string PowerWorld::round(PowerSum& sum) {
  for (int lives = chance_.between(1, 4); lives > 0 && proof_.wrong().empty(); --lives) live(sum);
  if (proof_.wrong().empty()) rest();
  sum.acknowledged += proof_.acknowledged();
  sum.settled += proof_.settled();
  return proof_.wrong();
}

/// Most cuts fall anywhere; some where little time is spent: in the making of the file, in a checkpoint, while closing.
void PowerWorld::plan_cut() {
  const auto soon = 1 + chance_.below(40);
  switch (chance_.below(6)) {
    case 0:
      return disk_.cut_in(soon);
    case 1:
      return disk_.cut_in(soon, power::Moment::database_change);
    case 2:
      return;  // Not before it closes.
    default:
      return disk_.cut_in(1 + chance_.below(bulky_ ? 20000 : 3000));
  }
}

void PowerWorld::boot() {
  Options options;
  options.max_concurrent = 4;
  options.retention = {Duration(0), Duration(0), 0};
  options.scripts = false;
  started_ = closing_ = stopped_ = false;
  host_ = std::make_unique<testing::ManualHost>(testing::ManualHostOptions{
      sqlite(SqliteOptions{.path = path_, .full_sync = full_sync_}), options, clock_, chance_.draw()});
  host_->scheduler().function("work", [this](RunContext& run, const boost::json::value&) {
    proof_.attempt_begins(run.id(), run.attempt());
    run.log(LogLevel::info, "works", {});
    if (!resting_ && chance_.one_in(5)) throw std::runtime_error("again");
    return std::string(chance_.below(bulky_ ? 60000 : 300), 'r');
  });
  Function hang;
  hang.blocking = false;
  hang.start = [this](std::shared_ptr<RunContext> run, RunCompletion done) {
    proof_.attempt_begins(run->id(), run->attempt());
    if (resting_) return done(Outcome::success({}));
    hanging_.push_back(std::move(done));
  };
  host_->scheduler().add_function("hang", std::move(hang));
  subscription_ = host_->scheduler().on_event([this](const Event& event) {
    if (event.type == Event::Type::run_settled) proof_.told_settled(event.run_id, event.status);
  });
  host_->scheduler().async_start([this](Result<void> answer) { started_ = answer.has_value(); });
}

void PowerWorld::live(PowerSum& sum) {
  plan_cut();
  boot();
  const int moves = bulky_ ? 150 : 60;
  for (int i = 0; i < moves && !disk_.is_dark(); ++i) move();
  if (!disk_.is_dark() && !chance_.one_in(3)) {
    disk_.cut_in(1 + chance_.below(30), chance_.of({power::Moment::any_change, power::Moment::database_change}));
    closing_ = true;
    host_->scheduler().async_stop(Duration(0), [this](Result<void>) { stopped_ = true; });
    host_->advance(Duration(10000));
  }
  bury(sum);
  look(sum);
}

/// The power goes, if it has not gone by then; and with it the process.
void PowerWorld::bury(PowerSum& sum) {
  ++sum.lives;
  const std::string call = disk_.died_in();
  ++sum.cuts[call.empty() ? (stopped_ ? "after the end" : "between two calls") : call];
  if (call.starts_with("database") && started_ && !closing_) ++sum.cuts["(in a checkpoint beside the work)"];
  if (!call.empty() && !started_) ++sum.cuts["(while opening)"];
  if (!call.empty() && closing_) ++sum.cuts["(while closing)"];
  disk_.go_dark();
  hanging_.clear();
  host_.reset();
  subscription_.reset();
  const power::CutReport report = disk_.restore(chance_.draw());
  sum.disk.kept += report.kept;
  sum.disk.lost += report.lost;
  sum.disk.torn += report.torn;
  sum.disk.names_lost += report.names_lost;
}

/// The file as the next process finds it; and half of the time the power goes again while it looks.
void PowerWorld::look(PowerSum& sum) {
  while (chance_.one_in(2)) {
    disk_.cut_in(1 + chance_.below(12));
    const auto store = sqlite(path_);
    (void)store->open();
    store->close();
    const std::string call = disk_.died_in();
    if (!call.empty()) ++sum.cuts["(while opening again)"];
    disk_.cut(chance_.draw());
  }
  const std::string integrity = store_test::ask(path_, "PRAGMA integrity_check");
  const auto store = sqlite(path_);
  store->open().value();
  proof_.check(*store, integrity);
}

/// What the others left is run to its end, without a cut.
void PowerWorld::rest() {
  resting_ = true;
  boot();
  host_->advance(Duration(60000));
  host_->scheduler().async_stop(Duration(0), [this](Result<void>) { stopped_ = true; });
  host_->advance(Duration(10000));
  host_.reset();
  subscription_.reset();
  const std::string integrity = store_test::ask(path_, "PRAGMA integrity_check");
  const auto store = sqlite(path_);
  store->open().value();
  proof_.check(*store, integrity);
}

}  // namespace taskcore::crash
