// Keys that sign tokens as an identity provider does: made and used by OpenSSL alone, so that the check of tokens is
// tested against something else than itself.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "auth/algorithm.hpp"

struct evp_pkey_st;

namespace test_support {

class SigningKey {
 public:
  static SigningKey rsa(unsigned bits = 2048);
  static SigningKey ec(const char* curve = "P-256");
  static SigningKey ed25519();

  std::string public_pem() const;
  std::string private_pem() const;

  /// The public key as a JSON Web Key; `more` are members to add: `"kid":"a","use":"sig"`.
  std::string jwk(const std::string& more = {}) const;

  /// A signature of `text` in the form of a JWS.
  std::string sign(taskd::Algorithm algorithm, std::string_view text) const;

  /// ECDSA's signature in DER, which is not the form of a JWS.
  std::string sign_der(std::string_view text) const;

 private:
  explicit SigningKey(evp_pkey_st* key);
  std::string number(const char* name, int size = 0) const;

  std::shared_ptr<evp_pkey_st> key_;
};

/// A token signed with `key` by `algorithm`, whatever the header says.
std::string signed_token(const SigningKey& key, taskd::Algorithm algorithm, std::string_view header,
                         std::string_view claims);

/// Keys that are made once.
const SigningKey& rsa_key();
const SigningKey& ec_key();
const SigningKey& ed_key();

}  // namespace test_support
