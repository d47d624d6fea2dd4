// How TLS connections are made: whom they trust. Made once for each way, and kept.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "taskcore/result.hpp"

namespace boost::asio::ssl {
class context;
}

namespace taskcore::net {

struct TlsOptions {
  bool verify = true;
  std::string ca{};  ///< PEM certificates that are trusted instead of the system's; empty: the system's.

  bool operator==(const TlsOptions&) const = default;
  auto operator<=>(const TlsOptions&) const = default;
};

/// From any thread.
class TlsContexts {
 public:
  /// Errors: `invalid` with an empty pointer, for certificates that cannot be read.
  Result<std::shared_ptr<boost::asio::ssl::context>> get(const TlsOptions& options);

 private:
  std::mutex mutex_{};
  std::map<TlsOptions, std::shared_ptr<boost::asio::ssl::context>> contexts_{};
};

/// Whether `pem` is made of certificates.
Result<void> check_certificates(const std::string& pem);

}  // namespace taskcore::net
