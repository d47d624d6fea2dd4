#include <iostream>
#include <taskcore/taskcore.hpp>

int main() {
  taskcore::Host host({.store = taskcore::sqlite("greeter.db")});  // owns an Asio loop and its threads
  auto& scheduler = host.scheduler();

  scheduler.function("greet", [](taskcore::RunContext& run, const boost::json::value& params) {
    std::cout << "hello " << params.at("name").as_string() << ", run " << run.id() << std::endl;
    return boost::json::value{{"greeted", true}};
  });

  auto task = scheduler.ensure({.id = "greeter",
                                .name = "Greeter",
                                .config = taskcore::call("greet", {{"name", "world"}}),
                                .schedule = "every 1 second"});
  if (!task) {
    std::cerr << task.error() << '\n';
    return 1;
  }
  return host.run_until_signal();  // the one call that takes SIGINT and SIGTERM, on request
}
