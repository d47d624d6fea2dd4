// Keys that grow old: how long they are good, when they are asked for, and what forged tokens can cause.
#include "auth/key_cache.hpp"

#include "support/catch.hpp"
#include "unit/server/guarded.hpp"

using namespace taskd;
using namespace std::chrono_literals;

namespace {

const KeyCache::Time kStart{100h};

KeySet some_keys() { return KeySet({Secret("0123456789abcdef0123456789abcdef"), {}, {}}); }

bool is_there(const KeyCache::Keys& keys) { return keys->choose({}, Algorithm::hs256) != nullptr; }

}  // namespace

TEST_CASE("an answer says how long its keys are good, within 5 minutes and a day", "[auth]") {
  CHECK(lifetime_of("") == 1h);
  CHECK(lifetime_of("public, must-revalidate") == 1h);
  CHECK(lifetime_of("max-age=1800") == 30min);
  CHECK(lifetime_of("public, Max-Age = \"1800\" , must-revalidate") == 30min);
  CHECK(lifetime_of("s-maxage=600, max-age=7200") == 2h);
  for (const char* least :
       {"max-age=0", "max-age=299", "max-age=-1", "max-age=", "max-age=soon", "no-store", "max-age=7200, no-cache"}) {
    INFO(least);
    CHECK(lifetime_of(least) == 5min);
  }
  for (const char* most : {"max-age=86401", "max-age=99999999999999999999999"}) CHECK(lifetime_of(most) == 24h);
}

TEST_CASE("keys are fetched anew before they are old, and each minute after a failure", "[auth]") {
  KeyCache cache;
  CHECK_FALSE(is_there(cache.keys(kStart)));
  cache.begin(kStart);
  cache.renew(some_keys(), "max-age=3600", kStart);
  CHECK(cache.next() == kStart + 48min);
  cache.begin(kStart + 48min);
  cache.fail(kStart + 49min);
  CHECK(cache.next() == kStart + 50min);
  CHECK(is_there(cache.keys(kStart + 50min)));
}

TEST_CASE("keys that cannot be fetched anew are in force for a day, and come back", "[auth]") {
  KeyCache cache;
  cache.renew(some_keys(), "max-age=60", kStart);
  const auto keys = cache.keys(kStart);
  cache.fail(kStart + 23h);
  CHECK(cache.keys(kStart + 24h - 1s) == keys);
  CHECK_FALSE(cache.is_stale(kStart + 24h - 1s));
  CHECK(cache.is_stale(kStart + 24h));
  CHECK_FALSE(is_there(cache.keys(kStart + 24h)));
  CHECK(cache.keys(kStart + 24h) == cache.keys(kStart + 25h));
  cache.renew(some_keys(), "", kStart + 25h);
  CHECK(is_there(cache.keys(kStart + 25h)));
}

TEST_CASE("unknown keys are a reason to fetch once a minute, however many tokens name some", "[auth]") {
  KeyCache cache;
  cache.begin(kStart);
  cache.renew(some_keys(), "", kStart);
  int fetches = 0;
  for (auto now = kStart; now < kStart + 10min; now += 1s) {
    if (cache.allows_fetch(now)) ++fetches;
  }
  CHECK(fetches == 9);
  cache.begin(kStart + 10min);  // by its own time
  CHECK_FALSE(cache.allows_fetch(kStart + 10min + 59s));
  CHECK(cache.allows_fetch(kStart + 11min));
}
