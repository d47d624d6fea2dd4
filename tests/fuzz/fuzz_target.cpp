// A target of libFuzzer: TASKCORE_FUZZ_CHECK on any text. TASKCORE_FUZZ builds them; see CMakeLists.txt.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string_view>

namespace taskcore::testing {
void TASKCORE_FUZZ_CHECK(std::string_view text);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    taskcore::testing::TASKCORE_FUZZ_CHECK({reinterpret_cast<const char*>(data), size});
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    std::abort();
  }
  return 0;
}
