// The way to a JSON Web Key Set at an https address: one GET at a time, bounded in time and size, that follows no
// redirect. It uses the HTTP client of taskcore::http, which is no public part of the library, as the client of the
// command line does: jwks_client.cpp alone knows it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "taskcore/result.hpp"

namespace taskd {

struct JwksAddress {
  std::string url{};                           ///< https.
  std::optional<std::string> authorities{};    ///< PEM, trusted instead of the system's.
  std::chrono::milliseconds patience{10'000};  ///< For all of it.
};

struct JwksAnswer {
  std::string text{};
  std::string cache_control{};
};

class JwksClient {
 public:
  using Done = std::function<void(taskcore::Result<JwksAnswer>)>;

  /// Errors: `invalid`, beginning with the setting that is wrong.
  static taskcore::Result<std::unique_ptr<JwksClient>> make(const JwksAddress& address);
  ~JwksClient();
  JwksClient(const JwksClient&) = delete;
  JwksClient& operator=(const JwksClient&) = delete;

  /// `done` is called once, on `executor`. Errors: `unavailable`: no answer, or one that is not 200 with at most
  /// 256 KiB. They name the server, and no path or query.
  void get(const boost::asio::any_io_executor& executor, Done done);

  /// "https://id.example": for messages.
  const std::string& server() const noexcept;

 private:
  struct Parts;
  explicit JwksClient(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace taskd
