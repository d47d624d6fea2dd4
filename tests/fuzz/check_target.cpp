// See check_server.hpp: targets and their queries.
#include <string>

#include "api/parameters.hpp"
#include "fuzz/check_server.hpp"
#include "fuzz/must.hpp"
#include "http/target.hpp"
#include "text/utf8.hpp"

namespace taskcore::testing {

namespace {

std::string put_together(const taskd::Target& target) {
  std::string out;
  for (const auto& segment : target.segments) out += "/" + taskd::percent_encode(segment);
  char before = '?';
  for (const auto& [name, value] : target.query.items()) {
    out += before + taskd::percent_encode(name) + "=" + taskd::percent_encode(value);
    before = '&';
  }
  return out;
}

void check_text(const std::string& text) {
  must(taskd::is_utf8(text) && !taskd::has_control_character(text), "what was decoded is no clean text");
}

void check_parameters(const taskd::Query& query) {
  taskd::Parameters parameters(query, {"status", "priority", "trigger", "level", "since", "force", "limit", "sort",
                                       "cursor", "tag", "onConflict"});
  for (const auto& tag : parameters.list("tag")) check_text(tag);
  (void)parameters.statuses("status");
  (void)parameters.priorities("priority");
  (void)parameters.triggers("trigger");
  (void)parameters.level("level");
  (void)parameters.time("since");
  (void)parameters.flag("force");
  (void)parameters.choice("onConflict", {"keep", "update"});
  const std::size_t limit = parameters.limit();
  (void)parameters.oldest_first();
  (void)parameters.text("cursor");
  if (!parameters.problem()) return must(limit >= 1 && limit <= 1000, "a limit is beyond the limits");
  must(parameters.problem()->status == 400, "a parameter is refused as something else");
  check_text(parameters.problem()->detail);
}

}  // namespace

void check_target(std::string_view text) {
  (void)taskd::is_authority(text);
  const auto target = taskd::parse_target(text);
  if (!target) return;
  for (const auto& segment : target->segments) check_text(segment);
  for (const auto& [name, value] : target->query.items()) {
    check_text(name);
    check_text(value);
  }
  check_parameters(target->query);
  if (target->path == "*") return;
  const auto again = taskd::parse_target(put_together(*target));
  must(again && again->segments == target->segments, "put together the path is another");
  must(again->query.items() == target->query.items(), "put together the query is another");
}

}  // namespace taskcore::testing
