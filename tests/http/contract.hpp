// The OpenAPI document held against the interface: each exchange is checked by what the document says of it, and what
// no exchange has reached is told at the end.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "http/test_app.hpp"
#include "openapi/operation.hpp"
#include "support/json_schema.hpp"

namespace taskd::testing {

class Contract {
 public:
  Contract();

  const boost::json::object& document() const { return document_; }
  const std::vector<Operation>& operations() const { return operations_; }
  JsonSchema& schema() { return schema_; }
  TestApp& app() { return app_; }

  /// Calls as TestApp does, and checks the answer. What was read is asked for once more by its tag.
  AppAnswer call(std::string_view who, std::string_view method, const std::string& target, std::string_view body = {},
                 HeaderList headers = {});
  AppAnswer get(std::string_view who, const std::string& target) { return call(who, "GET", target); }
  AppAnswer post(std::string_view who, const std::string& target, std::string_view body = {}) {
    return call(who, "POST", target, body);
  }

  /// Calls twice under one Idempotency-Key: the second answer is the first one's, and says so.
  AppAnswer post_once(std::string_view who, const std::string& target, std::string_view body = {});

  /// Opens a stream, has `then` done, and checks what comes up to the event of that name.
  void follow(std::string_view who, const std::string& target, std::string_view until,
              const std::function<void()>& then = nullptr, const std::string& last_id = {});

  const Operation& named(std::string_view id) const;

  /// Checks what another way than `call` gave.
  void check(const Operation& operation, std::string_view body, const AppAnswer& answer);

  /// Checks a refusal that is no operation's own.
  void check_failure(const AppAnswer& answer);

  /// "getTask 304" for each answer that the document has and that never came, and "createTask Idempotency-Key" for each
  /// call that takes one and was not made so.
  std::vector<std::string> unreached() const;

 private:
  const Operation& find(std::string_view method, std::string_view target) const;
  void read_again(std::string_view who, const std::string& target, const AppAnswer& first);
  void check_lines(const boost::json::value& schema, std::string_view lines);
  void check_body(const boost::json::object& content, const AppAnswer& answer);
  void check_headers(const boost::json::object& response, const AppAnswer& answer);

  const boost::json::object document_;
  const std::vector<Operation> operations_;
  JsonSchema schema_;
  TestApp app_;
  std::set<std::string> reached_;
  int keys_ = 0;
};

/// The path with each parameter replaced.
std::string path_with(const Operation& operation, std::string_view value);

// What reaches all that the document has, a file each.
void exchange_tasks(Contract& contract);
void exchange_runs(Contract& contract);
void exchange_the_rest(Contract& contract);

}  // namespace taskd::testing
