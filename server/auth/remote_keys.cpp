// RemoteKeys: see remote_keys.hpp.
#include "auth/remote_keys.hpp"

#include <boost/asio/post.hpp>
#include <future>
#include <utility>

#include "auth/jwk_set.hpp"

namespace taskd {

namespace asio = boost::asio;
using taskcore::fail;
using taskcore::Result;

RemoteKeys::RemoteKeys(Options options, std::unique_ptr<JwksClient> client)
    : options_(std::move(options)), client_(std::move(client)) {}

/// Nothing that goes on may meet a part that is gone.
RemoteKeys::~RemoteKeys() { loop_.stop(); }

Result<std::shared_ptr<RemoteKeys>> RemoteKeys::open(Options options) {
  auto client = JwksClient::make(options.address);
  if (!client) return client.error();
  std::shared_ptr<RemoteKeys> out(new RemoteKeys(std::move(options), std::move(*client)));
  const auto first = std::make_shared<std::promise<Result<void>>>();
  auto fetched = first->get_future();
  asio::post(out->loop_.context, [keys = out.get(), first] {
    keys->fetch([first](Result<void> done) { first->set_value(std::move(done)); });
  });
  if (auto done = fetched.get(); !done) return done.error();
  return out;
}

KeyCache::Keys RemoteKeys::keys() {
  const std::lock_guard lock(mutex_);
  return cache_.keys(options_.clock());
}

void RemoteKeys::miss() {
  {
    const std::lock_guard lock(mutex_);
    if (!cache_.allows_fetch(options_.clock())) return;
  }
  asio::post(loop_.context, [this] {
    if (!is_fetching_) fetch([this](const Result<void>& done) { tell(done); });
  });
}

void RemoteKeys::fetch(Then then) {
  is_fetching_ = true;
  {
    const std::lock_guard lock(mutex_);
    cache_.begin(options_.clock());
  }
  client_->get(loop_.context.get_executor(), [this, then = std::move(then)](const Result<JwksAnswer>& answer) {
    is_fetching_ = false;
    auto taken = take(answer);
    wait();
    then(std::move(taken));
  });
}

Result<void> RemoteKeys::take(const Result<JwksAnswer>& answer) {
  auto keys = answer ? read_public_jwk_set(answer->text) : Result<KeySet>(answer.error());
  const std::lock_guard lock(mutex_);
  const auto now = options_.clock();
  if (keys) {
    cache_.renew(std::move(*keys), answer->cache_control, now);
    return {};
  }
  cache_.fail(now);
  const std::string subject = answer ? "the set of " + client_->server() + " " : "";
  return fail(answer ? taskcore::Errc::invalid : answer.error().code, "TASK_JWKS: " + subject + keys.error().detail);
}

/// Logs a failure, again when it has another reason or becomes grave.
void RemoteKeys::tell(const Result<void>& fetched) {
  std::string fault;
  if (!fetched) {
    const std::lock_guard lock(mutex_);
    fault = fetched.error().detail + (cache_.is_stale(options_.clock())
                                          ? "; for 24 hours now: the keys of before are no longer in force"
                                          : "; the keys of before stay in force");
  }
  if (fault != fault_ && !fault.empty() && options_.on_fault) options_.on_fault(fault);
  fault_ = std::move(fault);
}

void RemoteKeys::wait() {
  {
    const std::lock_guard lock(mutex_);
    timer_.expires_after(cache_.next() - options_.clock());
  }
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error && !is_fetching_) fetch([this](const Result<void>& done) { tell(done); });
  });
}

}  // namespace taskd
