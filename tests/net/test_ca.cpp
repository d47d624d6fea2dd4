// TestCa: see test_server.hpp.
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <stdexcept>

#include "net/test_server.hpp"

namespace net_test {

namespace {

constexpr long kDay = 24 * 3600;

EVP_PKEY* make_key() { return EVP_EC_gen("P-256"); }

void add(X509* certificate, X509* issuer, int what, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str());
  if (extension == nullptr) throw std::runtime_error("no such extension: " + value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

X509* make_certificate(EVP_PKEY* key, const char* name, X509* issuer, int days) {
  static long serial = 1;
  X509* out = X509_new();
  X509_set_version(out, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(out), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(out), -2 * kDay);
  X509_gmtime_adj(X509_getm_notAfter(out), days * kDay);
  X509_NAME* subject = X509_get_subject_name(out);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  X509_set_issuer_name(out, issuer != nullptr ? X509_get_subject_name(issuer) : subject);
  X509_set_pubkey(out, key);
  return out;
}

/// What was written to `memory`, which goes.
std::string text_of(BIO* memory) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory, &text);
  std::string out(text, static_cast<std::size_t>(size));
  BIO_free(memory);
  return out;
}

std::string pem_text(X509* certificate) {
  BIO* memory = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(memory, certificate);
  return text_of(memory);
}

}  // namespace

TestCa::TestCa() : key_(make_key()), certificate_(make_certificate(key_, "Test CA", nullptr, 10)) {
  add(certificate_, certificate_, NID_basic_constraints, "critical,CA:TRUE");
  add(certificate_, certificate_, NID_key_usage, "critical,keyCertSign,cRLSign");
  X509_sign(certificate_, key_, EVP_sha256());
}

TestCa::~TestCa() {
  X509_free(certificate_);
  EVP_PKEY_free(key_);
}

std::string TestCa::pem() const { return pem_text(certificate_); }

X509* TestCa::server_certificate(EVP_PKEY* key, const std::string& names, int days) const {
  X509* out = make_certificate(key, "server", certificate_, days);
  add(out, certificate_, NID_subject_alt_name, names);
  X509_sign(out, key_, EVP_sha256());
  return out;
}

SSL_CTX* TestCa::server_context(const std::string& names, int days) const {
  EVP_PKEY* key = make_key();
  X509* certificate = server_certificate(key, names, days);
  SSL_CTX* out = SSL_CTX_new(TLS_server_method());
  SSL_CTX_use_certificate(out, certificate);
  SSL_CTX_use_PrivateKey(out, key);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return out;
}

TestCa::Pem TestCa::server_pem(const std::string& names, int days) const {
  EVP_PKEY* key = make_key();
  X509* certificate = server_certificate(key, names, days);
  BIO* memory = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(memory, key, nullptr, nullptr, 0, nullptr, nullptr);
  Pem out{pem_text(certificate), text_of(memory)};
  X509_free(certificate);
  EVP_PKEY_free(key);
  return out;
}

}  // namespace net_test
