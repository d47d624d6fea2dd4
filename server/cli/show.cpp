// `taskd show`.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <ostream>

#include "cli/client_commands.hpp"
#include "client/local_time.hpp"
#include "client/pretty_json.hpp"
#include "client/table.hpp"
#include "client/visible_text.hpp"

namespace taskd {

namespace json = boost::json;

namespace {

/// A value in words: texts without quotes, lists with commas; empty for nothing.
std::string words(const json::value& value) {
  if (value.is_null()) return {};
  if (const auto* text = value.if_string()) return std::string(std::string_view(*text));
  const auto* list = value.if_array();
  if (list == nullptr) return json::serialize(value);
  std::string out;
  for (const auto& one : *list) out += (out.empty() ? "" : ", ") + words(one);
  return out;
}

std::string duration_words(const json::value& value) {
  const auto* ms = value.if_int64();
  return ms != nullptr ? short_duration(std::chrono::milliseconds(*ms)) : std::string();
}

/// "exit_code: the program ended with 3" of a run or an attempt.
std::string error_words(const json::value& run) {
  const auto& error = member(run, "error");
  if (error.is_null()) return {};
  return std::string(text_at(error, "code")) + ": " + std::string(text_at(error, "message"));
}

/// Lines of a name and what it is; those that are not set are left out.
class Sheet {
 public:
  explicit Sheet(const json::value& object) : object_(object) {}

  void line(const std::string& name, std::string text, std::string_view colour = {}) {
    if (!text.empty()) table_.add({{name}, {std::move(text), colour}});
  }
  void field(const std::string& name, std::string_view key) { line(name, words(member(object_, key))); }
  void time(const std::string& name, std::string_view key) {
    line(name, local_time(text_at(object_, key), TimeForm::seconds));
  }
  void print(const ClientSession& session) const { table_.print(session.out, session.has_colours); }

 private:
  const json::value& object_;
  Table table_{};
};

/// Indented JSON, each line of it made visible.
void print_json(const std::string& name, const json::value& value, std::ostream& out) {
  const bool is_empty = value.is_null() || (value.is_object() && value.get_object().empty());
  if (is_empty) return;
  out << name << '\n' << "  " << visible(pretty_json(value, 2), '\n') << '\n';
}

std::string with(std::string text, std::string_view more, std::string_view before, std::string_view after) {
  if (text.empty() || more.empty()) return text;
  return text.append(before).append(more).append(after);
}

void print_task(const json::value& task, const ClientSession& session) {
  Sheet sheet(task);
  const auto status = text_at(task, "status");
  const bool is_paused = member(task, "paused") == json::value(true);
  sheet.field("ID", "id");
  sheet.field("Name", "name");
  sheet.field("Description", "description");
  sheet.line("Status", std::string(status) + (is_paused ? ", paused" : ""), status_colour(status));
  sheet.field("Waits for", "waitingOn");
  sheet.time("Tried again", "retryAt");
  const auto schedule = text_at(task, "schedule");
  sheet.line("Schedule",
             schedule.empty() ? "manual" : with(std::string(schedule), text_at(task, "timezone"), " (", ")"));
  sheet.time("Next run", "nextRunAt");
  sheet.field("Type", "type");
  sheet.field("Priority", "priority");
  sheet.field("Queue", "queue");
  sheet.field("Depends on", "dependencies");
  sheet.field("Retries", "maxRetries");
  sheet.line("Timeout", duration_words(member(task, "timeout")));
  sheet.field("Tags", "tags");
  sheet.field("Assigned to", "assignedTo");
  sheet.line("Created",
             with(local_time(text_at(task, "createdAt"), TimeForm::seconds), text_at(task, "createdBy"), " by ", ""));
  sheet.line("Updated", with(local_time(text_at(task, "updatedAt"), TimeForm::seconds), words(member(task, "version")),
                             " (version ", ")"));
  sheet.print(session);
  print_json("Config", member(task, "config"), session.out);
}

void print_runs(const json::array& runs, const ClientSession& session) {
  if (runs.empty()) return;
  session.out << "Last runs\n";
  Table table;
  for (const auto& run : runs) {
    const auto status = text_at(run, "status");
    table.add({{std::string(text_at(run, "id"))},
               {std::string(status), status_colour(status)},
               {std::string(text_at(run, "trigger"))},
               {local_time(text_at(run, "createdAt"), TimeForm::seconds)},
               {duration_words(member(run, "durationMs"))},
               {error_words(run)}});
  }
  table.print(session.out, session.has_colours, 2);
}

void print_attempts(const json::value& run, const ClientSession& session) {
  const auto& attempts = list_at(run, "attempts");
  if (attempts.empty()) return;
  session.out << "Attempts\n";
  Table table;
  for (const auto& attempt : attempts) {
    const auto status = text_at(attempt, "status");
    table.add({{words(member(attempt, "number"))},
               {std::string(status), status_colour(status)},
               {local_time(text_at(attempt, "startedAt"), TimeForm::seconds)},
               {error_words(attempt)}});
  }
  table.print(session.out, session.has_colours, 2);
}

void print_run(const json::value& run, const ClientSession& session) {
  Sheet sheet(run);
  const auto status = text_at(run, "status");
  const bool ends = member(run, "cancelRequested") == json::value(true) && !is_settled(status);
  sheet.field("ID", "id");
  sheet.field("Task", "taskId");
  sheet.line("Status", std::string(status) + (ends ? ", to be cancelled" : ""), status_colour(status));
  sheet.field("Reason", "reason");
  sheet.field("Waits for", "waitingOn");
  sheet.field("Trigger", "trigger");
  sheet.time("Scheduled for", "scheduledFor");
  sheet.field("Repeats", "retryOf");
  sheet.field("Workflow", "workflowRunId");
  sheet.field("Item of", "itemOf");
  sheet.time("Created", "createdAt");
  sheet.time("Started", "startedAt");
  sheet.time("Finished", "finishedAt");
  sheet.line("Took", duration_words(member(run, "durationMs")));
  sheet.time("Next attempt", "retryAt");
  sheet.line("Error", error_words(run), kRed);
  sheet.print(session);
  print_attempts(run, session);
  print_json("Params", member(run, "params"), session.out);
  print_json("Result", member(run, "result"), session.out);
}

}  // namespace

Answer<int> run_command(const ShowCommand& command, ClientSession& session) {
  const std::string path = path_of(command.id);
  const auto shown = session.api.get(path);
  if (!shown) return shown.error();
  if (session.json) {
    session.out << shown->text << '\n';
  } else if (is_run_id(command.id)) {
    print_run(shown->value, session);
  } else {
    const auto runs = session.api.get(path + "/runs?limit=5");
    if (!runs) return runs.error();
    print_task(shown->value, session);
    print_runs(list_at(runs->value, "runs"), session);
  }
  return 0;
}

}  // namespace taskd
