// The last bytes of a script's output, in a ring.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "taskcore/log.hpp"

namespace taskcore {

/// Holds the last `capacity` bytes of two streams in the order in which they came. What makes room goes by whole lines,
/// unless they are very long.
class OutputTail {
 public:
  explicit OutputTail(std::size_t capacity);

  void push(LogStream stream, std::string_view bytes);

  /// How many bytes were dropped to make room.
  std::uint64_t dropped() const noexcept { return dropped_; }

  /// Puts what is held in order for `for_each`; nothing is pushed afterwards.
  void straighten();

  /// Calls `visit(LogStream, std::string_view)` for each stretch of one stream, oldest first.
  template <class Visit>
  void for_each(Visit visit) const {
    std::string_view rest(ring_.get(), size_);
    for (const Stretch& stretch : stretches_) {
      visit(stretch.stream, rest.substr(0, stretch.size));
      rest.remove_prefix(stretch.size);
    }
  }

 private:
  struct Stretch {
    std::uint32_t size;
    LogStream stream;
  };

  void make_room(std::size_t size);
  std::size_t rest_of_cut_line(std::size_t most) const;
  void drop_front(std::size_t size);
  void append(std::string_view bytes);
  char at(std::size_t offset) const { return ring_[(start_ + offset) % capacity_]; }

  std::size_t capacity_;
  std::unique_ptr<char[]> ring_;
  std::size_t start_ = 0;
  std::size_t size_ = 0;
  std::deque<Stretch> stretches_{};
  std::uint64_t dropped_ = 0;
};

}  // namespace taskcore
