// A JSON Web Key Set: see jwk_set.hpp.
#include "auth/jwk_set.hpp"

#include <string>
#include <utility>
#include <vector>

#include "auth/jwk.hpp"
#include "http/strict_json.hpp"

namespace taskd {

namespace json = boost::json;
using taskcore::Errc;
using taskcore::fail;
using taskcore::Result;

namespace {

/// `no_secrets` says why there may be none; empty: there may.
Result<KeySet> read(std::string_view text, std::string_view no_secrets) {
  const auto value = parse_strict_json(text);
  if (!value) {
    return fail(Errc::invalid,
                "is not JSON: " + value.error().detail + " at byte " + std::to_string(value.error().offset));
  }
  const json::object* object = value->if_object();
  const json::value* member = object == nullptr ? nullptr : object->if_contains("keys");
  const json::array* list = member == nullptr ? nullptr : member->if_array();
  if (list == nullptr) return fail(Errc::invalid, "is not a JSON Web Key Set: {\"keys\": [...]}");

  std::vector<VerifyKey> keys;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto refuse = [&](const std::string& why) {
      return fail(Errc::invalid, "key " + std::to_string(i + 1) + " of the set: " + why);
    };
    const json::object* jwk = (*list)[i].if_object();
    if (jwk == nullptr) return refuse("is not a JSON object");
    auto key = read_jwk(*jwk);
    if (!key) return refuse(key.error().detail);
    if (!*key) continue;
    if (!no_secrets.empty() && std::holds_alternative<Secret>((*key)->material)) {
      return refuse("is a secret, and " + std::string(no_secrets));
    }
    keys.push_back(std::move(**key));
  }
  if (keys.empty()) {
    return fail(Errc::invalid, "holds no key for signatures that is known here (RSA, EC P-256, OKP Ed25519, oct)");
  }
  return KeySet(std::move(keys));
}

}  // namespace

Result<KeySet> read_jwk_set(const TextFile& file) {
  return read(file.text, file.is_readable_by_all ? "everyone can read the file; chmod 600 it" : "");
}

Result<KeySet> read_public_jwk_set(std::string_view text) { return read(text, "a set at an address is public"); }

}  // namespace taskd
