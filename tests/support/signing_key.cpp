// SigningKey: see signing_key.hpp.
#include "support/signing_key.hpp"

#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <stdexcept>

#include "auth/base64url.hpp"
#include "auth/openssl_ptr.hpp"

namespace test_support {

using taskd::Algorithm;
using taskd::base64url_encode;
using taskd::octets;

namespace {

void need(bool good) {
  if (!good) throw std::runtime_error("OpenSSL refuses");
}

std::string text_of(const taskd::BioPtr& bio) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string raw_of(const std::string& der) {
  const unsigned char* at = octets(der);
  const taskd::EcdsaSigPtr pair(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  need(pair != nullptr);
  std::string raw(64, '\0');
  auto* out = reinterpret_cast<unsigned char*>(raw.data());
  need(BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), out, 32) == 32);
  need(BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), out + 32, 32) == 32);
  return raw;
}

std::string sign_with(EVP_PKEY* key, Algorithm algorithm, std::string_view text) {
  const taskd::DigestPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  const EVP_MD* digest = algorithm == Algorithm::eddsa ? nullptr : EVP_sha256();
  need(EVP_DigestSignInit(context.get(), &parameters, digest, nullptr, key) == 1);
  if (algorithm == Algorithm::ps256) {
    need(EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) > 0);
    need(EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) > 0);
  }
  std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key)), '\0');
  std::size_t size = signature.size();
  need(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, octets(text),
                      text.size()) == 1);
  signature.resize(size);
  return signature;
}

}  // namespace

SigningKey::SigningKey(EVP_PKEY* key) : key_(key, EVP_PKEY_free) { need(key != nullptr); }

SigningKey SigningKey::rsa(unsigned bits) { return SigningKey(EVP_RSA_gen(bits)); }

SigningKey SigningKey::ec(const char* curve) { return SigningKey(EVP_EC_gen(curve)); }

SigningKey SigningKey::ed25519() { return SigningKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")); }

std::string SigningKey::public_pem() const {
  const taskd::BioPtr bio(BIO_new(BIO_s_mem()));
  need(PEM_write_bio_PUBKEY(bio.get(), key_.get()) == 1);
  return text_of(bio);
}

std::string SigningKey::private_pem() const {
  const taskd::BioPtr bio(BIO_new(BIO_s_mem()));
  need(PEM_write_bio_PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return text_of(bio);
}

std::string SigningKey::number(const char* name, int size) const {
  BIGNUM* value = nullptr;
  need(EVP_PKEY_get_bn_param(key_.get(), name, &value) == 1);
  const taskd::BignumPtr owner(value);
  std::string bytes(static_cast<std::size_t>(size > 0 ? size : BN_num_bytes(value)), '\0');
  need(BN_bn2binpad(value, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) >= 0);
  return base64url_encode(bytes);
}

std::string SigningKey::jwk(const std::string& more) const {
  const std::string rest = more.empty() ? "}" : "," + more + "}";
  if (EVP_PKEY_is_a(key_.get(), "RSA") == 1) {
    return R"({"kty":"RSA","n":")" + number(OSSL_PKEY_PARAM_RSA_N) + R"(","e":")" + number(OSSL_PKEY_PARAM_RSA_E) +
           '"' + rest;
  }
  if (EVP_PKEY_is_a(key_.get(), "EC") == 1) {
    const int size = (EVP_PKEY_get_bits(key_.get()) + 7) / 8;
    return R"({"kty":"EC","crv":"P-)" + std::to_string(EVP_PKEY_get_bits(key_.get())) + R"(","x":")" +
           number(OSSL_PKEY_PARAM_EC_PUB_X, size) + R"(","y":")" + number(OSSL_PKEY_PARAM_EC_PUB_Y, size) + '"' + rest;
  }
  std::string bytes(32, '\0');
  std::size_t size = bytes.size();
  need(EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(bytes.data()), &size) == 1);
  return R"({"kty":"OKP","crv":"Ed25519","x":")" + base64url_encode(bytes) + '"' + rest;
}

std::string SigningKey::sign(Algorithm algorithm, std::string_view text) const {
  const std::string signature = sign_with(key_.get(), algorithm, text);
  return algorithm == Algorithm::es256 ? raw_of(signature) : signature;
}

std::string SigningKey::sign_der(std::string_view text) const { return sign_with(key_.get(), Algorithm::es256, text); }

std::string signed_token(const SigningKey& key, Algorithm algorithm, std::string_view header, std::string_view claims) {
  const std::string text = base64url_encode(header) + "." + base64url_encode(claims);
  return text + "." + base64url_encode(key.sign(algorithm, text));
}

const SigningKey& rsa_key() {
  static const SigningKey key = SigningKey::rsa();
  return key;
}

const SigningKey& ec_key() {
  static const SigningKey key = SigningKey::ec();
  return key;
}

const SigningKey& ed_key() {
  static const SigningKey key = SigningKey::ed25519();
  return key;
}

}  // namespace test_support
