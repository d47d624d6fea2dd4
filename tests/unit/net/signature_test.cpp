#include "net/signature.hpp"

#include "support/catch.hpp"

using namespace taskcore::net;

TEST_CASE("a signature is that of the specification's example", "[net]") {
  // The example of the specification, and those of its reference libraries' tests.
  const auto key = signing_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").value();
  CHECK(sign({key}, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})").value() ==
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("several keys give several signatures", "[net]") {
  const auto old_key = signing_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").value();
  const auto new_key = signing_key("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD").value();
  CHECK(sign({new_key, old_key}, "m", 1, "{}").value() ==
        sign({new_key}, "m", 1, "{}").value() + " " + sign({old_key}, "m", 1, "{}").value());
}

TEST_CASE("a secret is base64 of 24 to 64 bytes, with or without its prefix", "[net]") {
  CHECK(signing_key("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").value() ==
        signing_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").value());
  CHECK(signing_key("whsec_" + base64(std::string(64, 'k'))).value() == std::string(64, 'k'));
  for (const std::string& bad : {std::string(), std::string("whsec_"), std::string("whsec_not base64!"),
                                 "whsec_" + base64(std::string(23, 'k')), "whsec_" + base64(std::string(65, 'k'))}) {
    INFO(bad);
    CHECK(signing_key(bad).has_error());
  }
}
