// Certificate and key: see tls_certificate.hpp. Which TLS is spoken is settled here, too.
#include "http/tls_certificate.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <ctime>
#include <utility>

#include "auth/openssl_ptr.hpp"
#include "auth/secret.hpp"
#include "auth/text_file.hpp"
#include "taskcore/time.hpp"

namespace taskd {

using taskcore::Errc;
using taskcore::Error;
using taskcore::fail;
using taskcore::Result;

namespace {

using CertificatePtr = std::unique_ptr<X509, OpensslFree<X509_free>>;

constexpr std::size_t kMaxPem = 256 * 1024;
constexpr std::string_view kCertSetting = "TASK_TLS_CERT: ";
constexpr std::string_view kKeySetting = "TASK_TLS_KEY: ";

/// Of TLS 1.2: forward secret and authenticated. All of TLS 1.3's are.
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

/// The one protocol that is spoken here (RFC 7301): a client that names others only is told so in the handshake.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned offered_size, void*) {
  static constexpr unsigned char kHttp[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, size, kHttp, sizeof kHttp, offered, offered_size) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

Error refuse(std::string_view setting, const std::filesystem::path& path, const std::string& what) {
  ERR_clear_error();
  return fail(Errc::invalid, std::string(setting) + path.string() + ": " + what);
}

/// OpenSSL's words for what it did not like.
std::string reason() {
  const char* text = ERR_reason_error_string(ERR_peek_last_error());
  return text != nullptr ? text : "unknown reason";
}

std::shared_ptr<SSL_CTX> make_context() {
  std::shared_ptr<SSL_CTX> out(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!out) return out;
  SSL_CTX* context = out.get();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, kCiphers);
  // Without tickets and sessions there is no key whose theft would open what was said before.
  SSL_CTX_set_options(
      context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(context,
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(context, 1);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  return out;
}

BioPtr source_of(std::string_view text) { return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

TlsCertificate::Time time_of(const ASN1_TIME* at) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(at, &parts) != 1) return {};
  return TlsCertificate::Time(std::chrono::seconds(timegm(&parts)));
}

std::string text_of(TlsCertificate::Time at) { return taskcore::format_time(taskcore::TimePoint(at)); }

}  // namespace

Result<std::shared_ptr<TlsCertificate>> TlsCertificate::open(std::filesystem::path certificate,
                                                             std::filesystem::path key) {
  std::shared_ptr<TlsCertificate> out(new TlsCertificate(std::move(certificate), std::move(key)));
  if (auto read = out->reload(); !read) return read.error();
  return out;
}

Result<void> TlsCertificate::reload() {
  auto pair = read();
  if (!pair) return pair.error();
  const std::lock_guard lock(mutex_);
  pair_ = std::move(*pair);
  return {};
}

Result<TlsCertificate::Pair> TlsCertificate::read() const {
  const auto certificate_file = read_text_file(certificate_, kMaxPem);
  if (!certificate_file) return fail(Errc::invalid, std::string(kCertSetting) + certificate_file.error().detail);
  auto key_file = read_text_file(key_, kMaxPem);
  if (!key_file) return fail(Errc::invalid, std::string(kKeySetting) + key_file.error().detail);
  if (key_file->is_readable_by_all) return refuse(kKeySetting, key_, "can be read by everyone; chmod o-r it");

  const BioPtr certificates = source_of(certificate_file->text);
  const CertificatePtr own(PEM_read_bio_X509(certificates.get(), nullptr, no_password, nullptr));
  if (!own) return refuse(kCertSetting, certificate_, "holds no PEM certificate (-----BEGIN CERTIFICATE-----)");
  const BioPtr key_source = source_of(key_file->text);
  const PkeyPtr key(PEM_read_bio_PrivateKey(key_source.get(), nullptr, no_password, nullptr));
  wipe(key_file->text.data(), key_file->text.size());
  if (!key)
    return refuse(kKeySetting, key_, "holds no PEM private key without a password (-----BEGIN PRIVATE KEY-----)");

  Pair out{make_context(), time_of(X509_get0_notBefore(own.get())), time_of(X509_get0_notAfter(own.get()))};
  if (!out.context) return fail(Errc::internal, "TLS cannot be set up: " + reason());
  SSL_CTX* context = out.context.get();
  if (SSL_CTX_use_certificate(context, own.get()) != 1) return refuse(kCertSetting, certificate_, reason());
  while (X509* next = PEM_read_bio_X509(certificates.get(), nullptr, no_password, nullptr)) {
    if (SSL_CTX_add0_chain_cert(context, next) != 1) {
      X509_free(next);
      return refuse(kCertSetting, certificate_, reason());
    }
  }
  // Its end is "no start line"; anything else is damage behind the first certificate.
  if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) {
    return refuse(kCertSetting, certificate_, "holds a damaged certificate behind the first");
  }
  ERR_clear_error();
  if (X509_check_private_key(own.get(), key.get()) != 1) {
    return refuse(kKeySetting, key_, "is not the key of the certificate in " + certificate_.string());
  }
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1) return refuse(kKeySetting, key_, reason());
  return out;
}

TlsCertificate::Pair TlsCertificate::pair() const {
  const std::lock_guard lock(mutex_);
  return pair_;
}

std::unique_ptr<TlsStream> TlsCertificate::accept(int socket) const {
  return std::make_unique<TlsStream>(pair().context.get(), socket);
}

std::string TlsCertificate::warning(Time now) const {
  using namespace std::chrono_literals;
  const Pair pair = this->pair();
  const std::string name = std::string(kCertSetting) + "the certificate ";
  if (now < pair.from) return name + "is good only from " + text_of(pair.from) + " on";
  if (now >= pair.until) return name + "has expired at " + text_of(pair.until);
  const std::chrono::seconds notice = std::min<std::chrono::seconds>(14 * 24h, (pair.until - pair.from) / 5);
  return now < pair.until - notice ? std::string() : name + "expires at " + text_of(pair.until);
}

std::string TlsCertificate::end() const { return text_of(pair().until); }

}  // namespace taskd
