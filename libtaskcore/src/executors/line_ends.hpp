// Finding line ends from behind.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

namespace taskcore {

/// The size of `bytes` up to and with its last line end; 0 when there is none.
inline std::size_t size_with_last_end(std::string_view bytes) {
  if (bytes.empty()) return 0;
  // memrchr, as rfind looks at one character at a time.
  const void* const end = ::memrchr(bytes.data(), '\n', bytes.size());
  return end == nullptr ? 0 : static_cast<std::size_t>(static_cast<const char*>(end) - bytes.data()) + 1;
}

}  // namespace taskcore
