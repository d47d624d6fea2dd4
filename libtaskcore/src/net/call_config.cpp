#include "net/call_config.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>

#include "model/faults.hpp"
#include "model/json_text.hpp"
#include "net/headers.hpp"
#include "net/signature.hpp"

namespace taskcore::net {

namespace json = boost::json;

namespace {

constexpr int kMaxRedirects = 10;
constexpr std::int64_t kMaxTimeout = 30LL * 24 * 3600 * 1000;
constexpr std::string_view kHere = "/config";
constexpr std::array<std::string_view, 7> kMethods{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

bool is_template(std::string_view text) { return text.find("${") != std::string_view::npos; }

class Reader {
 public:
  Reader(const json::object& config, CallKind kind, bool templates)
      : config_(config), kind_(kind), templates_(templates) {}

  Result<CallConfig> read() {
    refuse_unknown();
    read_method();
    read_url();
    read_headers();
    read_auth();
    read_body();
    read_timeout();
    read_redirects();
    read_expected();
    read_tls();
    if (kind_ == CallKind::webhook) read_secrets();
    if (auto right = faults_.take(); !right) return right.error();
    return std::move(out_);
  }

 private:
  const json::value* find(const json::object& object, json::string_view name) const {
    const auto* value = object.if_contains(name);
    return value == nullptr || value->is_null() ? nullptr : value;
  }
  const json::value* find(json::string_view name) const { return find(config_, name); }

  void fault(const std::string& where, std::string detail) {
    faults_.add(std::string(kHere) + "/" + where, std::move(detail));
  }

  /// None after a fault, and where the text is a template.
  std::optional<std::string> text(const std::string& where, const json::value& value) {
    if (value.is_number() || value.is_bool()) return plain_text(value);  // a placeholder may stand for one
    if (!value.is_string()) return fault(where, "must be a string"), std::nullopt;
    std::string out(value.get_string());
    if (templates_ && is_template(out)) return std::nullopt;
    return out;
  }

  void refuse_unknown() {
    constexpr std::array<std::string_view, 9> kKnown{"url",     "method",          "headers",      "auth", "body",
                                                     "timeout", "followRedirects", "expectStatus", "tls"};
    for (const auto& [key, value] : config_) {
      const std::string_view name(key.data(), key.size());
      const bool known = std::find(kKnown.begin(), kKnown.end(), name) != kKnown.end() ||
                         (kind_ == CallKind::webhook && name == "secret");
      if (!known) fault(std::string(name), "unknown field");
    }
  }

  void read_method() {
    out_.request.method = kind_ == CallKind::webhook ? "POST" : "GET";
    const auto* value = find("method");
    const auto method = value != nullptr ? text("method", *value) : std::nullopt;
    if (!method) return;
    out_.request.method = *method;
    for (char& c : out_.request.method) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    if (std::find(kMethods.begin(), kMethods.end(), out_.request.method) == kMethods.end()) {
      fault("method", "must be GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS");
    }
  }

  void read_url() {
    const auto* value = find("url");
    if (value == nullptr) return fault("url", "must be given: where the call goes, such as \"https://example.com/\"");
    const auto url = text("url", *value);
    if (!url) return;
    auto target = parse_target(*url);
    if (!target) return fault("url", target.error().detail);
    out_.request.target = std::move(*target);
  }

  void read_headers() {
    const auto* value = find("headers");
    if (value == nullptr) return;
    if (!value->is_object()) return fault("headers", "must be an object");
    for (const auto& [key, member] : value->get_object()) {
      const std::string name(key);
      const std::string where = "headers/" + name;
      if (!is_header_name(name)) {
        fault(where, "is no name of a header");
      } else if (is_framing_header(name)) {
        fault(where, "cannot be set: it is part of how the message travels");
      }
      const auto content = text(where, member);
      if (!content) continue;
      if (!is_header_value(*content)) fault(where, "must not hold control characters");
      out_.request.headers.emplace_back(name, *content);
    }
  }

  void read_auth() {
    const auto* value = find("auth");
    if (value == nullptr) return;
    const auto* auth = value->if_object();
    const auto* bearer = auth != nullptr ? find(*auth, "bearer") : nullptr;
    const auto* basic = auth != nullptr ? find(*auth, "basic") : nullptr;
    if (auth == nullptr || auth->size() != 1 || (bearer == nullptr) == (basic == nullptr)) {
      return fault("auth", "must be {\"bearer\": \"token\"} or {\"basic\": {\"username\": …, \"password\": …}}");
    }
    std::optional<std::string> content;
    if (bearer != nullptr) {
      if (const auto token = text("auth/bearer", *bearer)) content = "Bearer " + *token;
    } else {
      content = read_basic(*basic);
    }
    if (!content) return;
    if (!is_header_value(*content)) return fault("auth", "must not hold control characters");
    out_.request.headers.emplace_back("Authorization", *content);
  }

  std::optional<std::string> read_basic(const json::value& value) {
    const auto* basic = value.if_object();
    const auto* user = basic != nullptr ? find(*basic, "username") : nullptr;
    const auto* password = basic != nullptr ? find(*basic, "password") : nullptr;
    if (user == nullptr || password == nullptr || basic->size() != 2) {
      fault("auth/basic", "must have username and password");
      return std::nullopt;
    }
    const auto name = text("auth/basic/username", *user);
    const auto word = text("auth/basic/password", *password);
    if (name && name->find(':') != std::string::npos) fault("auth/basic/username", "must not hold a colon (RFC 7617)");
    if (!name || !word) return std::nullopt;
    return "Basic " + base64(*name + ":" + *word);
  }

  /// Text goes as it is; anything else as JSON.
  void read_body() {
    const auto* value = find("body");
    const bool is_text = value != nullptr && value->is_string();
    if (value != nullptr) {
      out_.request.body = is_text ? std::string(value->get_string()) : json::serialize(*value);
    } else if (kind_ == CallKind::webhook && out_.request.method != "GET" && out_.request.method != "HEAD") {
      out_.request.body = "{}";
    }
    const bool typed = std::any_of(out_.request.headers.begin(), out_.request.headers.end(),
                                   [](const auto& header) { return same_name(header.first, "content-type"); });
    if (out_.request.body.empty() || typed) return;
    const bool as_json = !is_text || kind_ == CallKind::webhook;
    out_.request.headers.emplace_back("Content-Type", as_json ? "application/json" : "text/plain; charset=utf-8");
  }

  void read_timeout() {
    const auto* value = find("timeout");
    if (value == nullptr) return;
    boost::system::error_code bad;
    const auto ms = value->to_number<std::int64_t>(bad);
    if (bad || ms < 1 || ms > kMaxTimeout) return fault("timeout", "must be a whole number of ms from 1 to 2592000000");
    out_.timeout = Duration(ms);
  }

  void read_redirects() {
    const bool follows = kind_ == CallKind::api_call;  // a webhook that has moved is to be told of, not followed
    out_.max_redirects = follows ? kMaxRedirects : 0;
    const auto* value = find("followRedirects");
    if (value == nullptr) return;
    if (value->is_bool()) {
      out_.max_redirects = value->get_bool() ? kMaxRedirects : 0;
      return;
    }
    boost::system::error_code bad;
    const auto most = value->to_number<int>(bad);
    if (bad || most < 0 || most > kMaxRedirects) return fault("followRedirects", "must be true, false or 0 to 10");
    out_.max_redirects = most;
  }

  void read_expected() {
    const auto* value = find("expectStatus");
    if (value == nullptr) {
      out_.expected.push_back({});
      return;
    }
    if (!value->is_array()) return read_status("expectStatus", *value);
    if (value->get_array().empty()) return fault("expectStatus", "must name a status");
    std::size_t i = 0;
    for (const auto& entry : value->get_array()) read_status("expectStatus/" + std::to_string(i++), entry);
  }

  void read_status(const std::string& where, const json::value& value) {
    if (value.is_string()) {
      const std::string_view word(value.get_string());
      if (word.size() == 3 && word[0] >= '2' && word[0] <= '5' && (word.substr(1) == "xx" || word.substr(1) == "XX")) {
        const int first = (word[0] - '0') * 100;
        out_.expected.push_back({first, first + 99});
        return;
      }
    }
    boost::system::error_code bad;
    const auto status = value.is_string() ? 0 : value.to_number<int>(bad);
    if (bad || status < 200 || status > 599)
      return fault(where, "must be a status from 200 to 599, or \"2xx\" to \"5xx\"");
    out_.expected.push_back({status, status});
  }

  void read_tls() {
    const auto* value = find("tls");
    if (value == nullptr) return;
    if (!value->is_object()) return fault("tls", "must be an object with verify and ca");
    for (const auto& [key, member] : value->get_object()) {
      const std::string name(key);
      if (member.is_null()) continue;
      if (name == "verify") {
        if (!member.is_bool()) fault("tls/verify", "must be true or false");
        out_.tls.verify = !member.is_bool() || member.get_bool();
      } else if (name == "ca") {
        const auto pem = text("tls/ca", member);
        if (!pem) continue;
        if (auto right = check_certificates(*pem); !right) fault("tls/ca", right.error().detail);
        out_.tls.ca = *pem;
      } else {
        fault("tls/" + name, "unknown field");
      }
    }
  }

  void read_secrets() {
    const auto* value = find("secret");
    if (value == nullptr) return;
    if (!value->is_array()) return read_secret("secret", *value);
    if (value->get_array().empty() || value->get_array().size() > 10) return fault("secret", "must be 1 to 10 secrets");
    std::size_t i = 0;
    for (const auto& entry : value->get_array()) read_secret("secret/" + std::to_string(i++), entry);
  }

  void read_secret(const std::string& where, const json::value& value) {
    const auto secret = text(where, value);
    if (!secret) return;
    auto key = signing_key(*secret);
    if (!key) return fault(where, key.error().detail);
    out_.signing_keys.push_back(std::move(*key));
  }

  const json::object& config_;
  const CallKind kind_;
  const bool templates_;
  Faults faults_{};
  CallConfig out_{};
};

}  // namespace

Result<CallConfig> read_call_config(const json::object& config, CallKind kind, bool templates) {
  return Reader(config, kind, templates).read();
}

}  // namespace taskcore::net
