// Keys from PEM files: strong ones of three kinds, and one clear reason for each other file.
#include "auth/public_key_pem.hpp"
#include "support/catch.hpp"
#include "support/signing_key.hpp"

using namespace taskd;
using test_support::ec_key;
using test_support::ed_key;
using test_support::rsa_key;
using test_support::SigningKey;

namespace {

std::string fault_of(const std::string& pem) {
  const auto key = public_key_from_pem(pem);
  return key ? "none" : key.error().detail;
}

}  // namespace

TEST_CASE("RSA, P-256 and Ed25519 keys are read from PEM", "[auth]") {
  for (const SigningKey* key : {&rsa_key(), &ec_key(), &ed_key()}) {
    CHECK(public_key_from_pem(key->public_pem()).has_value());
    CHECK(public_key_from_pem("some words before it\n" + key->public_pem() + "\n\n").has_value());
  }
}

TEST_CASE("weak keys and other curves are refused with what is needed", "[auth]") {
  CHECK(fault_of(SigningKey::rsa(1024).public_pem()) == "the RSA key has 1024 bits; it needs 2048 to 8192");
  CHECK(fault_of(SigningKey::rsa(2040).public_pem()) == "the RSA key has 2040 bits; it needs 2048 to 8192");
  for (const char* curve : {"P-384", "P-521", "P-224", "secp256k1"}) {
    INFO(curve);
    CHECK(fault_of(SigningKey::ec(curve).public_pem()) == "an EC key must be on the curve P-256 (prime256v1)");
  }
}

TEST_CASE("a file that holds no single public key is refused", "[auth]") {
  const std::string pem = ec_key().public_pem();
  CHECK(fault_of(ec_key().private_pem()).starts_with("holds a private key; "));
  CHECK(fault_of(pem + ec_key().private_pem()).starts_with("holds a private key; "));
  CHECK(fault_of(pem + rsa_key().public_pem()).starts_with("holds more than one PEM block; "));
  const std::string none = "holds no PEM public key (-----BEGIN PUBLIC KEY-----)";
  CHECK(fault_of("") == none);
  CHECK(fault_of("words") == none);
  CHECK(fault_of(ec_key().jwk()) == none);
  CHECK(fault_of(pem.substr(0, pem.size() / 2)) == none);
  CHECK(fault_of("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n") == none);
  CHECK(fault_of("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n") == none);
}
