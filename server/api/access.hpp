// The policy table applied to tasks: on what is read, and, through a Gate, inside the store's transaction, so that
// nothing can change between the question and the deed.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "api/api.hpp"
#include "auth/policy.hpp"
#include "http/problem.hpp"
#include "taskcore/task.hpp"

namespace taskd {

Relation relation_of(const taskcore::Task& task, const Identity& caller);

/// The answer for a task that does not exist, and for one that the caller may not see: the same.
Problem no_such_task(std::string_view id);
Problem no_such_run(std::string_view id);

/// What a listing of this caller is limited to: empty for all.
std::string visible_to(const Identity& caller);

/// What must hold for a verb.
struct Demand {
  Action action = Action::see;
  bool script_role = false;  ///< The verb makes, edits or runs what a script task does.
};

/// 403 for a caller whose role may not use scripts.
std::optional<Problem> script_refusal(const Api& api, const Identity& caller, const taskcore::TaskSpec& spec);

/// Why this caller may not; none when they may.
std::optional<Problem> refusal(const Api& api, const Identity& caller, Demand demand, const taskcore::Task& task);

/// Asks the same inside the transaction, where only an Error can come out, and remembers the Problem for the answer.
class Gate {
 public:
  Gate(const Call& call, Demand demand);

  /// For the verbs that take one.
  taskcore::TaskGuard guard() const;

  /// For edits: also called on the edited spec.
  taskcore::Result<void> check(const taskcore::Task& task) const;
  taskcore::Result<void> check_script(const taskcore::TaskSpec& spec) const;
  taskcore::Result<void> check_masks(const taskcore::TaskSpec& spec) const;

  /// The problem behind a verb's error.
  Problem explain(const taskcore::Error& error) const;

 private:
  taskcore::Result<void> refuse(std::optional<Problem> problem) const;

  /// Shared by the copies, which travel with the verb.
  struct State {
    ApiPtr api;
    std::shared_ptr<const Request> request;
    Demand demand{};
    std::optional<Problem> refused{};
  };
  std::shared_ptr<State> state_;
};

/// Lets a caller depend on what they may see.
taskcore::TaskGuard may_depend_on(const Identity& caller);
/// Whether a notification of the caller's may run the task: who may see it, and may run it if it is a script.
taskcore::TaskGuard may_notify(const Api& api, const Identity& caller);

/// Reads a task that the caller may see.
Outcome<taskcore::Task> visible_task(const Api& api, const Identity& caller, std::string_view id);

/// Reads a run whose task the caller may see. An admin also sees runs of deleted tasks.
Outcome<taskcore::Run> visible_run(const Api& api, const Identity& caller, std::string_view id);

}  // namespace taskd
