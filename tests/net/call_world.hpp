// A real scheduler with the executors of taskcore::http, and servers on the loopback.
#pragma once

#include <boost/json/parse.hpp>
#include <string>

#include "net/test_server.hpp"
#include "support/catch.hpp"
#include "taskcore/executors/http.hpp"
#include "taskcore/taskcore.hpp"

namespace net_test {

using namespace std::chrono_literals;
namespace json = boost::json;

class CallWorld {
 public:
  explicit CallWorld(taskcore::HttpOptions options = {.outbound_allow = {"127.0.0.1", "localhost"}}) {
    taskcore::add_http_executors(scheduler(), std::move(options)).value();
    host_.start().value();
  }

  taskcore::Scheduler& scheduler() { return host_.scheduler(); }

  /// A task that is made; its first run has begun.
  taskcore::Run begin(taskcore::TaskSpec spec) {
    spec.name = "call";
    const auto task = scheduler().create(std::move(spec)).value();
    return scheduler().execute(task.id).value();
  }

  /// The end of one run without retries.
  taskcore::Run call(json::object config, const char* type = "api_call") {
    taskcore::TaskSpec spec;
    spec.config = {.type = type, .values = std::move(config)};
    spec.max_retries = 0;
    return scheduler().wait(begin(std::move(spec)).id).value();
  }
  taskcore::Run get(const std::string& url) { return call({{"url", url}}); }

  static std::string code(const taskcore::Run& run) { return run.error ? run.error->code : ""; }

 private:
  taskcore::Host host_{taskcore::HostOptions{}};
};

}  // namespace net_test
