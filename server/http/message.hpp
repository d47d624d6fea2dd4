// A request and a response as plain values. Nothing here knows the wire: the session makes requests and writes
// responses, everything else sees only these.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "auth/identity.hpp"
#include "http/body_budget.hpp"
#include "http/headers.hpp"
#include "http/target.hpp"

namespace taskd {

class EventStream;

enum class Method { get, head, post, put, patch, remove, options, other };

std::string_view to_string(Method method) noexcept;
Method parse_method(std::string_view text) noexcept;

struct Request {
  Method method = Method::get;
  std::string path;                   ///< As sent: percent-escapes and all, without the query.
  std::vector<std::string> segments;  ///< Decoded.
  Query query;
  Headers headers;
  std::string body;
  BodyShare body_share;  ///< For as long as the body is held.
  std::string remote_address;

  // What the rooms on the way add.
  std::string id;                    ///< Request id, in every log line and problem about this request.
  std::optional<Identity> identity;  ///< Set by authentication where the token is good.
  std::string refusal;               ///< Why the token was not good.
  /// The pattern of the route that took it, such as "/api/tasks/:id"; a view into the route table, empty where none
  /// did.
  std::string_view route{};
  /// The router's `:name` parts; the views look into the route table and into `segments`.
  std::vector<std::pair<std::string_view, std::string_view>> params;

  /// Its memory is another's from now on.
  void drop_body() noexcept {
    std::string().swap(body);
    body_share = BodyShare();
  }

  /// The path's part of that name; empty when the route has none.
  std::string_view param(std::string_view name) const noexcept;
};

struct Response {
  int status = 200;
  Headers headers{};
  std::string body{};
  bool close = false;                     ///< End the connection after this response.
  std::shared_ptr<EventStream> stream{};  ///< Where set, the body is what comes out of it, and `body` is empty.
};

/// "Not Found" for 404.
std::string_view reason_phrase(int status) noexcept;

}  // namespace taskd
