// The server's certificate and key: read from PEM files at the start, and again whenever that is asked for. What a
// connection does with them is tls_stream's business.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "http/tls_stream.hpp"
#include "taskcore/result.hpp"

namespace taskd {

class TlsCertificate {
 public:
  using Time = std::chrono::sys_seconds;

  /// `certificate` holds the server's and, behind it, those between it and its root. Errors: `invalid`, one line that
  /// begins with the setting's name.
  static taskcore::Result<std::shared_ptr<TlsCertificate>> open(std::filesystem::path certificate,
                                                                std::filesystem::path key);

  /// Reads both files anew, for connections to come. After an error the pair before stays in force. From any thread.
  taskcore::Result<void> reload();

  /// TLS for a new connection on `socket`. From any thread.
  std::unique_ptr<TlsStream> accept(int socket) const;

  /// What is to be said about the certificate's dates at `now`: that it is not good, or for how long it still is once
  /// the last fifth of its life, or of 14 days, has begun. Empty: nothing.
  std::string warning(Time now) const;

  /// When it ends, as the log tells it.
  std::string end() const;

 private:
  struct Pair {
    std::shared_ptr<ssl_ctx_st> context{};
    Time from{};
    Time until{};
  };

  TlsCertificate(std::filesystem::path certificate, std::filesystem::path key)
      : certificate_(std::move(certificate)), key_(std::move(key)) {}

  taskcore::Result<Pair> read() const;
  Pair pair() const;

  const std::filesystem::path certificate_;
  const std::filesystem::path key_;
  mutable std::mutex mutex_{};  ///< Guards pair_.
  Pair pair_{};
};

}  // namespace taskd
