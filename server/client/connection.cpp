// See connection.hpp.
#include "client/connection.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <charconv>
#include <csignal>
#include <stop_token>

#include "http/headers.hpp"
#include "net/http_client.hpp"
#include "taskcore/version.hpp"

namespace taskd {

namespace asio = boost::asio;
namespace net = taskcore::net;

namespace {

constexpr std::size_t kMaxAnswer = 512UL * 1024 * 1024;
constexpr std::chrono::seconds kConnectTimeout{10};
constexpr std::chrono::seconds kCallTimeout{60};
constexpr std::chrono::seconds kLongestSilence{30};  // a server says something every ten

/// A token is letters, digits and a few marks: anything else would end the header, or make another one.
bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

std::chrono::seconds seconds_of(std::string_view text) {
  unsigned count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return std::chrono::seconds(std::min(count, 3600U));
}

/// Where a user wants the calls to go is theirs to say.
net::OutboundPolicy anywhere() { return *net::OutboundPolicy::parse({"*"}); }

Failure no_answer(const net::CallEnd& end) {
  if (end.code == "cancelled") return interrupted();
  std::string detail = end.message;
  if (end.code == "connect" || end.code == "dns") detail += "; is taskd running there? --url or TASK_URL names another";
  if (end.code == "tls") detail += "; --ca or TASK_CA names the authorities of a private certificate";
  return {kExitUnavailable, std::move(detail)};
}

Answer<ClientResponse> answer_of(net::CallEnd end) {
  if (!end.response) return no_answer(end);
  net::HttpResponse& response = *end.response;
  constexpr std::string_view kEvents = "text/event-stream";
  const bool is_events =
      response.status == 200 && iequals(response.header("content-type").substr(0, kEvents.size()), kEvents);
  return ClientResponse{response.status, std::move(response.body), seconds_of(response.header("retry-after")),
                        is_events};
}

}  // namespace

struct Connection::Parts {
  net::CallEnd send(net::HttpRequest request, net::CallLimits limits, std::stop_token until);

  explicit Parts(net::Target target) : base(std::move(target)) {
    signals.async_wait([this](boost::system::error_code error, int) {
      if (error) return;
      stop.request_stop();
      boost::system::error_code ignored;
      signals.clear(ignored);  // the next one is for the system to handle
    });
  }

  asio::io_context loop{};
  asio::signal_set signals{loop, SIGINT};
  std::stop_source stop{};
  net::Target base;
  net::Headers headers{};
  net::TlsOptions tls{};
  net::HttpClient client{anywhere()};
};

net::CallEnd Connection::Parts::send(net::HttpRequest request, net::CallLimits limits, std::stop_token until) {
  limits.connect = kConnectTimeout;
  limits.max_body = kMaxAnswer;
  limits.tls = tls;
  std::optional<net::CallEnd> end;
  client.send(loop.get_executor(), std::move(request), limits, std::move(until),
              [&end](net::CallEnd ended) { end = std::move(ended); });
  loop.restart();
  while (!end) loop.run_one();
  return std::move(*end);
}

Connection::Connection(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Connection::~Connection() = default;

Answer<std::unique_ptr<Connection>> Connection::make(std::string_view url, const Secret& token,
                                                     const std::optional<std::string>& authorities) {
  auto target = net::parse_target(url);
  if (!target) return usage_failure("--url (TASK_URL) " + target.error().detail + ", such as http://127.0.0.1:3001");
  if (target->path.find('?') != std::string::npos) return usage_failure("--url (TASK_URL) must have no query");
  while (target->path.ends_with('/')) target->path.pop_back();
  if (token.empty()) {
    return usage_failure("there is no token: set TASK_TOKEN, or name a file by --token-file; `taskd token` makes one");
  }
  if (!is_token(token.bytes())) return usage_failure("the token (TASK_TOKEN, --token-file) holds what no token has");
  auto parts = std::make_unique<Parts>(std::move(*target));
  if (authorities) {
    if (authorities->empty()) return usage_failure("--ca (TASK_CA) must be certificates in PEM: the file is empty");
    if (const auto fine = net::check_certificates(*authorities); !fine) {
      return usage_failure("--ca (TASK_CA) " + fine.error().detail);
    }
    parts->tls.ca = *authorities;
  }
  parts->headers = {{"Authorization", "Bearer " + std::string(token.bytes())},
                    {"Accept", "application/json"},
                    {"User-Agent", std::string("taskd/") + taskcore::kVersion}};
  return std::unique_ptr<Connection>(new Connection(std::move(parts)));
}

Answer<ClientResponse> Connection::call(const ClientRequest& request) {
  net::HttpRequest sent{request.method, parts_->base, parts_->headers, request.body};
  sent.target.path += request.target;
  if (!request.body.empty()) sent.headers.emplace_back("Content-Type", "application/json");
  net::CallLimits limits;
  limits.total = kCallTimeout;
  return answer_of(parts_->send(std::move(sent), limits, parts_->stop.get_token()));
}

Answer<ClientResponse> Connection::follow(const std::string& target, const std::string& last_id,
                                          const std::function<bool(std::string_view)>& on_events) {
  net::HttpRequest sent{"GET", parts_->base, parts_->headers, {}};
  sent.target.path += target;
  for (auto& [name, value] : sent.headers) {
    if (name == "Accept") value = "text/event-stream, application/json;q=0.5";
  }
  if (!last_id.empty()) sent.headers.emplace_back("Last-Event-ID", last_id);
  std::stop_source enough;
  const std::stop_callback on_interrupt(parts_->stop.get_token(), [&enough] { enough.request_stop(); });
  bool has_left = false;
  net::CallLimits limits;
  limits.total = kLongestSilence;
  limits.on_events = [&](std::string_view text) {
    if (has_left || on_events(text)) return;
    has_left = true;
    enough.request_stop();
  };
  auto answer = answer_of(parts_->send(std::move(sent), limits, enough.get_token()));
  if (!answer && has_left) return ClientResponse{.status = 200, .is_events = true};
  return answer;
}

bool Connection::wait(std::chrono::milliseconds time) {
  const std::stop_token stop = parts_->stop.get_token();
  asio::io_context& loop = parts_->loop;
  asio::steady_timer timer(loop, time);
  bool over = false;
  timer.async_wait([&over](boost::system::error_code) { over = true; });
  loop.restart();
  while (!over && !stop.stop_requested()) loop.run_one();
  timer.cancel();
  while (!over) loop.run_one();  // what ends the wait names this frame
  return !stop.stop_requested();
}

}  // namespace taskd
