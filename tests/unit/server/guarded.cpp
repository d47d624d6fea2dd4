// A guarded call: see guarded.hpp.
#include "unit/server/guarded.hpp"

#include "auth/base64url.hpp"
#include "auth/hmac.hpp"
#include "auth/jwk_set.hpp"
#include "auth/public_key_pem.hpp"
#include "middleware/authentication.hpp"
#include "middleware/error_wall.hpp"
#include "support/catch.hpp"

namespace taskd::testing {

namespace {

JwtPtr with_keys(KeySource keys) {
  JwtPolicy policy;
  policy.keys = std::move(keys);
  return std::make_shared<const Jwt>(std::move(policy));
}

Handler guarded(const JwtPtr& jwt) {
  Handler inner = [](std::shared_ptr<Request> request, Reply reply) {
    Response response;
    response.body = request->identity->user;
    reply(std::move(response));
  };
  inner = with_required_identity(std::move(inner), [](const Request&) { return false; });
  inner = with_identity(std::move(inner), jwt, [] { return kNow; });
  return with_error_wall(std::move(inner), [](std::string_view, std::string_view) {});
}

}  // namespace

JwtPtr checked_with(std::string secret) {
  JwtPolicy policy;
  policy.secret = Secret(std::move(secret));
  return std::make_shared<const Jwt>(std::move(policy));
}

JwtPtr checked_with(const test_support::SigningKey& key) {
  return with_keys(fixed_key({public_key_from_pem(key.public_pem()).value(), {}, {}}));
}

JwtPtr checked_with_set(const std::vector<std::string>& jwks) {
  TextFile file;
  for (const std::string& jwk : jwks) file.text += (file.text.empty() ? R"({"keys":[)" : ",") + jwk;
  file.text += "]}";
  const auto keys = std::make_shared<const KeySet>(read_jwk_set(file).value());
  return with_keys([keys] { return keys; });
}

std::string hmac_token(std::string_view header, std::string_view claims, std::string_view key, Algorithm algorithm) {
  const std::string text = base64url_encode(header) + "." + base64url_encode(claims);
  return text + "." + base64url_encode(hmac(algorithm, key, text));
}

Response ask(const JwtPtr& jwt, std::string_view token) {
  auto request = std::make_shared<Request>();
  request->path = "/api/tasks";
  request->id = "r";
  request->headers.add("Authorization", "Bearer " + std::string(token));
  Response out;
  out.status = 0;
  guarded(jwt)(std::move(request), [&](Response response) { out = std::move(response); });
  return out;
}

bool lets_in(const JwtPtr& jwt, std::string_view token) { return ask(jwt, token).status == 200; }

void check_refused(const JwtPtr& jwt, const Forgeries& forgeries) {
  for (const auto& [what, token] : forgeries) {
    INFO(what);
    const Response first = ask(jwt, token);
    CHECK(first.status == 401);
    CHECK(first.headers.get("WWW-Authenticate") == "Bearer realm=\"taskd\", error=\"invalid_token\"");
    CHECK(first.headers.get("Content-Type") == "application/problem+json");
    CHECK(ask(jwt, token).body == first.body);
  }
}

}  // namespace taskd::testing
