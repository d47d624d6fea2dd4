// Keys from numbers: see public_key_parts.hpp.
#include "auth/public_key_parts.hpp"

#include <openssl/core_names.h>
#include <openssl/err.h>

#include <string>

#include "auth/openssl_ptr.hpp"

namespace taskd {

using taskcore::Errc;
using taskcore::fail;
using taskcore::Result;

namespace {

constexpr std::size_t kCurveBytes = 32;
constexpr std::size_t kMostRsaBytes = 2048;  ///< Whatever is above that is refused before numbers are made of it.

Result<PublicKey> build(const char* type, OSSL_PARAM* parameters) {
  const PkeyContextPtr context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* made = nullptr;
  const bool good = context && parameters != nullptr && EVP_PKEY_fromdata_init(context.get()) > 0 &&
                    EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters) > 0;
  const std::shared_ptr<EVP_PKEY> key(made, EVP_PKEY_free);
  ERR_clear_error();
  if (!good) return fail(Errc::invalid, "the key's numbers are not those of a public key");
  return PublicKey::make(key);
}

BignumPtr number(std::string_view bytes) {
  return BignumPtr(BN_bin2bn(octets(bytes), static_cast<int>(bytes.size()), nullptr));
}

}  // namespace

Result<PublicKey> rsa_public_key(std::string_view modulus, std::string_view exponent) {
  if (modulus.size() > kMostRsaBytes || exponent.size() > kMostRsaBytes) {
    return fail(Errc::invalid, "the RSA key is too large");
  }
  const BignumPtr n = number(modulus);
  const BignumPtr e = number(exponent);
  const ParamBuilderPtr builder(OSSL_PARAM_BLD_new());
  if (!n || !e || !builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    return fail(Errc::internal, "the RSA key cannot be built");
  }
  const ParamsPtr parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  return build("RSA", parameters.get());
}

Result<PublicKey> p256_public_key(std::string_view x, std::string_view y) {
  if (x.size() != kCurveBytes || y.size() != kCurveBytes) {
    return fail(Errc::invalid, "the coordinates of a point on P-256 are 32 bytes each");
  }
  std::string group = "P-256";
  std::string point = "\x04" + std::string(x) + std::string(y);  // uncompressed
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
      OSSL_PARAM_construct_end(),
  };
  return build("EC", parameters);
}

Result<PublicKey> ed25519_public_key(std::string_view bytes) {
  if (bytes.size() != kCurveBytes) return fail(Errc::invalid, "an Ed25519 public key is 32 bytes");
  const std::shared_ptr<EVP_PKEY> key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, octets(bytes), bytes.size()), EVP_PKEY_free);
  ERR_clear_error();
  if (!key) return fail(Errc::invalid, "the key's numbers are not those of a public key");
  return PublicKey::make(key);
}

}  // namespace taskd
