#include "net/tls_contexts.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>

namespace taskcore::net {

namespace ssl = boost::asio::ssl;

namespace {

constexpr std::size_t kMost = 64;
constexpr unsigned char kProtocols[] = "\x08http/1.1";

Result<std::shared_ptr<ssl::context>> make(const TlsOptions& options) {
  boost::system::error_code error;
  auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_alpn_protos(context->native_handle(), kProtocols, sizeof kProtocols - 1);
  context->set_verify_mode(options.verify ? ssl::verify_peer : ssl::verify_none, error);
  if (!options.ca.empty()) {
    context->add_certificate_authority(boost::asio::buffer(options.ca), error);
    if (error) return fail(Errc::invalid, "must be certificates in PEM: " + error.message());
  } else if (options.verify) {
    context->set_default_verify_paths(error);
    if (error) return fail(Errc::unavailable, "the system's certificates cannot be read: " + error.message());
  }
  return context;
}

}  // namespace

Result<std::shared_ptr<ssl::context>> TlsContexts::get(const TlsOptions& options) {
  const std::lock_guard lock(mutex_);
  if (const auto it = contexts_.find(options); it != contexts_.end()) return it->second;
  auto context = make(options);
  if (!context) return context;
  if (contexts_.size() >= kMost) contexts_.clear();
  contexts_.emplace(options, *context);
  return context;
}

Result<void> check_certificates(const std::string& pem) {
  const auto context = make({.verify = true, .ca = pem});
  if (!context) return context.error();
  return {};
}

}  // namespace taskcore::net
