// PublicKey: see public_key.hpp.
#include "auth/public_key.hpp"

#include <openssl/err.h>
#include <openssl/obj_mac.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <string>
#include <utility>

#include "auth/openssl_ptr.hpp"

namespace taskd {

using taskcore::Errc;
using taskcore::fail;
using taskcore::Result;

namespace {

constexpr int kLeastRsaBits = 2048;
constexpr int kMostRsaBits = 8192;
constexpr std::size_t kP256Bytes = 32;

bool is_p256(const EVP_PKEY* key) {
  char name[64] = {};
  return EVP_PKEY_get_group_name(key, name, sizeof name, nullptr) == 1 &&
         (OBJ_txt2nid(name) == NID_X9_62_prime256v1 || EC_curve_nist2nid(name) == NID_X9_62_prime256v1);
}

/// ES256 has r and s as 32 bytes each, one after the other; OpenSSL wants them in DER. Empty where they are not 64.
std::string to_der(std::string_view signature) {
  if (signature.size() != 2 * kP256Bytes) return {};
  BignumPtr r(BN_bin2bn(octets(signature), kP256Bytes, nullptr));
  BignumPtr s(BN_bin2bn(octets(signature.substr(kP256Bytes)), kP256Bytes, nullptr));
  const EcdsaSigPtr pair(ECDSA_SIG_new());
  if (!r || !s || !pair || ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) return {};
  (void)r.release();  // The pair owns them now.
  (void)s.release();
  std::string der(static_cast<std::size_t>(std::max(0, i2d_ECDSA_SIG(pair.get(), nullptr))), '\0');
  auto* end = reinterpret_cast<unsigned char*>(der.data());
  return i2d_ECDSA_SIG(pair.get(), &end) == static_cast<int>(der.size()) ? der : std::string();
}

/// PS256: the hash of the mask is that of the text, and the salt is as long as it (RFC 7518 3.5).
bool use_pss(EVP_PKEY_CTX* context) {
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) > 0 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) > 0;
}

bool holds(EVP_PKEY* key, Algorithm algorithm, std::string_view text, std::string_view signature) {
  const DigestPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;  // The context's.
  const EVP_MD* digest = algorithm == Algorithm::eddsa ? nullptr : EVP_sha256();
  return context && EVP_DigestVerifyInit(context.get(), &parameters, digest, nullptr, key) == 1 &&
         (algorithm != Algorithm::ps256 || use_pss(parameters)) &&
         EVP_DigestVerify(context.get(), octets(signature), signature.size(), octets(text), text.size()) == 1;
}

}  // namespace

Result<PublicKey::Kind> PublicKey::kind_of(const EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "ED25519") == 1) return Kind::ed25519;
  if (EVP_PKEY_is_a(key, "EC") == 1) {
    if (is_p256(key)) return Kind::p256;
    return fail(Errc::invalid, "an EC key must be on the curve P-256 (prime256v1)");
  }
  if (EVP_PKEY_is_a(key, "RSA") != 1) return fail(Errc::invalid, "the key must be RSA, EC P-256 or Ed25519");
  const int bits = EVP_PKEY_get_bits(key);
  if (bits >= kLeastRsaBits && bits <= kMostRsaBits) return Kind::rsa;
  return fail(Errc::invalid, "the RSA key has " + std::to_string(bits) + " bits; it needs " +
                                 std::to_string(kLeastRsaBits) + " to " + std::to_string(kMostRsaBits));
}

Result<PublicKey> PublicKey::make(std::shared_ptr<EVP_PKEY> key) {
  const auto kind = kind_of(key.get());
  bool sound = false;
  if (kind) {
    const PkeyContextPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
    sound = context && EVP_PKEY_public_check(context.get()) > 0;
  }
  ERR_clear_error();
  if (!kind) return kind.error();
  if (!sound) return fail(Errc::invalid, "the key's numbers are not those of a public key");
  return PublicKey(*kind, std::move(key));
}

bool PublicKey::takes(Algorithm algorithm) const noexcept {
  switch (kind_) {
    case Kind::rsa:
      return algorithm == Algorithm::rs256 || algorithm == Algorithm::ps256;
    case Kind::p256:
      return algorithm == Algorithm::es256;
    case Kind::ed25519:
      break;
  }
  return algorithm == Algorithm::eddsa;
}

bool PublicKey::verify(Algorithm algorithm, std::string_view text, std::string_view signature) const {
  if (!takes(algorithm)) return false;
  std::string der;
  if (kind_ == Kind::p256) {
    der = to_der(signature);
    signature = der;
  } else if (signature.size() != static_cast<std::size_t>(EVP_PKEY_get_size(key_.get()))) {
    return false;  // OpenSSL would take an RSA signature without its leading zeros.
  }
  const bool good = !signature.empty() && holds(key_.get(), algorithm, text, signature);
  ERR_clear_error();  // The thread's queue is for other users of OpenSSL, too.
  return good;
}

}  // namespace taskd
