// A target of libFuzzer: any text as a schedule. TASKCORE_FUZZ builds it; see CMakeLists.txt.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>

#include "fuzz/check_schedule.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    taskcore::testing::check_schedule({reinterpret_cast<const char*>(data), size});
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    std::abort();
  }
  return 0;
}
