// PEM: see public_key_pem.hpp.
#include "auth/public_key_pem.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include "auth/openssl_ptr.hpp"

namespace taskd {

using taskcore::Errc;
using taskcore::fail;
using taskcore::Result;

Result<PublicKey> public_key_from_pem(std::string_view pem) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  const std::size_t first = pem.find(kBegin);
  if (pem.find("PRIVATE KEY-----") != std::string_view::npos) {
    return fail(Errc::invalid, "holds a private key; give its public part: openssl pkey -in FILE -pubout");
  }
  if (first != std::string_view::npos && pem.find(kBegin, first + 1) != std::string_view::npos) {
    return fail(Errc::invalid, "holds more than one PEM block; give one public key, or use TASK_JWKS for several");
  }
  const BioPtr source(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  std::shared_ptr<EVP_PKEY> key(source ? PEM_read_bio_PUBKEY(source.get(), nullptr, no_password, nullptr) : nullptr,
                                EVP_PKEY_free);
  ERR_clear_error();
  if (!key) return fail(Errc::invalid, "holds no PEM public key (-----BEGIN PUBLIC KEY-----)");
  return PublicKey::make(std::move(key));
}

}  // namespace taskd
