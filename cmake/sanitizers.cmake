# TASKCORE_SANITIZE: one sanitizer for everything that is built here but taskcore-exec.
if(TASKCORE_SANITIZE STREQUAL "address")
  set(flags -fsanitize=address -fno-omit-frame-pointer)
elseif(TASKCORE_SANITIZE STREQUAL "undefined")
  # The three that are left out triple the time to compile Asio, and find little that the others do not.
  set(flags -fsanitize=undefined -fno-sanitize=vptr,null,alignment -fno-sanitize-recover=all -fno-omit-frame-pointer)
elseif(TASKCORE_SANITIZE STREQUAL "thread")
  set(flags -fsanitize=thread -fno-omit-frame-pointer)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    list(APPEND flags -Wno-tsan)  # Asio has fences, which GCC warns of wherever one is inlined.
  endif()
elseif(TASKCORE_SANITIZE)
  message(FATAL_ERROR "TASKCORE_SANITIZE is \"${TASKCORE_SANITIZE}\": expected address, undefined, thread or nothing")
else()
  return()
endif()
add_compile_options(${flags})
add_link_options(${flags})
