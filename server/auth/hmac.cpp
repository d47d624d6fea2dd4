// HMAC: see hmac.hpp.
#include "auth/hmac.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace taskd {

namespace {

const EVP_MD* digest_of(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::hs256:
      return EVP_sha256();
    case Algorithm::hs384:
      return EVP_sha384();
    case Algorithm::hs512:
      return EVP_sha512();
    default:
      return nullptr;
  }
}

}  // namespace

std::size_t hmac_size(Algorithm algorithm) noexcept {
  const EVP_MD* digest = digest_of(algorithm);
  return digest == nullptr ? 0 : static_cast<std::size_t>(EVP_MD_get_size(digest));
}

std::string hmac(Algorithm algorithm, std::string_view key, std::string_view text) {
  const EVP_MD* digest = digest_of(algorithm);
  if (digest == nullptr) return {};
  std::string mac(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  const unsigned char* made =
      HMAC(digest, key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
           text.size(), reinterpret_cast<unsigned char*>(mac.data()), &size);
  mac.resize(made == nullptr ? 0 : size);
  return mac;
}

}  // namespace taskd
