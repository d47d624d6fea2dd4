#include "rows/http_load.hpp"

namespace bench {

HttpFigures measure_http_load(const Settings& settings, std::uint16_t ours, std::uint16_t bare, Load load) {
  load.seconds = settings.smoke ? 0.05 : settings.quick ? 1 : 3;
  std::vector<double> p99_us;
  std::vector<double> raw_p99_us;
  const auto run = [&load](std::uint16_t port, std::vector<double>& p99) {
    load.port = port;
    const LoadResult result = run_load(load);
    p99.push_back(result.p99_us);
    return result.per_second;
  };
  HttpFigures out;
  out.per_second = take_turns(
      settings.rounds(), [&] { return run(ours, p99_us); }, [&] { return run(bare, raw_p99_us); });
  out.p99_us = figure(p99_us).value;
  out.raw_p99_us = figure(raw_p99_us).value;
  return out;
}

std::string create_request(const std::string& token, std::size_t n) {
  const std::string number = std::to_string(n);
  return http_request("POST", "/api/tasks", token,
                      R"({"name":"Load )" + number +
                          R"(","description":"One of many, made to see how fast that goes.",)" +
                          R"("schedule":"at 2100-01-01T00:00:00Z","priority":"high","tags":["load","bench"]})");
}

}  // namespace bench
