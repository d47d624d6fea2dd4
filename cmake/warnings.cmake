# Warnings of our own code; other people's headers are included as system headers and are not judged.
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual)
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  # Part of -Wconversion in Clang alone. The other two are the style of our aggregates: every field has its default.
  add_compile_options(-Wno-sign-conversion -Wno-missing-field-initializers -Wno-missing-designated-field-initializers)
endif()
if(TASKCORE_WERROR)
  add_compile_options(-Werror)
endif()
