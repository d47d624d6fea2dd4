// A set of keys at an https address: rotation without a restart, what a start makes of each trouble, and what forged
// tokens cannot cause.
#include "auth/remote_keys.hpp"

#include <atomic>
#include <condition_variable>
#include <thread>

#include "auth_options.hpp"
#include "net/test_server.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "unit/server/guarded.hpp"

using namespace taskd;
using namespace taskd::testing;
using net_test::Peer;
using net_test::TestCa;
using net_test::TestServer;
using test_support::TempDir;
using namespace std::chrono_literals;

namespace {

std::string set_of(const std::string& jwk) { return "{\"keys\":[" + jwk + "]}"; }

/// An identity provider whose answer can be changed.
class Provider {
 public:
  explicit Provider(std::string set) : set_(std::move(set)) {}

  void answer(int status, std::string body, std::string headers = {}) {
    const std::lock_guard lock(mutex_);
    status_ = status;
    set_ = std::move(body);
    headers_ = std::move(headers);
  }

  /// Waits until so many requests have come, and gives how many have.
  int wait_for(int requests) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, 20s, [&] { return requests_ >= requests; });
    return requests_;
  }

  RemoteKeys::Options options() {
    RemoteKeys::Options out;
    out.address = {server_.url("/jwks.json"), ca_.pem(), 10s};
    out.clock = [this] { return KeyCache::Time(100h) + std::chrono::seconds(seconds_.load()); };
    out.on_fault = [this](const std::string& fault) {
      const std::lock_guard lock(mutex_);
      faults_.push_back(fault);
      changed_.notify_all();
    };
    return out;
  }

  std::vector<std::string> wait_for_faults(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, 20s, [&] { return faults_.size() >= count; });
    return faults_;
  }

  void pass(std::chrono::seconds time) { seconds_ += time.count(); }
  std::string url(const std::string& path = "/jwks.json") const { return server_.url(path); }
  const TestCa& ca() const { return ca_; }
  /// "https://localhost:PORT", as errors name it.
  std::string origin() const { return server_.url(""); }

 private:
  void serve(Peer& peer) {
    while (!peer.read().method.empty()) {
      std::unique_lock lock(mutex_);
      ++requests_;
      changed_.notify_all();
      const auto [status, set, headers] = std::tuple(status_, set_, headers_);
      lock.unlock();
      peer.answer(status, set, headers);
    }
  }

  std::mutex mutex_{};
  std::condition_variable changed_{};
  int status_ = 200;
  std::string set_;
  std::string headers_{};
  int requests_ = 0;
  std::vector<std::string> faults_{};
  std::atomic<long> seconds_{0};
  TestCa ca_{};
  TestServer server_{[this](Peer& peer) { serve(peer); }, ca_.server_context("DNS:localhost")};
};

JwtPtr checked_by(const std::shared_ptr<RemoteKeys>& keys) {
  JwtPolicy policy;
  policy.keys = [keys] { return keys->keys(); };
  policy.on_unknown_key = [keys] { keys->miss(); };
  return std::make_shared<const Jwt>(std::move(policy));
}

const std::string& old_token() {
  static const std::string kToken =
      signed_token(rsa_key(), Algorithm::rs256, R"({"alg":"RS256","kid":"old"})", kClaims);
  return kToken;
}

const std::string& new_token() {
  static const std::string kToken = signed_token(ec_key(), Algorithm::es256, R"({"alg":"ES256","kid":"new"})", kClaims);
  return kToken;
}

std::string old_set() { return set_of(rsa_key().jwk(R"("kid":"old")")); }
std::string new_set() { return set_of(ec_key().jwk(R"("kid":"new")")); }

/// Asks until the answer is that one; it changes when a fetch has ended.
bool comes_to(const JwtPtr& jwt, const std::string& token, bool good) {
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (lets_in(jwt, token) != good) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

std::string mistake(RemoteKeys::Options options) {
  const auto keys = RemoteKeys::open(std::move(options));
  return keys ? "none" : keys.error().detail;
}

}  // namespace

TEST_CASE("keys rotate: a token with an unknown key has them fetched, once a minute", "[auth]") {
  Provider provider(old_set());
  const JwtPtr jwt = checked_by(RemoteKeys::open(provider.options()).value());
  CHECK(lets_in(jwt, old_token()));
  provider.answer(200, new_set());
  for (int i = 0; i < 100; ++i) CHECK_FALSE(lets_in(jwt, new_token()));
  CHECK(lets_in(jwt, old_token()));
  CHECK(provider.wait_for(1) == 1);
  provider.pass(60s);
  CHECK(comes_to(jwt, new_token(), true));
  CHECK_FALSE(lets_in(jwt, old_token()));  // though it was known
  for (int i = 0; i < 100; ++i) ask(jwt, old_token());
  CHECK(provider.wait_for(2) == 2);
}

