// Listener: see listener.hpp.
#include "http/listener.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "http/problem.hpp"
#include "http/request_id.hpp"
#include "http/session.hpp"
#include "http/trusted_proxies.hpp"

namespace taskd {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

/// Beyond a cap this many more are let in to be told so; what comes on top is closed without a word.
constexpr std::size_t kTurnedAwayAtOnce = 64;
constexpr std::size_t kTurnedAwayOfOne = 4;

Response busy(const std::string& detail) {
  const std::string id = make_request_id();
  Problem problem = make_problem(503, detail);
  problem.headers.set("Retry-After", "1");
  return to_response(problem, id);
}

/// A host has all of its /64. IPv4 addresses have numbers below those of all networks in use.
Connections::Source source_of(const Session::Socket& socket, const HttpOptions& options) {
  error_code ec;
  const asio::ip::address address = socket.remote_endpoint(ec).address();
  if (ec || (options.trusted_proxies && options.trusted_proxies->contains(address))) return std::nullopt;
  if (address.is_v4()) return address.to_v4().to_uint();
  const auto bytes = address.to_v6().to_bytes();
  const bool is_mapped = address.to_v6().is_v4_mapped();
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i) number = number << 8 | bytes[is_mapped ? i + 8 : i];
  return is_mapped ? number & 0xFFFF'FFFF : number;
}

/// Gives the connection its session, unless there are too many.
void admit(Session::Socket socket, const std::shared_ptr<Connections>& connections) {
  const HttpOptions& options = connections->options();
  const Connections::Source source = source_of(socket, options);
  const std::size_t open = connections->size();
  const std::size_t of_one = connections->count(source);
  if (open >= options.max_connections + kTurnedAwayAtOnce ||
      of_one >= options.max_connections_per_address + kTurnedAwayOfOne) {
    return;
  }
  auto session = std::make_shared<Session>(std::move(socket), connections);
  connections->add(session, source);
  if (open >= options.max_connections) {
    session->turn_away(busy("The server has as many connections as it can bear."));
  } else if (of_one >= options.max_connections_per_address) {
    session->turn_away(busy("There are as many connections from this address as one may have."));
  } else {
    session->start();
  }
}

}  // namespace

std::shared_ptr<Listener> Listener::make(asio::io_context& context, HttpOptions options, Handler handler) {
  return std::shared_ptr<Listener>(new Listener(context, options, std::move(handler)));
}

Listener::Listener(asio::io_context& context, HttpOptions options, Handler handler)
    : context_(context),
      strand_(asio::make_strand(context)),
      acceptor_(context),
      timer_(context),
      connections_(std::make_shared<Connections>(options, std::move(handler))) {}

error_code Listener::bind(const std::string& host, std::uint16_t port) {
  error_code ec;
  tcp::endpoint endpoint(asio::ip::make_address(host, ec), port);
  if (ec) {
    tcp::resolver resolver(context_);
    const auto found = resolver.resolve(host, std::to_string(port), tcp::resolver::passive, ec);
    if (ec) return ec;
    endpoint = found.begin()->endpoint();
  }
  acceptor_.open(endpoint.protocol(), ec);
  if (!ec) acceptor_.set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec) acceptor_.bind(endpoint, ec);
  if (!ec) acceptor_.listen(asio::socket_base::max_listen_connections, ec);
  if (ec) return ec;
  port_ = acceptor_.local_endpoint().port();
  return {};
}

void Listener::accept_connections() {
  asio::post(strand_, [self = shared_from_this()] { self->accept(); });
}

void Listener::accept() {
  if (stopped_) return;
  acceptor_.async_accept(
      asio::make_strand(context_),
      asio::bind_executor(strand_, [self = shared_from_this()](const error_code& ec, Session::Socket socket) {
        if (self->stopped_ || ec == asio::error::operation_aborted) return;
        // Out of descriptors or memory: the backlog waits, and trying at once again would only burn the processor.
        if (ec) return self->pause_then_accept();
        admit(std::move(socket), self->connections_);
        self->accept();
      }));
}

void Listener::pause_then_accept() {
  timer_.expires_after(std::chrono::milliseconds(50));
  timer_.async_wait(asio::bind_executor(strand_, [self = shared_from_this()](const error_code& ec) {
    if (!ec) self->accept();
  }));
}

void Listener::drain(std::chrono::milliseconds grace, std::function<void()> done) {
  asio::post(strand_, [self = shared_from_this(), grace, done = std::move(done)]() mutable {
    self->stopped_ = true;
    self->timer_.expires_after(grace);
    self->timer_.async_wait(asio::bind_executor(self->strand_, [self](const error_code& cancelled) {
      if (cancelled) return;
      for (const auto& session : self->connections_->all()) session->abort();
    }));
    self->connections_->drain([self, done = std::move(done)] {
      // Called by whoever was last, under no lock of ours, but maybe not on our strand.
      asio::post(self->strand_, [self, done] {
        self->timer_.cancel();
        if (done) done();
      });
    });
    // Closed last: a client that is refused knows that the drain is under way.
    error_code ec;
    self->acceptor_.close(ec);
    for (const auto& session : self->connections_->all()) session->drain();
  });
}

}  // namespace taskd
