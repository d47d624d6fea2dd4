// TestApp: see test_app.hpp.
#include "http/test_app.hpp"

#include <boost/json/parse.hpp>
#include <chrono>
#include <future>
#include <stdexcept>

#include "taskcore/executors/http.hpp"
#include "taskcore/stores/memory.hpp"

namespace taskd::testing {

namespace {

Jwt::Seconds now() { return std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now()); }

Identity identity_of(std::string_view who) {
  const std::size_t colon = who.find(':');
  if (colon == std::string_view::npos) return {std::string(who), Role::user};
  return {std::string(who.substr(0, colon)), parse_role(who.substr(colon + 1)).value()};
}

}  // namespace

TestApp::TestApp(ScriptRoles script_roles, taskcore::Options engine_options, std::function<void(AppOptions&)> tune,
                 std::unique_ptr<taskcore::Store> store)
    : engine_guard_(engine_.get_executor()),
      http_guard_(http_.get_executor()),
      scheduler_(std::make_unique<taskcore::Scheduler>(
          engine_.get_executor(), store ? std::move(store) : taskcore::memory(), std::move(engine_options))),
      jwt_(std::make_shared<const Jwt>(JwtPolicy{Secret(std::string(32, 'k')), {}, {}, std::chrono::seconds(60)})) {
  threads_.emplace_back([this] { engine_.run(); });
  threads_.emplace_back([this] { http_.run(); });
  if (!scheduler_->start()) throw std::runtime_error("the scheduler does not start");
  taskcore::add_http_executors(*scheduler_).value();
  AppOptions options;
  options.jwt = jwt_;
  options.is_stopping = [] { return false; };
  if (tune) tune(options);
  handler_ = make_app(std::make_shared<Api>(Api{*scheduler_, http_.get_executor(), script_roles, {}}), options);
}

TestApp::~TestApp() {
  (void)scheduler_->stop(std::chrono::milliseconds(0));
  engine_.stop();
  http_.stop();
  for (auto& thread : threads_) thread.join();
}

std::string TestApp::token(std::string_view who, std::chrono::seconds ttl) const {
  return jwt_->sign(identity_of(who), now(), now() + ttl);
}

AppAnswer TestApp::call(std::string_view who, std::string_view method, std::string_view target, std::string_view body,
                        HeaderList headers) {
  auto request = std::make_shared<Request>();
  auto parsed = parse_target(target).value();
  request->method = parse_method(method);
  request->path = std::move(parsed.path);
  request->segments = std::move(parsed.segments);
  request->query = std::move(parsed.query);
  request->body = body;
  request->remote_address = "127.0.0.1";
  request->id = "test";
  if (!who.empty()) request->headers.add("Authorization", "Bearer " + token(who));
  if (!body.empty()) request->headers.add("Content-Type", "application/json");
  for (const auto& [name, value] : headers) request->headers.set(name, value);

  std::promise<Response> promise;
  handler_(std::move(request), [&promise](Response response) { promise.set_value(std::move(response)); });
  auto future = promise.get_future();
  if (future.wait_for(std::chrono::seconds(20)) != std::future_status::ready) throw std::runtime_error("no answer");
  Response response = future.get();
  AppAnswer answer{response.status, std::move(response.headers), std::move(response.body), {}};
  const bool is_json = answer.headers.get("Content-Type").value_or("").ends_with("json");
  boost::system::error_code several_lines;
  if (!answer.text.empty() && is_json) answer.body = boost::json::parse(answer.text, several_lines);
  return answer;
}

}  // namespace taskd::testing
