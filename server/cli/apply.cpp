// `taskd apply` and `taskd import`.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <iomanip>
#include <ostream>
#include <set>

#include "cli/client_commands.hpp"
#include "client/apply_tasks.hpp"
#include "client/seed_tasks.hpp"
#include "client/task_file.hpp"
#include "client/task_order.hpp"
#include "client/visible_text.hpp"

namespace taskd {

namespace json = boost::json;

namespace {

Answer<TaskList> tasks_in(const std::string& file, std::istream& in) {
  const auto text = read_file(file, in);
  if (!text) return text.error();
  auto tasks = read_tasks(*text);
  if (!tasks) return usage_failure(file + ": " + tasks.error().detail);
  return std::move(*tasks);
}

/// A declared task is known by its id.
Answer<void> check_ids(const TaskList& tasks, const std::string& file) {
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (id_of(tasks[i]).empty()) {
      return usage_failure(file + ": " + subject_of(tasks[i], i) + " has no id, by which apply could find it again");
    }
  }
  return {};
}

Answer<TaskList> in_order(TaskList tasks, const std::string& file) {
  const auto order = order_tasks(tasks);
  if (!order) return usage_failure(file + ": " + order.error().detail);
  TaskList out;
  out.reserve(tasks.size());
  for (const std::size_t place : *order) out.push_back(std::move(tasks[place]));
  return out;
}

/// Tells of each task: a line, or for scripts all of them in one document.
class Teller {
 public:
  Teller(const TaskList& tasks, ClientSession& session) : tasks_(tasks), session_(session) {}

  void tell(const AppliedTask& done) {
    has_failed_ = has_failed_ || done.what == Applied::failed;
    if (session_.json) {
      document_.push_back(to_json(done));
    } else if (done.what != Applied::failed) {
      session_.out << std::left << std::setw(10) << to_string(done.what) << visible(done.id) << std::endl;
    }
    if (done.what == Applied::failed) {
      print_failure(session_.err, done.failure, subject_of(tasks_[done.place], done.place));
    }
  }

  int finish() {
    if (session_.json) session_.out << json::serialize(json::object{{"tasks", std::move(document_)}}) << '\n';
    return has_failed_ ? kExitRefused : 0;
  }

 private:
  json::object to_json(const AppliedTask& done) const {
    const std::string id = done.id.empty() ? id_of(tasks_[done.place]) : done.id;
    json::object out{{"id", id.empty() ? json::value() : json::value(id)}, {"outcome", to_string(done.what)}};
    if (done.what != Applied::failed) return out;
    json::array errors;
    for (const auto& field : done.failure.fields) {
      errors.push_back(json::object{{"pointer", field.pointer}, {"detail", field.detail}});
    }
    out["detail"] = done.failure.detail;
    out["errors"] = std::move(errors);
    return out;
  }

  const TaskList& tasks_;
  ClientSession& session_;
  json::array document_{};
  bool has_failed_ = false;
};

Answer<int> bring(const TaskList& tasks, Existing existing, ClientSession& session) {
  Teller teller(tasks, session);
  TaskApplier applier(session.api, existing, [&teller](const AppliedTask& done) { teller.tell(done); });
  const auto failure = applier.apply(tasks);
  const int exit_code = teller.finish();
  if (failure) return *failure;
  return exit_code;
}

/// Says what is not as it was in the file.
TaskList translated(TaskList tasks, std::ostream& err) {
  std::set<std::string> left_out;
  std::size_t count = 0;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const std::string subject = subject_of(tasks[i], i);
    TranslatedTask now = translate_task(std::move(tasks[i]));
    count += now.left_out.empty() ? 0 : 1;
    left_out.insert(now.left_out.begin(), now.left_out.end());
    for (const auto& note : now.notes) err << "taskd: note: " << visible(subject + ": " + note) << '\n';
    tasks[i] = std::move(now.task);
  }
  std::string names;
  for (const auto& name : left_out) names += (names.empty() ? "" : ", ") + name;
  if (count > 0) err << "taskd: note: left out of " << count << " tasks: " << visible(names) << '\n';
  return tasks;
}

}  // namespace

Answer<int> run_command(const ApplyCommand& command, ClientSession& session) {
  auto tasks = tasks_in(command.file, session.in);
  if (!tasks) return tasks.error();
  if (const auto fine = check_ids(*tasks, command.file); !fine) return fine.error();
  for (auto& task : *tasks) drop_own_fields(task);
  const auto ordered = in_order(std::move(*tasks), command.file);
  if (!ordered) return ordered.error();
  return bring(*ordered, Existing::update, session);
}

Answer<int> run_command(const ImportCommand& command, ClientSession& session) {
  auto tasks = tasks_in(command.file, session.in);
  if (!tasks) return tasks.error();
  const auto ordered = in_order(translated(std::move(*tasks), session.err), command.file);
  if (!ordered) return ordered.error();
  return bring(*ordered, command.update ? Existing::update : Existing::keep, session);
}

}  // namespace taskd
