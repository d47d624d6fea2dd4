// Clients that do not behave: many that say nothing, and one that always comes with something else. Loopback only.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <thread>
#include <vector>

namespace bench {

/// They come with the constructor and are gone after the destructor.
class Abusers {
 public:
  Abusers(std::uint16_t port, std::size_t idle);
  ~Abusers();
  Abusers(const Abusers&) = delete;
  Abusers& operator=(const Abusers&) = delete;

 private:
  void abuse();

  std::uint16_t port_;
  std::vector<int> idle_;
  std::deque<int> open_;  ///< The abusing thread's own.
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace bench
