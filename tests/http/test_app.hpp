// The whole interface over an in-memory store, without sockets: a call goes in, its answer comes out.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/value.hpp>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "api/app.hpp"
#include "taskcore/scheduler.hpp"
#include "taskcore/store.hpp"

namespace taskd::testing {

struct AppAnswer {
  int status = 0;
  Headers headers{};
  std::string text{};
  boost::json::value body{};  ///< Null where it is no JSON.
};

using HeaderList = std::initializer_list<std::pair<std::string_view, std::string_view>>;

class TestApp {
 public:
  /// `tune` may change what the interface is told. Without a store it is in memory.
  explicit TestApp(ScriptRoles script_roles = {}, taskcore::Options options = {},
                   std::function<void(AppOptions&)> tune = {}, std::unique_ptr<taskcore::Store> store = {});
  ~TestApp();
  TestApp(const TestApp&) = delete;
  TestApp& operator=(const TestApp&) = delete;

  /// As `who` ("alice", or "alice:admin" for another role than user; empty: without a token).
  AppAnswer call(std::string_view who, std::string_view method, std::string_view target, std::string_view body = {},
                 HeaderList headers = {});

  AppAnswer get(std::string_view who, std::string_view target) { return call(who, "GET", target); }
  AppAnswer post(std::string_view who, std::string_view target, std::string_view body = {}) {
    return call(who, "POST", target, body);
  }

  /// A token of `who`, as for `call`.
  std::string token(std::string_view who, std::chrono::seconds ttl = std::chrono::hours(1)) const;

  taskcore::Scheduler& scheduler() { return *scheduler_; }
  /// The interface itself, for calls that go another way.
  const Handler& handler() const { return handler_; }

 private:
  using Guard = boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;

  boost::asio::io_context engine_;
  boost::asio::io_context http_;
  Guard engine_guard_;
  Guard http_guard_;
  std::vector<std::thread> threads_;
  std::unique_ptr<taskcore::Scheduler> scheduler_;
  std::shared_ptr<const Jwt> jwt_;
  Handler handler_;
};

}  // namespace taskd::testing
