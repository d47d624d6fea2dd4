#include "engine/rate_window.hpp"

#include <algorithm>
#include <charconv>

namespace taskcore {
namespace {

constexpr int kParts = 10;

Duration part_of(const Rate& rate) { return std::max(Duration(1), rate.period / kParts); }

/// Takes a number and the character behind it off the front.
template <class Number>
bool take_number(std::string_view& text, Number& number, char behind) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end == text.data() + text.size() || *end != behind) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  return true;
}

}  // namespace

RateWindow::RateWindow(Rate rate, std::string_view starts, TimePoint now) : rate_(rate), now_(now) {
  std::int64_t last = 0;
  Count count;
  while (take_number(starts, last, ':') && take_number(starts, count.starts, ' ')) {
    count.last = std::min(TimePoint(Duration(last)), now + part_of(rate));
    if (count.last + rate_.period > now) counts_.push_back(count);
  }
}

std::int64_t RateWindow::starts() const noexcept {
  std::int64_t sum = 0;
  for (const Count& count : counts_) sum += count.starts;
  return sum;
}

int RateWindow::room() const noexcept { return static_cast<int>(std::max<std::int64_t>(rate_.limit - starts(), 0)); }

void RateWindow::take(int count) {
  const Duration part = part_of(rate_);
  const TimePoint last((now_.time_since_epoch() / part + 1) * part - Duration(1));
  if (counts_.empty() || counts_.back().last < last) counts_.push_back({last, 0});
  counts_.back().starts += count;
}

TimePoint RateWindow::free_at() const noexcept {
  std::int64_t left = starts();
  TimePoint at = now_;
  for (const Count& count : counts_) {
    if (left < rate_.limit) break;
    left -= count.starts;
    at = count.last + rate_.period;
  }
  return at;
}

std::string RateWindow::text() const {
  std::string out;
  for (const Count& count : counts_) {
    out += std::to_string(count.last.time_since_epoch().count()) + ':' + std::to_string(count.starts) + ' ';
  }
  return out;
}

TimePoint RateWindow::expires_at() const noexcept {
  return counts_.empty() ? now_ : counts_.back().last + rate_.period;
}

}  // namespace taskcore
