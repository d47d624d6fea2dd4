#include "net/http_client.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <mutex>
#include <vector>

#include "net/address_kind.hpp"
#include "net/connection.hpp"
#include "net/connection_pool.hpp"
#include "net/redirect.hpp"

namespace taskcore::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using Code = boost::system::error_code;

struct HttpClient::Shared {
  explicit Shared(OutboundPolicy outbound) : policy(std::move(outbound)) {}
  OutboundPolicy policy;
  TlsContexts contexts{};
  std::shared_ptr<ConnectionPool> pool = std::make_shared<ConnectionPool>();
  std::mutex mutex{};
  std::vector<std::weak_ptr<Call>> calls{};  ///< Those that go on, and some that are over.
};

/// One call. All of it happens on a strand of its own.
class HttpClient::Call : public std::enable_shared_from_this<Call> {
 public:
  Call(std::shared_ptr<Shared> shared, const asio::any_io_executor& executor, HttpRequest request,
       const CallLimits& limits, std::function<void(CallEnd)> done)
      : shared_(std::move(shared)),
        executor_(executor),
        strand_(asio::make_strand(executor)),
        request_(std::move(request)),
        limits_(limits),
        done_(std::move(done)),
        resolver_(executor),
        total_(executor),
        connecting_(executor) {}

  void start(std::stop_token stop) {
    asio::post(strand_, [self = shared_from_this(), stop = std::move(stop)] {
      self->bound_silence();
      self->reach();
      if (self->done_) self->heed(stop);
    });
  }

  /// From any thread.
  void cancel() {
    asio::post(strand_, [self = shared_from_this()] {
      self->end("cancelled", "the call to " + self->where() + " was cancelled");
    });
  }

 private:
  using Step = std::function<void()>;

  /// The stop may come from any thread, and at once when it was asked for before.
  void heed(const std::stop_token& stop) {
    on_stop_.emplace(stop, [weak = weak_from_this()] {
      if (auto self = weak.lock()) self->cancel();
    });
  }

  std::string where() const { return request_.target.origin(); }
  static std::string in_words(Duration time) { return std::to_string(time.count()) + " ms"; }

  void wait(asio::steady_timer& timer, Duration time, Step then) {
    timer.expires_after(time);
    timer.async_wait(asio::bind_executor(strand_, [self = shared_from_this(), then = std::move(then)](Code error) {
      if (!error && self->done_) then();
    }));
  }

  void bound_silence() {
    if (!limits_.total) return;
    wait(total_, *limits_.total, [self = shared_from_this()] {
      self->end("timeout",
                "timeout: " + self->where() + " gave no answer within " + self->in_words(*self->limits_.total));
    });
  }

  std::string pool_key() const {
    const TlsOptions& tls = limits_.tls;
    return where() + (request_.target.tls ? (tls.verify ? "+" : "-") + tls.ca : "");
  }

  void reach() {
    connection_ = shared_->pool->take(pool_key());
    reused_ = connection_ != nullptr;
    if (reused_) return exchange();
    wait(connecting_, limits_.connect, [self = shared_from_this(), round = ++round_] {
      if (round != self->round_) return;  // it was connected just then
      self->end("timeout",
                "timeout: no connection to " + self->where() + " within " + self->in_words(self->limits_.connect));
    });
    Code no_address;
    const auto address = asio::ip::make_address(request_.target.host, no_address);
    if (!no_address) return choose({address});
    resolver_.async_resolve(
        request_.target.host, std::to_string(request_.target.port), tcp::resolver::numeric_service,
        asio::bind_executor(strand_, [self = shared_from_this()](Code error, const tcp::resolver::results_type& found) {
          if (!self->done_) return;
          if (error) return self->end("dns", "cannot look up '" + self->request_.target.host + "': " + error.message());
          std::vector<asio::ip::address> addresses;
          for (const auto& entry : found) addresses.push_back(entry.endpoint().address());
          self->choose(addresses);
        }));
  }

  /// Connections go to what was checked, not to the name: it may lead elsewhere when asked again.
  void choose(const std::vector<asio::ip::address>& found) {
    endpoints_.clear();
    for (const auto& address : found) {
      if (shared_->policy.permits(request_.target, address)) endpoints_.emplace_back(address, request_.target.port);
    }
    if (!endpoints_.empty()) return connect(0);
    const std::string kind = found.empty() ? "no" : std::string(to_string(kind_of(found.front())));
    end("outbound_refused",
        "'" + request_.target.host + "' has a " + kind +
            " address, which calls may not reach; TASK_OUTBOUND_ALLOW (HttpOptions::outbound_allow) names exceptions",
        false);
  }

