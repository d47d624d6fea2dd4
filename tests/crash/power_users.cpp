// What users ask while the power may go, and what they are told.
#include "crash/power_world.hpp"

namespace taskcore::crash {

void PowerWorld::move() {
  switch (chance_.below(8)) {
    case 0:
      return end_hanging();
    case 1:
      return host_->advance(chance_.ms(0, 4000));
    case 2:
    case 3:
      host_->settle();
      return;
    default:
      ask();
      if (chance_.one_in(2)) host_->settle();
  }
}

void PowerWorld::end_hanging() {
  if (hanging_.empty()) return;
  RunCompletion done = std::exchange(hanging_.back(), {});
  hanging_.pop_back();
  done(chance_.one_in(3) ? Outcome::failure("busy", "again") : Outcome::success({}));
}

void PowerWorld::ask() {
  switch (chance_.below(12)) {
    case 0:
    case 1:
      return create();
    case 2:
      return update();
    case 3:
      return chance_.one_in(4) ? remove() : create();
    case 4:
      return host_->scheduler().async_cancel(some_id(), {}, [](Result<Task>) {});
    case 5:
    case 6:
      return submit();
    default:
      return execute();
  }
}

void PowerWorld::create() {
  TaskSpec spec;
  spec.id = "t" + std::to_string(ids_.size());
  spec.name = "a task";
  spec.config = call(chance_.one_in(4) ? "hang" : "work");
  spec.schedule = chance_.of({"", "", "now", "in 2 seconds", "every 3 seconds"});
  spec.overlap = chance_.of({Overlap::allow, Overlap::allow, Overlap::queue, Overlap::skip});
  spec.max_retries = chance_.between(0, 3);
  spec.max_lost = chance_.between(1, 5);
  spec.retry.initial_delay = chance_.ms(0, 1000);
  spec.tags = {"a", "b"};
  ids_.push_back(spec.id);
  host_->scheduler().async_create(std::move(spec), {}, [this](Result<Task> answer) {
    if (answer) proof_.told_task(answer->id, answer->version);
  });
}

void PowerWorld::update() {
  const auto edit = [](const Task&, TaskSpec& spec) {
    spec.description += "edited ";
    return Result<void>();
  };
  host_->scheduler().async_update(some_id(), edit, {}, [this](Result<Task> answer) {
    if (answer) proof_.told_task(answer->id, answer->version);
  });
}

void PowerWorld::remove() {
  const std::string id = some_id();
  proof_.may_remove(id);
  host_->scheduler().async_remove(id, {}, {}, [this, id](Result<void> answer) {
    if (answer) proof_.told_removed(id);
  });
}

void PowerWorld::execute() {
  const std::string id = some_id();
  host_->scheduler().async_execute(id, nullptr, {}, [this, id](Result<Run> answer) {
    if (answer) proof_.told_run(answer->id, id);
  });
}

boost::json::value PowerWorld::batch_params() {
  return {{"batch", batches_}, {"padding", std::string(bulky_ ? 40000 : 20, 'p')}};
}

void PowerWorld::submit() {
  ++batches_;
  const std::string id = some_id();
  std::vector<ExecuteRequest> requests(PowerProof::kBatch, ExecuteRequest{id, batch_params()});
  host_->scheduler().async_submit(std::move(requests), [this, id](Result<std::vector<std::string>> answer) {
    if (!answer) return;
    for (const std::string& run : *answer) proof_.told_run(run, id);
  });
}

}  // namespace taskcore::crash
