# What `cmake --install` lays down. Component taskcore is for programs that link the library: headers, the CMake package,
# pkg-config's file; it may be moved as one tree. Component server is taskd, which needs taskcore-exec of the other.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/taskcore)

install(DIRECTORY libtaskcore/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT taskcore
  FILES_MATCHING PATTERN "*.hpp")
install(TARGETS taskcore taskcore_headers taskcore-exec EXPORT taskcoreTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT taskcore
  RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/taskcore COMPONENT taskcore)
if(TARGET taskcore_http)
  install(TARGETS taskcore_http EXPORT taskcoreHttpTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT taskcore)
  install(EXPORT taskcoreHttpTargets NAMESPACE taskcore:: DESTINATION ${package_dir} COMPONENT taskcore)
endif()
install(EXPORT taskcoreTargets NAMESPACE taskcore:: DESTINATION ${package_dir} COMPONENT taskcore)

configure_package_config_file(cmake/taskcoreConfig.cmake.in ${PROJECT_BINARY_DIR}/taskcoreConfig.cmake
  INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/taskcoreConfigVersion.cmake COMPATIBILITY SameMajorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/taskcoreConfig.cmake
  ${PROJECT_BINARY_DIR}/taskcoreConfigVersion.cmake
  cmake/FindCctz.cmake
  DESTINATION ${package_dir} COMPONENT taskcore)

file(RELATIVE_PATH prefix_from_pc ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(cmake/taskcore.pc.in ${PROJECT_BINARY_DIR}/taskcore.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/taskcore.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT taskcore)

if(TARGET taskd)
  install(TARGETS taskd RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT server)
  # Not LIBDIR: systemd looks in lib, whatever the machine's libraries lie in.
  configure_file(server/systemd/taskd.service.in ${PROJECT_BINARY_DIR}/taskd.service @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/taskd.service DESTINATION lib/systemd/system COMPONENT server)
  install(FILES server/systemd/taskd.sysusers DESTINATION lib/sysusers.d RENAME taskd.conf COMPONENT server)
endif()
