// JwksClient: see jwks_client.hpp.
#include "auth/jwks_client.hpp"

#include <stop_token>
#include <utility>

#include "net/http_client.hpp"
#include "taskcore/version.hpp"

namespace taskd {

namespace net = taskcore::net;
using taskcore::Errc;
using taskcore::fail;
using taskcore::Result;

namespace {

constexpr std::size_t kMaxSet = 256 * 1024;

/// Where the keys are is the operator's to say.
net::OutboundPolicy anywhere() { return *net::OutboundPolicy::parse({"*"}); }

Result<JwksAnswer> read(net::CallEnd end, const std::string& server) {
  if (!end.response) return fail(Errc::unavailable, std::move(end.message));
  net::HttpResponse& response = *end.response;
  if (response.status != 200) {
    const bool moved = response.status >= 300 && response.status < 400;
    return fail(Errc::unavailable, server + " answered " + std::to_string(response.status) +
                                       (moved ? "; redirects are not followed, give the address itself" : ""));
  }
  std::string cache_control(response.header("cache-control"));
  return JwksAnswer{std::move(response.body), std::move(cache_control)};
}

}  // namespace

struct JwksClient::Parts {
  net::HttpRequest request{};
  net::CallLimits limits{};
  std::string server{};
  net::HttpClient client{anywhere()};
};

JwksClient::JwksClient(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
JwksClient::~JwksClient() = default;

Result<std::unique_ptr<JwksClient>> JwksClient::make(const JwksAddress& address) {
  auto target = net::parse_target(address.url);
  if (!target) return fail(Errc::invalid, "TASK_JWKS: the address " + target.error().detail);
  if (!target->tls) return fail(Errc::invalid, "TASK_JWKS: an address must begin with https://");
  auto parts = std::make_unique<Parts>();
  parts->server = target->origin();
  parts->request.target = std::move(*target);
  parts->request.headers = {{"Accept", "application/jwk-set+json, application/json"},
                            {"User-Agent", std::string("taskd/") + taskcore::kVersion}};
  parts->limits.total = parts->limits.connect = address.patience;
  parts->limits.max_body = kMaxSet;
  if (address.authorities) {
    if (address.authorities->empty()) {
      return fail(Errc::invalid, "TASK_JWKS_CA: must be certificates in PEM: the file is empty");
    }
    if (const auto fine = net::check_certificates(*address.authorities); !fine) {
      return fail(Errc::invalid, "TASK_JWKS_CA: " + fine.error().detail);
    }
    parts->limits.tls.ca = *address.authorities;
  }
  return std::unique_ptr<JwksClient>(new JwksClient(std::move(parts)));
}

void JwksClient::get(const boost::asio::any_io_executor& executor, Done done) {
  parts_->client.send(
      executor, parts_->request, parts_->limits, std::stop_token(),
      [done = std::move(done), server = parts_->server](net::CallEnd end) { done(read(std::move(end), server)); });
}

const std::string& JwksClient::server() const noexcept { return parts_->server; }

}  // namespace taskd
