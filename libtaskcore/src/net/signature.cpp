#include "net/signature.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace taskcore::net {

namespace {

constexpr std::string_view kPrefix = "whsec_";

/// Padded or not, as secrets come in both forms; empty when it is none.
std::string from_base64(std::string text) {
  while (text.ends_with('=')) text.pop_back();
  const std::size_t bytes = text.size() * 3 / 4;
  text.resize((text.size() + 3) / 4 * 4, '=');
  std::string out(text.size(), '\0');
  const int done = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (done < 0 || static_cast<std::size_t>(done) < bytes) return {};
  out.resize(bytes);
  return out;
}

}  // namespace

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

Result<std::string> signing_key(std::string_view secret) {
  const bool marked = secret.starts_with(kPrefix);
  std::string key = from_base64(std::string(marked ? secret.substr(kPrefix.size()) : secret));
  if (key.size() >= 24 && key.size() <= 64) return key;
  return fail(Errc::invalid, "must be \"whsec_\" and base64 of 24 to 64 bytes");
}

Result<std::string> sign(const std::vector<std::string>& keys, std::string_view id, std::int64_t unix_seconds,
                         std::string_view body) {
  std::string content(id);
  content += '.';
  content += std::to_string(unix_seconds);
  content += '.';
  content += body;
  std::string out;
  for (const std::string& key : keys) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(content.data()), content.size(), digest.data(), &size) == nullptr) {
      return fail(Errc::internal, "the message cannot be signed");
    }
    if (!out.empty()) out += ' ';
    out += "v1," + base64({reinterpret_cast<const char*>(digest.data()), size});
  }
  return out;
}

}  // namespace taskcore::net
