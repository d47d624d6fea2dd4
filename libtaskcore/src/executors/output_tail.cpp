#include "executors/output_tail.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

namespace taskcore {
namespace {

// How far the end of a line that was cut is looked for.
constexpr std::size_t kLongestSearch = 64 * 1024;

}  // namespace

OutputTail::OutputTail(std::size_t capacity)
    : capacity_(std::min<std::size_t>(capacity, std::numeric_limits<std::uint32_t>::max())),
      ring_(new char[std::max<std::size_t>(capacity_, 1)]) {}  // not set: pages that stay empty cost nothing

void OutputTail::push(LogStream stream, std::string_view bytes) {
  if (bytes.size() > capacity_) {
    const std::size_t excess = bytes.size() - capacity_;
    drop_front(size_);
    dropped_ += excess;
    bytes.remove_prefix(excess);
    const std::size_t line_end = bytes.substr(0, kLongestSearch).find('\n');
    if (line_end != std::string_view::npos) {
      dropped_ += line_end + 1;
      bytes.remove_prefix(line_end + 1);
    }
  }
  if (bytes.empty()) return;
  make_room(bytes.size());
  append(bytes);
  if (stretches_.empty() || stretches_.back().stream != stream) stretches_.push_back({0, stream});
  stretches_.back().size += static_cast<std::uint32_t>(bytes.size());
}

void OutputTail::make_room(std::size_t size) {
  if (size_ + size <= capacity_) return;
  std::size_t needed = size_ + size - capacity_;
  while (needed > 0) {
    const std::size_t here = std::min<std::size_t>(needed, stretches_.front().size);
    const std::size_t more = here < stretches_.front().size && at(here - 1) != '\n' ? rest_of_cut_line(here) : 0;
    drop_front(here + more);
    needed -= here;
  }
}

/// How many bytes after the first `cut` of the first stretch belong to the line that was cut there; 0 when its end is
/// not near: then half a line is kept rather than none.
std::size_t OutputTail::rest_of_cut_line(std::size_t cut) const {
  const std::size_t end = std::min<std::size_t>(stretches_.front().size, cut + kLongestSearch);
  for (std::size_t i = cut; i < end; ++i) {
    if (at(i) == '\n') return i + 1 - cut;
  }
  return 0;
}

void OutputTail::drop_front(std::size_t size) {
  start_ = (start_ + size) % std::max<std::size_t>(capacity_, 1);
  size_ -= size;
  dropped_ += size;
  while (size > 0) {
    Stretch& front = stretches_.front();
    const std::size_t here = std::min<std::size_t>(size, front.size);
    front.size -= static_cast<std::uint32_t>(here);
    size -= here;
    if (front.size == 0) stretches_.pop_front();
  }
}

void OutputTail::append(std::string_view bytes) {
  const std::size_t to = (start_ + size_) % capacity_;
  const std::size_t before_wrap = std::min(bytes.size(), capacity_ - to);
  std::memcpy(ring_.get() + to, bytes.data(), before_wrap);
  std::memcpy(ring_.get(), bytes.data() + before_wrap, bytes.size() - before_wrap);
  size_ += bytes.size();
}

void OutputTail::straighten() {
  if (start_ + size_ <= capacity_) {
    std::memmove(ring_.get(), ring_.get() + start_, size_);
  } else {
    std::rotate(ring_.get(), ring_.get() + start_, ring_.get() + capacity_);
  }
  start_ = 0;
}

}  // namespace taskcore
