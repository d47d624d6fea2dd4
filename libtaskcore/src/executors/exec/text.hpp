// The little text handling that the supervisor needs: numbers, prefixes, and a buffer to build a line or a path in.
#pragma once

namespace taskcore::exec {

/// What follows `prefix` in `text`, or null when it does not begin with it.
inline const char* after_prefix(const char* text, const char* prefix) {
  for (; *prefix != '\0'; ++text, ++prefix) {
    if (*text != *prefix) return nullptr;
  }
  return text;
}

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Reads digits and moves `text` past them; stays at the largest number rather than overflow.
inline unsigned long read_number(const char*& text) {
  constexpr unsigned long kMost = ~0UL;
  unsigned long value = 0;
  for (; is_digit(*text); ++text) {
    const unsigned long digit = static_cast<unsigned long>(*text - '0');
    value = value > (kMost - digit) / 10 ? kMost : value * 10 + digit;
  }
  return value;
}

inline unsigned long to_number(const char* text) { return read_number(text); }

/// Text of bounded length, always ended by a NUL. What does not fit is left out, and `fits` turns false.
template <int kSize>
class TextBuffer {
 public:
  TextBuffer& add(const char* text) {
    while (*text != '\0') add(*text++);
    return *this;
  }
  TextBuffer& add(char c) {
    if (length_ + 1 < kSize) {
      bytes_[length_++] = c;
      bytes_[length_] = '\0';
    } else {
      fits_ = false;
    }
    return *this;
  }
  TextBuffer& add(long value) {
    if (value < 0) add('-');
    unsigned long rest = value < 0 ? 0UL - static_cast<unsigned long>(value) : static_cast<unsigned long>(value);
    char digits[20];
    int count = 0;
    do {
      digits[count++] = static_cast<char>('0' + rest % 10);
      rest /= 10;
    } while (rest != 0);
    while (count > 0) add(digits[--count]);
    return *this;
  }

  void clear() {
    length_ = 0;
    bytes_[0] = '\0';
    fits_ = true;
  }
  const char* c_str() const { return bytes_; }
  char* c_str() { return bytes_; }
  int length() const { return length_; }
  bool fits() const { return fits_; }

 private:
  // Left unset on purpose: only the bytes in use are ever touched.
  char bytes_[kSize];
  int length_ = 0;
  bool fits_ = true;
};

}  // namespace taskcore::exec
