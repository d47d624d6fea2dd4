// Random cron expressions and, minute by minute, what they match. The oracle keeps each field as a plain list of
// predicates and asks them for a day at a time on a calendar of its own, so it shares no idea with the code under test.
#pragma once

#include <array>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace taskcore::testing {

/// A day on the oracle's calendar.
struct OracleDay {
  int year = 2023;
  int month = 1;
  int day = 1;
  int weekday = 0;  ///< From Sunday, 0: 2023-01-01 is one.

  int length() const {
    constexpr std::array<int, 12> kLengths{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : kLengths[static_cast<std::size_t>(month - 1)];
  }

  void step() {
    weekday = (weekday + 1) % 7;
    if (++day <= length()) return;
    day = 1;
    if (++month <= 12) return;
    month = 1;
    ++year;
  }
};

/// One field: its text, and whether it takes a value (or a day).
struct OracleField {
  std::string text{};
  std::vector<std::function<bool(const OracleDay&, int)>> items{};

  bool takes(const OracleDay& day, int value) const {
    for (const auto& item : items) {
      if (item(day, value)) return true;
    }
    return false;
  }
  bool star() const { return text[0] == '*' || text[0] == '?'; }
};

class CronOracle {
 public:
  explicit CronOracle(std::uint64_t seed) : random_(seed) {
    minute_ = field(0, 59, {});
    hour_ = field(0, 23, {});
    date_ = field(1, 31, [this] { return date_word(); });
    month_ = field(1, 12, {});
    weekday_ = field(0, 7, [this] { return weekday_word(); });
  }

  std::string text() const {
    return minute_.text + " " + hour_.text + " " + date_.text + " " + month_.text + " " + weekday_.text;
  }

  bool takes_day(const OracleDay& day) const {
    if (!month_.takes(day, day.month)) return false;
    const bool dated = date_.takes(day, day.day);
    const bool named = weekday_.takes(day, day.weekday) || (day.weekday == 0 && weekday_.takes(day, 7));
    return date_.star() || weekday_.star() ? dated && named : dated || named;
  }
  bool takes_time(int hour, int minute) const { return hour_.takes({}, hour) && minute_.takes({}, minute); }

 private:
  using Item = std::function<bool(const OracleDay&, int)>;
  using Word = std::pair<std::string, Item>;

  int any(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }

  OracleField field(int low, int high, const std::function<Word()>& word) {
    OracleField out;
    if (any(0, 2) == 0) return {any(0, 5) == 0 ? "?" : "*", {[](const OracleDay&, int) { return true; }}};
    const int count = any(0, 2) == 0 ? any(2, 4) : 1;
    for (int i = 0; i < count; ++i) {
      auto [text, item] = word && any(0, 2) == 0 ? word() : plain(low, high);
      out.text += (i > 0 ? "," : "") + text;
      out.items.push_back(std::move(item));
    }
    return out;
  }

  Word plain(int low, int high) {
    const int first = any(low, high);
    const int last = any(first, high);
    const int step = any(1, std::min(high - low, 9));
    const std::string by = "/" + std::to_string(step);
    const auto from_to = [](int begin, int end, int each) -> Item {
      return [=](const OracleDay&, int value) { return value >= begin && value <= end && (value - begin) % each == 0; };
    };
    // Of weekdays 7 is read, but neither a star nor an open step goes so far.
    const int end = high == 7 ? 6 : high;
    switch (any(0, 4)) {
      case 0:
        return {"*" + by, from_to(low, end, step)};
      case 1:
        return {std::to_string(std::min(first, end)) + by, from_to(std::min(first, end), end, step)};
      case 2:
        return {std::to_string(first) + "-" + std::to_string(last), from_to(first, last, 1)};
      case 3:
        return {std::to_string(first) + "-" + std::to_string(last) + by, from_to(first, last, step)};
      default:
        return {std::to_string(first), from_to(first, first, 1)};
    }
  }

  Word date_word() {
    const int number = any(1, 31);
    switch (any(0, 3)) {
      case 0:
        return {"L", [](const OracleDay& day, int) { return day.day == day.length(); }};
      case 1:
        return {"L-" + std::to_string(number % 31),
                [=](const OracleDay& day, int) { return day.day + number % 31 == day.length(); }};
      case 2:
        return {"LW", [](const OracleDay& day, int) { return workday(day) && none_later(day); }};
      default:
        return {std::to_string(number) + "W", [=](const OracleDay& day, int) { return nearest(day, number); }};
    }
  }

  Word weekday_word() {
    const int weekday = any(0, 7);
    const int nth = any(1, 5);
    if (any(0, 1) == 0) {
      return {std::to_string(weekday) + "L",
              [=](const OracleDay& day, int) { return day.weekday == weekday % 7 && day.day + 7 > day.length(); }};
    }
    return {std::to_string(weekday) + "#" + std::to_string(nth),
            [=](const OracleDay& day, int) { return day.weekday == weekday % 7 && (day.day + 6) / 7 == nth; }};
  }

  static bool workday(const OracleDay& day) { return day.weekday >= 1 && day.weekday <= 5; }

  static bool none_later(OracleDay day) {
    for (const int month = day.month; day.step(), day.month == month;) {
      if (workday(day)) return false;
    }
    return true;
  }

  // Whether of the workdays of its month this is the one that is nearest to that date.
  static bool nearest(const OracleDay& day, int date) {
    if (!workday(day) || date > day.length()) return false;
    const auto weekday_of = [&](int other) { return ((day.weekday + other - day.day) % 7 + 7) % 7; };
    for (int away = 0; away < 4; ++away) {
      for (const int other : {date - away, date + away}) {
        if (other < 1 || other > day.length()) continue;
        if (weekday_of(other) >= 1 && weekday_of(other) <= 5) return other == day.day;
      }
    }
    return false;
  }

  std::mt19937_64 random_;
  OracleField minute_, hour_, date_, month_, weekday_;
};

}  // namespace taskcore::testing
