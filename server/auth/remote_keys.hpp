// A JSON Web Key Set at an https address, kept fresh in the background: keys rotate without a restart, and requests
// never wait for the address.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "auth/jwks_client.hpp"
#include "auth/key_cache.hpp"
#include "loop.hpp"
#include "taskcore/result.hpp"

namespace taskd {

class RemoteKeys {
 public:
  struct Options {
    JwksAddress address{};
    std::function<void(const std::string&)> on_fault{};  ///< Keys cannot be fetched: once for each reason.
    std::function<KeyCache::Time()> clock = std::chrono::steady_clock::now;
  };

  /// Waits for the first fetch. Errors, which name the setting: `invalid` for a wrong address, `unavailable` when there
  /// are no keys to be had.
  static taskcore::Result<std::shared_ptr<RemoteKeys>> open(Options options);
  ~RemoteKeys();
  RemoteKeys(const RemoteKeys&) = delete;
  RemoteKeys& operator=(const RemoteKeys&) = delete;

  /// The keys in force. From any thread.
  KeyCache::Keys keys();

  /// A token names a key that is not among them: maybe it is new. From any thread.
  void miss();

 private:
  using Then = std::function<void(taskcore::Result<void>)>;

  RemoteKeys(Options options, std::unique_ptr<JwksClient> client);
  void fetch(Then then);
  taskcore::Result<void> take(const taskcore::Result<JwksAnswer>& answer);
  void tell(const taskcore::Result<void>& fetched);
  void wait();

  const Options options_;
  Loop loop_{1};
  const std::unique_ptr<JwksClient> client_;
  std::mutex mutex_{};  ///< Guards cache_.
  KeyCache cache_{};

  // On the loop only.
  boost::asio::steady_timer timer_{loop_.context};
  bool is_fetching_ = false;
  std::string fault_{};
};

}  // namespace taskd
