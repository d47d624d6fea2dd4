// Instants as RFC 3339 text, both ways. Written by hand: every row and every reply carries several of them.
#include "taskcore/time.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "model/quote.hpp"

namespace taskcore {

namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr TimePoint kFirst = sys_days{std::chrono::year{1970} / 1 / 1};
constexpr TimePoint kLast = sys_days{std::chrono::year{10000} / 1 / 1} - Duration{1};

void put(char* to, std::int64_t value, int width) noexcept {
  for (int i = width - 1; i >= 0; --i, value /= 10) to[i] = static_cast<char>('0' + value % 10);
}

// Takes what it is asked for from the front of the text; after the first failure nothing more is taken.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  int digits(std::size_t count) {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9') return reject();
      value = value * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    return value;
  }

  bool take(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void expect(std::string_view any_of) {
    if (!take(any_of)) reject();
  }

  // The milliseconds of ".5" or ".123456789"; zero where there is no fraction.
  int fraction() {
    if (!take(".")) return 0;
    int value = 0;
    std::size_t count = 0;
    for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; ++count) {
      if (count < 3) value = value * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    if (count == 0 || count > 9) return reject();
    for (; count < 3; ++count) value *= 10;
    return value;
  }

  std::optional<std::chrono::minutes> offset() {
    if (take("Zz")) return std::chrono::minutes{0};
    const bool west = !rest_.empty() && rest_.front() == '-';
    expect("+-");
    const int hour = digits(2);
    expect(":");
    const int minute = digits(2);
    if (failed_ || hour > 23 || minute > 59) return std::nullopt;
    return std::chrono::minutes{west ? -(hour * 60 + minute) : hour * 60 + minute};
  }

  bool finished() const { return !failed_ && rest_.empty(); }

 private:
  int reject() {
    failed_ = true;
    rest_ = {};
    return 0;
  }

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace

std::string format_time(TimePoint at) {
  constexpr TimePoint kYearZero = sys_days{std::chrono::year{0} / 1 / 1};
  at = std::clamp(at, kYearZero, kLast);
  const auto day = std::chrono::floor<days>(at);
  const year_month_day date{day};
  const std::int64_t ms = (at - day).count();
  std::string out = "0000-00-00T00:00:00.000Z";
  char* to = out.data();
  put(to, int{date.year()}, 4);
  put(to + 5, unsigned{date.month()}, 2);
  put(to + 8, unsigned{date.day()}, 2);
  put(to + 11, ms / 3'600'000, 2);
  put(to + 14, ms / 60'000 % 60, 2);
  put(to + 17, ms / 1000 % 60, 2);
  put(to + 20, ms % 1000, 3);
  return out;
}

Result<TimePoint> parse_time(std::string_view text) {
  Reader reader(text);
  const std::chrono::year year{reader.digits(4)};
  reader.expect("-");
  const std::chrono::month month{static_cast<unsigned>(reader.digits(2))};
  reader.expect("-");
  const std::chrono::day day{static_cast<unsigned>(reader.digits(2))};
  reader.expect("Tt");
  const int hour = reader.digits(2);
  reader.expect(":");
  const int minute = reader.digits(2);
  reader.expect(":");
  const int second = reader.digits(2);
  const int ms = reader.fraction();
  const auto offset = reader.offset();
  if (!reader.finished() || !offset) {
    return invalid("",
                   in_quotes(text) + " is not a time; write RFC 3339 with a zone, such as \"2027-01-31T09:00:00Z\"");
  }
  const year_month_day date{year, month, day};
  if (!date.ok()) return invalid("", in_quotes(text) + " names a day that does not exist");
  if (hour > 23 || minute > 59 || second > 59) {
    return invalid("", in_quotes(text) + " names a time of day that does not exist; the last one is 23:59:59");
  }
  const TimePoint local = sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
                          std::chrono::seconds{second} + Duration{ms};
  const TimePoint at = local - *offset;
  if (at < kFirst || at > kLast) return invalid("", in_quotes(text) + " is outside the years 1970 to 9999 (UTC)");
  return at;
}

}  // namespace taskcore
