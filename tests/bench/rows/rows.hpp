// The rows: each file of this directory has one, or one family.
#pragma once

#include <span>
#include <string>

#include "harness/report.hpp"
#include "harness/settings.hpp"

namespace bench {

struct Row {
  const char* name;  ///< What --rows takes.
  const char* about;
  void (*measure)(const Settings&, Report&);
};

std::span<const Row> rows();

void measure_life_3000(const Settings& settings, Report& report);
void measure_life_300(const Settings& settings, Report& report);
void measure_life_task_a_run(const Settings& settings, Report& report);
void measure_submit(const Settings& settings, Report& report);
void measure_pick_up(const Settings& settings, Report& report);
void measure_memory_life(const Settings& settings, Report& report);
void measure_lateness(const Settings& settings, Report& report);
void measure_stored_schedules(const Settings& settings, Report& report);
void measure_scaling(const Settings& settings, Report& report);
void measure_retention(const Settings& settings, Report& report);
void measure_backlog(const Settings& settings, Report& report);
void measure_graph(const Settings& settings, Report& report);
void measure_next_instant(const Settings& settings, Report& report);
void measure_scripts(const Settings& settings, Report& report);
void measure_calls(const Settings& settings, Report& report);
void measure_http(const Settings& settings, Report& report);
void measure_http_scaling(const Settings& settings, Report& report);
void measure_abuse(const Settings& settings, Report& report);
void measure_taskd(const Settings& settings, Report& report);
void measure_compile(const Settings& settings, Report& report);

/// The part of `stored` that a fresh process measures. Gives its exit code.
int run_stored_child(const std::string& store, double idle_seconds);

/// The same for `retention`: so many runs on the SQLite store at `store`, or in memory when that is empty. It prints
/// what it holds after each 100,000 runs.
int run_retention_child(const std::string& store, std::size_t runs);

}  // namespace bench
