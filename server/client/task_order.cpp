// See task_order.hpp.
#include "client/task_order.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <functional>
#include <queue>
#include <unordered_map>

namespace taskd {

namespace json = boost::json;
using taskcore::Errc;
using taskcore::fail;
using taskcore::Result;

namespace {

using Places = std::unordered_map<std::string, std::size_t>;
using Edges = std::vector<std::vector<std::size_t>>;  ///< Of each task the places of its upstreams, each once.

void add_edge(const json::value& id, const Places& places, std::vector<std::size_t>& out) {
  const auto* text = id.if_string();
  const auto found = text != nullptr ? places.find(std::string(std::string_view(*text))) : places.end();
  if (found == places.end() || std::find(out.begin(), out.end(), found->second) != out.end()) return;
  out.push_back(found->second);
}

std::vector<std::size_t> dependencies_of(const json::object& task, const Places& places) {
  std::vector<std::size_t> out;
  const auto* list = task.if_contains("dependencies");
  if (list == nullptr || !list->is_array()) return out;
  for (const auto& id : list->get_array()) add_edge(id, places, out);
  return out;
}

/// Adds the tasks that `value`, a part of "notify", names.
void add_notified(const json::value& value, const Places& places, std::vector<std::size_t>& out) {
  if (const auto* list = value.if_array()) {
    for (const auto& one : *list) add_notified(one, places, out);
  } else if (const auto* object = value.if_object()) {
    if (const auto* id = object->if_contains("task")) add_edge(*id, places, out);
  }
}

/// Upstreams first, the least place of those that can come next; those of a circle, and what is behind it, are missing.
std::vector<std::size_t> sorted(const Edges& upstreams) {
  Edges downstreams(upstreams.size());
  std::vector<std::size_t> missing(upstreams.size());
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> next;
  for (std::size_t i = 0; i < upstreams.size(); ++i) {
    for (const std::size_t upstream : upstreams[i]) downstreams[upstream].push_back(i);
    missing[i] = upstreams[i].size();
    if (missing[i] == 0) next.push(i);
  }
  std::vector<std::size_t> out;
  while (!next.empty()) {
    out.push_back(next.top());
    next.pop();
    for (const std::size_t i : downstreams[out.back()]) {
      if (--missing[i] == 0) next.push(i);
    }
  }
  return out;
}

/// "a -> b -> a". Each task that is not in `placed` has an upstream that is not there either.
std::string spell_circle(const TaskList& tasks, const Edges& upstreams, const std::vector<std::size_t>& placed) {
  std::vector<bool> is_placed(tasks.size());
  for (const std::size_t i : placed) is_placed[i] = true;
  const auto first = std::find(is_placed.begin(), is_placed.end(), false);
  std::vector<std::size_t> way{static_cast<std::size_t>(first - is_placed.begin())};
  for (;;) {
    const auto& next = upstreams[way.back()];
    const std::size_t upstream = *std::find_if(next.begin(), next.end(), [&](std::size_t i) { return !is_placed[i]; });
    const auto met = std::find(way.begin(), way.end(), upstream);
    if (met != way.end()) {
      std::string out;
      for (auto at = met; at != way.end(); ++at) out += id_of(tasks[*at]) + " -> ";
      return out + id_of(tasks[upstream]);
    }
    way.push_back(upstream);
  }
}

}  // namespace

Result<std::vector<std::size_t>> order_tasks(const TaskList& tasks) {
  Places places;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const std::string id = id_of(tasks[i]);
    if (!id.empty() && !places.emplace(id, i).second) {
      return fail(Errc::invalid, "task \"" + id + "\" is given twice");
    }
  }
  Edges dependencies(tasks.size());
  Edges all(tasks.size());
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    dependencies[i] = dependencies_of(tasks[i], places);
    all[i] = dependencies[i];
    const auto* notify = tasks[i].if_contains("notify");
    if (notify == nullptr || !notify->is_object()) continue;
    for (const auto& on : notify->get_object()) add_notified(on.value(), places, all[i]);
    if (all[i].size() > dependencies[i].size()) std::erase(all[i], i);  // it may tell itself
  }
  auto order = sorted(all);
  if (order.size() == tasks.size()) return order;
  order = sorted(dependencies);  // tasks may notify each other
  if (order.size() == tasks.size()) return order;
  return fail(Errc::invalid, "the dependencies form a circle: " + spell_circle(tasks, dependencies, order));
}

}  // namespace taskd
