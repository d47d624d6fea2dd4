#include "rows/rows.hpp"

#include <array>

namespace bench {

std::span<const Row> rows() {
  static constexpr std::array kRows{
      Row{"life-3000", "durable life, 3000 in flight", measure_life_3000},
      Row{"life-300", "durable life, 300 in flight", measure_life_300},
      Row{"life-task", "durable life, a task made for each run", measure_life_task_a_run},
      Row{"submit", "durable submit alone", measure_submit},
      Row{"pick-up", "from submit to the handler's start on an idle scheduler", measure_pick_up},
      Row{"memory-life", "whole life on the in-memory store", measure_memory_life},
      Row{"lateness", "how late scheduled tasks start", measure_lateness},
      Row{"stored", "a million stored schedules: start, memory, idle, throughput", measure_stored_schedules},
      Row{"scaling", "from a thousand to a million stored tasks, ten with --largest", measure_scaling},
      Row{"retention", "memory and file over many short runs", measure_retention},
      Row{"backlog", "many runs wait, over many concurrency keys", measure_backlog},
      Row{"graph", "a layered graph as one workflow run, and circles", measure_graph},
      Row{"next", "reckoning the next instant", measure_next_instant},
      Row{"scripts", "script runs with capture and tree control", measure_scripts},
      Row{"calls", "api_call over connections that are kept alive", measure_calls},
      Row{"http", "create and get over HTTP", measure_http},
      Row{"http-scaling", "get, list and create over HTTP by the number of stored tasks", measure_http_scaling},
      Row{"abuse", "get over HTTP beside clients that do not behave", measure_abuse},
      Row{"taskd", "the server's size, memory and start", measure_taskd},
      Row{"compile", "compile time of a host's file", measure_compile},
  };
  return kRows;
}

}  // namespace bench
