// A client that speaks bytes: sockets on loopback, nothing in between, so that tests can send what no client library
// would.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace taskd::testing {

struct RawResponse {
  int status = 0;
  std::string head;                            ///< With status line, names as sent.
  std::map<std::string, std::string> headers;  ///< Names in lower case.
  std::string body;
};

class RawClient {
 public:
  /// `from`: our own address, where it matters: any of the loopback.
  explicit RawClient(std::uint16_t port, const char* from = nullptr);
  virtual ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  /// Sends all of it; false when the peer has gone.
  virtual bool send(std::string_view bytes);

  /// The next response, with its body by Content-Length (none for HEAD: pass `bodiless`). None when the connection
  /// ends first.
  std::optional<RawResponse> receive(bool bodiless = false);

  /// The next chunk of a body that comes in chunks; empty: the last one. None when the connection ends first.
  std::optional<std::string> chunk();

  /// All that comes until the connection ends.
  std::string rest();

  /// True when the peer closes without sending more, waiting at most ten seconds.
  bool closed();

  /// True when nothing comes, and nothing ends, for that long.
  bool quiet(std::chrono::milliseconds time);

  /// Ends our side of the stream.
  void finish();

  /// Ends the connection with a reset. Nothing more can be sent or received.
  void reset();

 protected:
  /// Waits for more; false when the peer has ended.
  virtual bool fill();
  int fd() const { return fd_; }

  std::string buffer_;

 private:
  int fd_ = -1;
};

/// A GET of `target`, ready to be sent.
std::string get(std::string_view target, std::string_view more_headers = {});

}  // namespace taskd::testing
