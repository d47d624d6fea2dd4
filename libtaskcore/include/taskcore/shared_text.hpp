// Text that is written once and then shared: a copy costs no memory of its own.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstring>
#include <new>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace taskcore {

/// Immutable text; copies share it. Usable from several threads as a `std::shared_ptr` is. Of the size of one pointer:
/// rows have many of these.
class SharedText {
 public:
  SharedText() = default;
  // NOLINTBEGIN(google-explicit-constructor): it stands wherever text does.
  SharedText(std::string_view text) : block_(text.empty() ? nullptr : make(text)) {}
  SharedText(const std::string& text) : SharedText(std::string_view(text)) {}
  SharedText(const char* text) : SharedText(std::string_view(text)) {}
  operator std::string_view() const noexcept { return view(); }
  // NOLINTEND(google-explicit-constructor)
  SharedText(const SharedText& other) noexcept : block_(other.block_) {
    if (block_ != nullptr) block_->users.fetch_add(1, std::memory_order_relaxed);
  }
  SharedText(SharedText&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  SharedText& operator=(SharedText other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~SharedText() {
    if (block_ != nullptr && block_->users.fetch_sub(1, std::memory_order_acq_rel) == 1) destroy(block_);
  }

  std::string_view view() const noexcept {
    return block_ != nullptr ? std::string_view(bytes(block_), block_->size) : std::string_view();
  }
  std::string str() const { return std::string(view()); }
  std::size_t size() const noexcept { return block_ != nullptr ? block_->size : 0; }
  bool empty() const noexcept { return block_ == nullptr; }
  void clear() noexcept { *this = {}; }

  friend bool operator==(const SharedText& a, const SharedText& b) noexcept { return a.view() == b.view(); }
  friend std::ostream& operator<<(std::ostream& out, const SharedText& text) { return out << text.view(); }

 private:
  /// The bytes follow it.
  struct Block {
    std::atomic<std::size_t> users;
    std::size_t size;
  };

  static char* bytes(Block* block) noexcept { return reinterpret_cast<char*>(block + 1); }
  static Block* make(std::string_view text) {
    auto* const block = ::new (::operator new(sizeof(Block) + text.size())) Block{1, text.size()};
    std::memcpy(bytes(block), text.data(), text.size());
    return block;
  }
  static void destroy(Block* block) noexcept {
    block->~Block();
    ::operator delete(block);
  }

  Block* block_ = nullptr;
};

}  // namespace taskcore
