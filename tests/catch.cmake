# Catch2, version 3 or 2, whichever is installed, as taskcore_catch: its main is compiled once. Sources include
# "support/catch.hpp".
find_package(Catch2 3 QUIET CONFIG)
if(NOT Catch2_FOUND)
  find_package(Catch2 2.13 REQUIRED CONFIG)
endif()

add_library(taskcore_catch INTERFACE)
if(Catch2_VERSION VERSION_LESS 3)
  file(CONFIGURE OUTPUT catch_main.cpp CONTENT "#define CATCH_CONFIG_MAIN\n#include <catch2/catch.hpp>\n")
  add_library(taskcore_catch_main STATIC ${CMAKE_CURRENT_BINARY_DIR}/catch_main.cpp)
  target_link_libraries(taskcore_catch_main PUBLIC Catch2::Catch2)
  target_link_libraries(taskcore_catch INTERFACE taskcore_catch_main)
  set(taskcore_catch_refuse_empty --warn NoTests)
else()
  target_link_libraries(taskcore_catch INTERFACE Catch2::Catch2WithMain)
  set(taskcore_catch_refuse_empty)  # The default since version 3.
endif()
