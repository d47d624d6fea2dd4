// Text that is written once and then shared: a copy costs no memory of its own.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>

namespace taskcore {

/// Immutable text; copies share it. Usable from several threads as a `std::shared_ptr` is.
class SharedText {
 public:
  SharedText() = default;
  // NOLINTBEGIN(google-explicit-constructor): it stands wherever text does.
  SharedText(std::string_view text) : size_(text.size()) {
    if (text.empty()) return;
    auto bytes = std::make_shared_for_overwrite<char[]>(size_);
    std::memcpy(bytes.get(), text.data(), size_);
    bytes_ = std::move(bytes);
  }
  SharedText(const std::string& text) : SharedText(std::string_view(text)) {}
  SharedText(const char* text) : SharedText(std::string_view(text)) {}
  operator std::string_view() const noexcept { return view(); }
  // NOLINTEND(google-explicit-constructor)

  std::string_view view() const noexcept { return {bytes_.get(), size_}; }
  std::string str() const { return std::string(view()); }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  void clear() noexcept { *this = {}; }

  friend bool operator==(const SharedText& a, const SharedText& b) noexcept { return a.view() == b.view(); }
  friend std::ostream& operator<<(std::ostream& out, const SharedText& text) { return out << text.view(); }

 private:
  std::shared_ptr<const char[]> bytes_{};
  std::size_t size_ = 0;
};

}  // namespace taskcore
