// The REST interface as a client calls it: answers are JSON, everything that is no success is a Failure. Where the
// server limits the rate it waits and asks again.
#pragma once

#include <boost/json/value.hpp>
#include <chrono>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "client/connection.hpp"

namespace taskd {

/// What a call that succeeded answered.
struct Document {
  int status = 200;
  std::string text{};  ///< As it came.
  boost::json::value value{};
};

class ApiClient {
 public:
  /// `on_limit` is told how long the server wants it to wait. The connection must live as long.
  explicit ApiClient(Connection& connection, std::function<void(std::chrono::seconds)> on_limit = {});

  Answer<Document> get(const std::string& target);

  /// Without a body where it is empty.
  Answer<Document> post(const std::string& target, const std::string& body = {});

  /// The answer to a GET that asks for events: as Connection::follow. Errors: also what is no success, and, unless
  /// `waits`, a 429 at once.
  Answer<ClientResponse> follow(const std::string& target, const std::string& last_id, bool waits,
                                const std::function<bool(std::string_view)>& on_events);

  /// False after Ctrl-C.
  bool wait(std::chrono::milliseconds time) { return connection_.wait(time); }

 private:
  Answer<Document> call(const ClientRequest& request);
  Answer<ClientResponse> ask(const std::function<Answer<ClientResponse>()>& once, int most_waits);

  Connection& connection_;
  std::function<void(std::chrono::seconds)> on_limit_;
};

/// An object in JSON; none where it is something else.
std::optional<boost::json::value> parse_answer(std::string_view text);

/// That an answer is something else.
Failure foreign_answer(int status = 0);

/// "?a=1&b=2" of those that have a value.
std::string query(std::initializer_list<std::pair<std::string_view, std::string_view>> parameters);

/// "/api/tasks/ID".
std::string task_path_of(std::string_view id);

/// The same or, of the id of a run, "/api/runs/ID".
std::string path_of(std::string_view id);

/// "run_" and a number: no task should be called so.
bool is_run_id(std::string_view id) noexcept;

/// A member that is a text; empty where it is none.
std::string_view text_at(const boost::json::value& object, std::string_view name);

/// A member; null where there is none.
const boost::json::value& member(const boost::json::value& object, std::string_view name);

/// The list of that name in a page; empty where it is none.
const boost::json::array& list_at(const boost::json::value& page, std::string_view name);

}  // namespace taskd
