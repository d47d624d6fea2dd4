# What holds for our own builds only, never for a project that contains this one: warnings, sanitizers, ccache.
include(${CMAKE_CURRENT_LIST_DIR}/warnings.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/sanitizers.cmake)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Kind of build" FORCE)
endif()

if(NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(TASKCORE_CCACHE ccache)
  if(TASKCORE_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${TASKCORE_CCACHE})
  endif()
endif()
