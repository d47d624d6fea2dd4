// The way of a response back to the client, and the shape of what answers requests.
#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "http/message.hpp"

namespace taskd {

/// The right to answer one request, once, from any thread. Copies share it: what comes after the first answer is
/// dropped. The rooms that a request passes on its way in say here what is to be done on the way out.
class Reply {
 public:
  /// What the client got.
  struct Answered {
    int status = 0;
    std::size_t body_size = 0;
    std::chrono::steady_clock::time_point at{};  ///< When it was ready, before it went.
  };
  using Send = std::function<void(Response)>;
  using Before = std::function<void(Response&)>;
  using After = std::function<void(const Answered&)>;

  /// When the last copy goes unused the client gets a 500 with this request id rather than silence. Until it is used
  /// `send` is held; an uncalled one must not outlive the listener's io_context.
  Reply(Send send, std::string request_id);

  /// For who takes the answer without a client behind: nothing comes of an unused one.
  template <class F>
  requires std::invocable<F, Response> &&(!std::same_as<std::remove_cvref_t<F>, Reply>)
      Reply(F send)  // NOLINT(google-explicit-constructor): a lambda is a reply
      : Reply(Send(std::move(send)), std::string()) {}

  /// Answers. What `before` throws comes out, and the request is then still to be answered.
  void operator()(Response response) const;

  /// On the way in, by one thread at a time: `edit` is called with the response before it goes, those of the inner
  /// rooms first.
  void before(Before edit) const;
  /// `note` is called once the response is on its way, in the same order. What it throws is lost.
  void after(After note) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// Answers each request sooner or later through `reply`; may return before it does.
using Handler = std::function<void(std::shared_ptr<Request> request, Reply reply)>;

}  // namespace taskd