TEST_CASE("keys stay in force while the address gives none, and lapse after a day", "[auth]") {
  Provider provider(old_set());
  const JwtPtr jwt = checked_by(RemoteKeys::open(provider.options()).value());
  const std::vector<std::pair<int, std::string>> troubles{
      {500, "no"}, {200, "half a s"}, {200, R"({"keys":[]})"}, {200, std::string(256 * 1024 + 1, ' ')}};
  std::size_t told = 0;
  for (const auto& [status, body] : troubles) {
    provider.answer(status, body);
    provider.pass(60s);
    CHECK_FALSE(lets_in(jwt, new_token()));
    const auto faults = provider.wait_for_faults(++told);
    REQUIRE(faults.size() == told);
    CHECK(faults.back().starts_with("TASK_JWKS: "));
    CHECK(faults.back().find(provider.origin()) != std::string::npos);
    CHECK(faults.back().ends_with("; the keys of before stay in force"));
    CHECK(lets_in(jwt, old_token()));
  }
  provider.pass(24h);
  CHECK_FALSE(lets_in(jwt, old_token()));
  const auto faults = provider.wait_for_faults(++told);
  REQUIRE(faults.size() == told);
  CHECK(faults.back().ends_with("; for 24 hours now: the keys of before are no longer in force"));
  provider.answer(200, old_set());
  provider.pass(60s);
  CHECK(comes_to(jwt, old_token(), true));
}

TEST_CASE("a start without keys says why in one line, and shows no path", "[auth]") {
  Provider provider(old_set());
  const std::string origin = provider.origin();
  provider.answer(404, "");
  CHECK(mistake(provider.options()) == "TASK_JWKS: " + origin + " answered 404");
  provider.answer(302, "", "Location: https://elsewhere.example/\r\n");
  CHECK(mistake(provider.options()) ==
        "TASK_JWKS: " + origin + " answered 302; redirects are not followed, give the address itself");
  provider.answer(200, "{}");
  CHECK(mistake(provider.options()) ==
        "TASK_JWKS: the set of " + origin + " is not a JSON Web Key Set: {\"keys\": [...]}");
  provider.answer(200, set_of(R"({"kty":"oct","k":"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"})"));
  CHECK(mistake(provider.options()) ==
        "TASK_JWKS: the set of " + origin + " key 1 of the set: is a secret, and a set at an address is public");
  auto stranger = provider.options();
  stranger.address.authorities = TestCa().pem();
  CHECK(mistake(stranger).starts_with("TASK_JWKS: cannot connect to " + origin + ": "));
  auto plain = provider.options();
  plain.address.url = "http://localhost/jwks.json";
  CHECK(mistake(plain) == "TASK_JWKS: an address must begin with https://");
}

TEST_CASE("a certificate of another host is refused", "[auth]") {
  const TestCa ca;
  const TestServer server([](Peer& peer) { peer.answer(200, old_set()); }, ca.server_context("DNS:example.com"));
  CHECK(mistake({{server.url(), ca.pem(), 10s}, {}}).starts_with("TASK_JWKS: cannot connect to "));
}

TEST_CASE("an address that says nothing holds up the start for its time and no longer", "[auth]") {
  const TestCa ca;
  const TestServer server([](Peer& peer) { peer.wait_closed(); }, ca.server_context("DNS:localhost"));
  CHECK(mistake({{server.url(), ca.pem(), 50ms}, {}}) ==
        "TASK_JWKS: timeout: " + server.url("") + " gave no answer within 50 ms");
}

TEST_CASE("the settings of an address make a check of tokens", "[auth]") {
  Provider provider(old_set());
  TempDir dir;
  const auto config = make_config({{"TASK_DATA_DIR", dir.file("data")},
                                   {"TASK_JWKS", provider.url()},
                                   {"TASK_JWKS_CA", dir.write("ca.pem", provider.ca().pem()).string()}});
  const auto check = make_token_check(config.value(), [](const std::string&) {}).value();
  const auto jwt = std::make_shared<const Jwt>(check.policy);
  CHECK(lets_in(jwt, old_token()));
  CHECK_FALSE(lets_in(jwt, new_token()));
  CHECK_FALSE(std::filesystem::exists(dir.path() / "data"));
}
