// `taskd export`.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <ostream>

#include "cli/client_commands.hpp"
#include "client/pretty_json.hpp"
#include "client/seed_tasks.hpp"
#include "client/task_file.hpp"
#include "client/visible_text.hpp"

namespace taskd {

namespace json = boost::json;

namespace {

constexpr std::string_view kPage = "200";

/// The oldest first: so what others depend on mostly comes before them.
Answer<json::array> all_tasks(ApiClient& api) {
  json::array out;
  std::string cursor;
  do {
    const auto page = api.get("/api/tasks" + query({{"sort", "createdAt"}, {"limit", kPage}, {"cursor", cursor}}));
    if (!page) return page.error();
    for (const auto& task : list_at(page->value, "tasks")) out.push_back(task);
    cursor = text_at(page->value, "nextCursor");
  } while (!cursor.empty());
  return out;
}

/// Whether the server has put stars in a secret's place.
bool has_mask(const json::value& value) {
  if (const auto* text = value.if_string()) return std::string_view(*text) == "***";
  if (const auto* list = value.if_array()) return std::any_of(list->begin(), list->end(), has_mask);
  const auto* object = value.if_object();
  return object != nullptr &&
         std::any_of(object->begin(), object->end(), [](const auto& one) { return has_mask(one.value()); });
}

/// What a user sets. A null says nothing: it is what a field has that is not there.
json::object declared(json::object task) {
  drop_own_fields(task);
  for (auto it = task.begin(); it != task.end();) it = it->value().is_null() ? task.erase(it) : std::next(it);
  return task;
}

void warn_of_masks(const json::object& task, std::ostream& err) {
  const json::value all(task);
  if (!has_mask(member(all, "config")) && !has_mask(member(all, "notify"))) return;
  err << "taskd: note: " << visible(subject_of(task, 0))
      << ": its secrets are not told, and stand as \"***\"; put ${secret.NAME} there\n";
}

std::string text_of(const json::array& tasks, const ClientSession& session) {
  std::string out = session.json ? "" : "[";
  bool is_first = true;
  for (const auto& value : tasks) {
    const json::object task = declared(value.get_object());
    warn_of_masks(task, session.err);
    if (session.json) {
      out += json::serialize(value) + "\n";
    } else {
      out += (is_first ? "\n  " : ",\n  ") + pretty_json(task, 2);
    }
    is_first = false;
  }
  if (session.json) return out;
  return out + (is_first ? "]\n" : "\n]\n");
}

}  // namespace

Answer<int> run_command(const ExportCommand& command, ClientSession& session) {
  const auto tasks = all_tasks(session.api);
  if (!tasks) return tasks.error();
  const std::string text = text_of(*tasks, session);
  if (command.file.empty() || command.file == "-") {
    session.out << text;
    return 0;
  }
  std::ofstream file(command.file);
  file << text;
  file.close();
  if (!file) return usage_failure("cannot write \"" + command.file + "\": " + std::strerror(errno));
  session.err << "exported " << tasks->size() << " tasks\n";
  return 0;
}

}  // namespace taskd
