// The executors of api_call and webhook.
#include "taskcore/executors/http.hpp"

#include <openssl/evp.h>

#include <array>
#include <boost/json/value.hpp>

#include "model/masks.hpp"
#include "net/call_config.hpp"
#include "net/call_outcome.hpp"
#include "net/headers.hpp"
#include "net/http_client.hpp"
#include "net/signature.hpp"
#include "taskcore/version.hpp"

namespace taskcore {

using net::CallConfig;
using net::CallEnd;
using net::CallKind;

namespace {

/// The same bytes for the same text: what names a run in other systems.
std::string hex_digest(std::string_view text, std::size_t digits) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) size = 0;
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (unsigned i = 0; i < size && out.size() < digits; ++i) {
    out += kDigits[digest[i] >> 4U];
    out += kDigits[digest[i] & 15U];
  }
  return out;
}

/// W3C Trace Context: one trace a run, one span an attempt.
std::string traceparent(const RunContext& run) {
  return "00-" + hex_digest(run.id(), 32) + "-" + hex_digest(run.id() + "/" + std::to_string(run.attempt()), 16) +
         "-01";
}

/// A server that repeats what it was sent must not bring credentials into a result.
void hide_credentials(const CallConfig& config, CallEnd& end) {
  if (!end.response) return;
  std::vector<std::string> credentials;
  for (const auto& [name, value] : config.request.headers) {
    if (net::same_name(name, "authorization")) credentials.push_back(value.substr(value.find(' ') + 1));
  }
  const Masks masks(credentials);
  if (masks.empty()) return;
  end.response->body = masks.masked(end.response->body);
  for (auto& [name, value] : end.response->headers) value = masks.masked(value);
}

class HttpExecutor final : public Executor {
 public:
  HttpExecutor(CallKind kind, std::shared_ptr<net::HttpClient> client, HttpOptions options,
               std::shared_ptr<Clock> clock)
      : kind_(kind), client_(std::move(client)), options_(std::move(options)), clock_(std::move(clock)) {
    if (options_.user_agent.empty()) options_.user_agent = "taskcore/" TASKCORE_VERSION_STRING;
  }

  std::string_view type() const noexcept override { return kind_ == CallKind::webhook ? "webhook" : "api_call"; }

  Result<void> validate(const boost::json::object& config) const override {
    const auto read = net::read_call_config(config, kind_, true);
    if (!read) return read.error();
    return {};
  }

  void start(std::shared_ptr<RunContext> context, RunCompletion done) override {
    auto config = net::read_call_config(context->config(), kind_, false);
    if (!config) return done(Outcome::failure("bad_config", config.error().detail, false));
    if (auto dressed = dress(*config, *context); !dressed) {
      return done(Outcome::failure("signature", dressed.error().detail, false));
    }
    net::CallLimits limits;
    limits.connect = options_.connect_timeout;
    limits.total = config->timeout;
    limits.max_body = options_.max_response;
    limits.max_redirects = config->max_redirects;
    limits.tls = config->tls;
    net::HttpRequest request = config->request;
    const auto executor = context->executor();
    const auto stop = context->stop_token();
    auto box = std::make_shared<RunCompletion>(std::move(done));
    client_->send(
        executor, std::move(request), limits, stop,
        [context, box, config = std::move(*config), clock = clock_, began = clock_->monotonic()](CallEnd end) {
          note(*context, config, end, clock->monotonic() - began);
          hide_credentials(config, end);
          (*box)(net::outcome_of(config, end, clock->now()));
        });
  }

  void stop() noexcept override { client_->close(); }

 private:
  /// What each attempt adds to the message.
  Result<void> dress(CallConfig& config, const RunContext& run) const {
    auto& headers = config.request.headers;
    const auto add = [&](const char* name, std::string value) {
      const auto same = [&](const auto& header) { return net::same_name(header.first, name); };
      if (std::none_of(headers.begin(), headers.end(), same)) headers.emplace_back(name, std::move(value));
    };
    add("User-Agent", options_.user_agent);
    add("Accept", "*/*");
    add("traceparent", traceparent(run));
    if (kind_ != CallKind::webhook) return {};
    const std::int64_t now = std::chrono::floor<std::chrono::seconds>(clock_->now()).time_since_epoch().count();
    std::erase_if(headers, [](const auto& header) {
      return net::same_name(header.first, "webhook-id") || net::same_name(header.first, "webhook-timestamp") ||
             net::same_name(header.first, "webhook-signature");
    });
    headers.emplace_back("webhook-id", run.id());
    headers.emplace_back("webhook-timestamp", std::to_string(now));
    if (config.signing_keys.empty()) return {};
    auto signature = net::sign(config.signing_keys, run.id(), now, config.request.body);
    if (!signature) return signature.error();
    headers.emplace_back("webhook-signature", std::move(*signature));
    return {};
  }

  /// The path and the query stay out of the log: they are where tokens hide.
  static void note(RunContext& run, const CallConfig& config, const CallEnd& end, std::chrono::nanoseconds took) {
    if (!end.response) return;
    const auto ms = std::chrono::duration_cast<Duration>(took).count();
    boost::json::object data{
        {"status", end.response->status}, {"durationMs", ms}, {"bytes", end.response->body.size()}};
    if (end.redirects > 0) data["redirects"] = end.redirects;
    run.log(LogLevel::info,
            config.request.method + " " + config.request.target.origin() + ": " + std::to_string(end.response->status) +
                " in " + std::to_string(ms) + " ms",
            std::move(data));
  }

  const CallKind kind_;
  const std::shared_ptr<net::HttpClient> client_;
  HttpOptions options_;
  const std::shared_ptr<Clock> clock_;
};

}  // namespace

Result<void> add_http_executors(Scheduler& scheduler, HttpOptions options) {
  auto policy = net::OutboundPolicy::parse(options.outbound_allow);
  if (!policy) return invalid("/outbound_allow", policy.error().detail);
  auto client = std::make_shared<net::HttpClient>(std::move(*policy));
  for (const CallKind kind : {CallKind::api_call, CallKind::webhook}) {
    scheduler.executor(std::make_shared<HttpExecutor>(kind, client, options, scheduler.options().clock));
  }
  return {};
}

Result<std::string> webhook_signature(std::string_view secret, std::string_view id, TimePoint at,
                                      std::string_view body) {
  auto key = net::signing_key(secret);
  if (!key) return key.error();
  return net::sign({*key}, id, std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count(), body);
}

}  // namespace taskcore
