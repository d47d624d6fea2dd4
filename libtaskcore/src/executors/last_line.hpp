// The last line of a stream that is not blank: a script's result, when it is JSON.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace taskcore {

/// Fed a stream in pieces of any size, it holds at most two lines of `most` bytes.
class LastLine {
 public:
  explicit LastLine(std::size_t most) : most_(most) {}

  void feed(std::string_view bytes);

  /// The last line that holds more than white space, without its end, which may be missing still. Nothing when there
  /// is none or it is longer than `most`. Valid until the next `feed`.
  std::optional<std::string_view> get() const;

 private:
  struct Line {
    std::string text{};
    bool too_long = false;
    bool blank() const;
  };
  void append(std::string_view bytes);

  std::size_t most_;
  Line ended_{};
  Line current_{};
};

}  // namespace taskcore