  void connect(std::size_t which) {
    if (request_.target.tls) {
      auto context = shared_->contexts.get(limits_.tls);
      if (!context) return end("tls", context.error().detail, false);
      connection_ = make_tls_connection(executor_, *context, request_.target.host);
    } else {
      connection_ = make_plain_connection(executor_);
    }
    connection_->open(strand_, endpoints_[which], [self = shared_from_this(), which](Code error) {
      if (!self->done_) return;
      if (!error) return self->exchange();
      if (which + 1 < self->endpoints_.size()) return self->connect(which + 1);
      const bool tls = error.category() == asio::error::get_ssl_category();
      // An alert is the server's word, and may be another one next time; what this side found wrong stays wrong.
      const auto code = static_cast<unsigned long>(error.value());
      const bool alert = ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) >= SSL_AD_REASON_OFFSET;
      self->end(tls ? "tls" : "connect", "cannot connect to " + self->where() + ": " + error.message(), !tls || alert);
    });
  }

  void exchange() {
    ++round_;
    connecting_.cancel();
    Intake intake{limits_.max_body, {}};
    if (limits_.on_events) {
      intake.on_events = [weak = weak_from_this()](std::string_view text) {
        const auto self = weak.lock();
        if (!self || !self->done_) return;
        self->total_.cancel();  // how long the text is taken is no silence of the server
        self->limits_.on_events(text);
        if (self->done_) self->bound_silence();
      };
    }
    connection_->exchange(strand_, request_, std::move(intake), [self = shared_from_this()](Exchanged ended) {
      if (self->done_) self->exchanged(std::move(ended));
    });
  }

  void exchanged(Exchanged ended) {
    if (ended.too_large)
      return end("response_too_large",
                 "the answer of " + where() + " is larger than " + std::to_string(limits_.max_body) + " bytes", false);
    if (ended.malformed) return end("bad_response", "what " + where() + " sent is no answer in HTTP/1.1");
    if (ended.truncated) return end("truncated", "the answer of " + where() + " broke off");
    if (ended.error) {
      // A connection that had rested may have been closed just then: what does no harm twice is sent once more.
      if (reused_ && !ended.answered && is_idempotent(request_.method)) {
        connection_->close();
        return reach();
      }
      return end("connection_lost",
                 "the connection to " + where() + " ended without an answer: " + ended.error.message());
    }
    if (ended.reusable) {
      shared_->pool->give(pool_key(), std::exchange(connection_, nullptr), executor_);
    } else {
      std::exchange(connection_, nullptr)->close();
    }
    if (limits_.max_redirects == 0 || !is_redirect(ended.response)) {
      CallEnd out;
      out.response = std::move(ended.response);
      return finish(std::move(out));
    }
    if (redirects_++ == limits_.max_redirects)
      return end("redirect",
                 "more than " + std::to_string(limits_.max_redirects) + " redirects, the last by " + where(), false);
    auto next = redirected(request_, ended.response);
    if (!next) return end("redirect", next.error().detail, false);
    request_ = std::move(*next);
    reach();
  }

  void end(std::string code, std::string message, bool retryable = true) {
    if (!done_) return;
    finish({.code = std::move(code), .message = std::move(message), .retryable = retryable});
  }

  void finish(CallEnd out) {
    out.redirects = redirects_;
    total_.cancel();
    connecting_.cancel();
    resolver_.cancel();
    if (connection_) connection_->close();
    on_stop_.reset();
    std::exchange(done_, nullptr)(std::move(out));
  }

  std::shared_ptr<Shared> shared_;
  asio::any_io_executor executor_;
  asio::strand<asio::any_io_executor> strand_;
  HttpRequest request_;
  CallLimits limits_;
  std::function<void(CallEnd)> done_;
  tcp::resolver resolver_;
  asio::steady_timer total_;
  asio::steady_timer connecting_;
  std::vector<tcp::endpoint> endpoints_{};
  std::shared_ptr<Connection> connection_{};
  bool reused_ = false;
  int redirects_ = 0;
  int round_ = 0;
  std::optional<std::stop_callback<std::function<void()>>> on_stop_{};
};

HttpClient::HttpClient(OutboundPolicy policy) : shared_(std::make_shared<Shared>(std::move(policy))) {}
HttpClient::~HttpClient() { close(); }

void HttpClient::send(const asio::any_io_executor& executor, HttpRequest request, const CallLimits& limits,
                      std::stop_token stop, std::function<void(CallEnd)> done) {
  auto call = std::make_shared<Call>(shared_, executor, std::move(request), limits, std::move(done));
  {
    const std::lock_guard lock(shared_->mutex);
    auto& calls = shared_->calls;
    if (calls.size() == calls.capacity()) std::erase_if(calls, [](const auto& one) { return one.expired(); });
    calls.push_back(call);
  }
  call->start(std::move(stop));
}

void HttpClient::close() noexcept {
  shared_->pool->close();
  std::vector<std::weak_ptr<Call>> calls;
  {
    const std::lock_guard lock(shared_->mutex);
    calls.swap(shared_->calls);
  }
  for (const auto& one : calls) {
    if (auto call = one.lock()) call->cancel();
  }
}

}  // namespace taskcore::net
