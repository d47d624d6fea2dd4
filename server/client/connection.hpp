// A client's way to one server: calls one after the other, over one connection that is kept, and the waits between
// them. Ctrl-C ends both; a second one ends the process. It uses the HTTP client of taskcore::http, which is no public
// part of the library: connection.cpp alone knows it.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "auth/secret.hpp"
#include "client/failure.hpp"

namespace taskd {

struct ClientRequest {
  std::string method = "GET";
  std::string target{};  ///< With the query; begins with '/'.
  std::string body{};    ///< JSON, or empty.
};

struct ClientResponse {
  int status = 0;
  std::string body{};
  std::chrono::seconds retry_after{};  ///< 0 where the server does not say.
  bool is_events = false;              ///< It was a stream of events: `body` is empty.
};

class Connection {
 public:
  /// `url` is http or https, with the path before /api where there is one. Over https the server's certificate is
  /// checked, against `authorities` (PEM) where they are given, else against the system's. Errors: what is wrong with
  /// the URL, the token or the authorities, by the names of their settings.
  static Answer<std::unique_ptr<Connection>> make(std::string_view url, const Secret& token,
                                                  const std::optional<std::string>& authorities = {});
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// The answer, whatever its status. Errors: no answer, or Ctrl-C.
  Answer<ClientResponse> call(const ClientRequest& request);

  /// GETs `target` as server-sent events, from behind the one of the id on where it is not empty. Their text is told as
  /// it comes, nothing at first, when the stream has begun, until the server ends it or `on_events` gives false. Other
  /// answers are as those of a call. Errors: also that it broke off, or was silent for half a minute.
  Answer<ClientResponse> follow(const std::string& target, const std::string& last_id,
                                const std::function<bool(std::string_view)>& on_events);

  /// False after Ctrl-C.
  bool wait(std::chrono::milliseconds time);

 private:
  struct Parts;
  explicit Connection(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace taskd
