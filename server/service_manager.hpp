// What systemd is told, where it has started us (sd_notify(3)): ready, reloading, stopping, and that we are alive.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "file.hpp"

namespace taskd {

class ServiceManager {
 public:
  /// From NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID, which are taken out of the environment: no child is to speak
  /// for us. Before any thread is started. Without them nothing is told to nobody.
  static ServiceManager from_environment();

  /// `status` is for people: what `systemctl status` shows.
  void ready(const std::string& status) const;
  void reloading() const;
  /// `time`: how long the stop may take.
  void stopping(std::chrono::milliseconds time) const;
  /// Never waits.
  void alive() const noexcept;

  /// How often `alive` is to be said: twice in the time that the manager waits. None: it does not wait for it.
  std::optional<std::chrono::microseconds> alive_every() const noexcept { return alive_every_; }

 private:
  void tell(std::string_view text, int flags = 0) const noexcept;

  std::string socket_{};  ///< Its path; a leading NUL: its abstract name. Empty: nobody listens.
  File file_{};
  std::optional<std::chrono::microseconds> alive_every_{};
};

}  // namespace taskd
