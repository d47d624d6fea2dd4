// What tests of fan-out need: a task that is made into items, and looks at these.
#pragma once

#include <boost/json/array.hpp>

#include "unit/engine/world.hpp"

namespace taskcore::engine_test {

namespace json = boost::json;

inline const Outcome kFailed = Outcome::failure("x", "no luck", false);

/// A task "each" that parks an attempt for each of its run's params' "of".
inline void make_each(World& world, TaskSpec spec = {}) {
  spec.id = "each";
  spec.name = "each";
  spec.config = call("park");
  if (spec.for_each.is_null()) spec.for_each = "${params.of}";
  world->create(spec).value();
}

/// Runs it for so many items.
inline std::string run_each(World& world, std::size_t items) {
  const std::string id = world->execute("each", {{"of", json::array(items, json::value("x"))}}).value().id;
  world.settle();
  return id;
}

inline std::vector<Run> items_of(World& world, const std::string& run) {
  return world->runs({.item_of = run, .oldest_first = true, .limit = 1000}).value().items;
}

inline std::size_t count(const std::vector<Run>& runs, Status status) {
  return static_cast<std::size_t>(
      std::count_if(runs.begin(), runs.end(), [status](const Run& run) { return run.status == status; }));
}

}  // namespace taskcore::engine_test
