// What the Scheduler's verbs do before the store's thread: check what needs no store, make what else that thread would
// have to make, and hand on the change with what the audit trail is to say of it. Any thread; `done` is always called.
#pragma once

#include <string>
#include <vector>

#include "engine/engine.hpp"
#include "taskcore/scheduler.hpp"

namespace taskcore {

void start_create(Engine& engine, TaskSpec&& spec, CreateOptions&& options, Reply<Task> done, bool ensure);
void start_create_all(Engine& engine, std::vector<TaskSpec> specs, CreateOptions options,
                      Reply<std::vector<Task>> done);
void start_update(Engine& engine, std::string id, TaskEdit edit, EditOptions options, Reply<Task> done);
void start_remove(Engine& engine, std::string id, EditOptions options, TaskGuard guard, Reply<void> done);
void start_execute(Engine& engine, std::string id, const boost::json::value& params, CallOptions options,
                   Reply<Run> done);
void start_execute_workflow(Engine& engine, std::string id, const boost::json::value& params, CallOptions options,
                            Reply<Run> done);
void start_signal(Engine& engine, std::string id, const boost::json::value& payload, CallOptions options,
                  Reply<Run> done);
void start_submit(Engine& engine, std::vector<ExecuteRequest> requests, Reply<std::vector<std::string>> done);
void start_backfill(Engine& engine, std::string id, BackfillRequest request, CallOptions options, Reply<Backfill> done);
void start_bulk(Engine& engine, BulkVerb verb, RunSelection which, CallOptions options, Reply<BulkRuns> done);
void start_put_calendar(Engine& engine, CalendarSpec spec, const ProvenancePtr& by, Reply<Calendar> done);
void start_put_queue(Engine& engine, QueueSpec spec, const ProvenancePtr& by, Reply<QueueSpec> done);
void start_nodes(Engine& engine, Reply<std::vector<Node>> done);
void start_remove_calendar(Engine& engine, std::string name, const ProvenancePtr& by, Reply<void> done);
void start_append_audit(Engine& engine, AuditEntry entry, Reply<void> done);
void start_wait(Engine& engine, const std::string& id, Duration timeout, Reply<Run> done);
void start_cancel(Engine& engine, std::string id, CallOptions options, Reply<Task> done);
void start_cancel_run(Engine& engine, std::string id, CallOptions options, Reply<Run> done);
void start_retry_run(Engine& engine, std::string id, CallOptions options, Reply<Run> done);
void start_cancel_workflow(Engine& engine, std::string id, CallOptions options, Reply<WorkflowRun> done);
void start_retry_workflow(Engine& engine, std::string id, CallOptions options, Reply<WorkflowRun> done);
void start_pause(Engine& engine, std::string id, CallOptions options, bool pause, Reply<Task> done);

}  // namespace taskcore
