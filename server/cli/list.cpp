// `taskd list`.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <ostream>

#include "cli/client_commands.hpp"
#include "client/local_time.hpp"
#include "client/table.hpp"
#include "client/visible_text.hpp"

namespace taskd {

namespace json = boost::json;

namespace {

constexpr std::size_t kNameWidth = 40;
constexpr std::string_view kPageOfAll = "200";

struct Listed {
  json::array tasks{};
  std::string next_cursor{};
  std::string text{};  ///< Of the answer, where there was one.
};

Answer<Listed> list_tasks(const ListCommand& command, ApiClient& api) {
  Listed out;
  const std::string limit = command.all ? std::string(kPageOfAll) : std::to_string(command.limit);
  do {
    auto page = api.get("/api/tasks" + query({{"status", command.status},
                                              {"type", command.type},
                                              {"priority", command.priority},
                                              {"tag", command.tag},
                                              {"q", command.text},
                                              {"limit", limit},
                                              {"cursor", out.next_cursor}}));
    if (!page) return page.error();
    for (const auto& task : list_at(page->value, "tasks")) out.tasks.push_back(task);
    out.next_cursor = text_at(page->value, "nextCursor");
    out.text = std::move(page->text);
  } while (command.all && !out.next_cursor.empty());
  return out;
}

Cell status_cell(const json::value& task) {
  const auto status = text_at(task, "status");
  const auto* paused = member(task, "paused").if_bool();
  const bool is_paused = paused != nullptr && *paused;
  return {std::string(status) + (is_paused ? ", paused" : ""), status_colour(status)};
}

std::string time_or_dash(std::string_view time) { return time.empty() ? "-" : local_time(time, TimeForm::minutes); }

std::string last_run_time(const json::value& task) {
  const auto& run = member(task, "lastRun");
  const auto started = text_at(run, "startedAt");
  return time_or_dash(started.empty() ? text_at(run, "createdAt") : started);
}

std::string schedule_of(const json::value& task) {
  const auto schedule = text_at(task, "schedule");
  return schedule.empty() ? "manual" : std::string(schedule);
}

void print_table(const Listed& listed, const ClientSession& session) {
  Table table({"ID", "NAME", "STATUS", "SCHEDULE", "NEXT RUN", "LAST RUN"});
  for (const auto& task : listed.tasks) {
    std::string name(text_at(task, "name"));
    if (session.is_terminal) name = clipped(visible(name), kNameWidth);
    table.add({{std::string(text_at(task, "id"))},
               {std::move(name)},
               status_cell(task),
               {schedule_of(task)},
               {time_or_dash(text_at(task, "nextRunAt"))},
               {last_run_time(task)}});
  }
  table.print(session.out, session.has_colours);
}

}  // namespace

Answer<int> run_command(const ListCommand& command, ClientSession& session) {
  const auto listed = list_tasks(command, session.api);
  if (!listed) return listed.error();
  if (session.json && !command.all) {
    session.out << listed->text << '\n';
  } else if (session.json) {
    session.out << json::serialize(json::object{{"tasks", listed->tasks}, {"nextCursor", nullptr}}) << '\n';
  } else if (listed->tasks.empty()) {
    session.err << "no tasks\n";
  } else {
    print_table(*listed, session);
    if (!listed->next_cursor.empty()) session.err << "there are more: --all, or a larger --limit\n";
  }
  return 0;
}

}  // namespace taskd
