# thaw_library(NAME [DEPS lib...] [VENDOR lib...]) makes library thaw_NAME of this folder's sources, and
# test binary thaw_NAME_test of its *_test.cc. DEPS are seen by users of the library; VENDOR libraries
# stay private, so that a vendor header cannot leak out of its adapter.
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
if(THAW_TESTS)
  find_package(GTest REQUIRED)
endif()

add_library(thaw_flags INTERFACE)
target_compile_options(thaw_flags INTERFACE -Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor
  -Woverloaded-virtual -Wimplicit-fallthrough -Wswitch -Wno-missing-field-initializers
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict -Wno-maybe-uninitialized -Wno-dangling-reference>
  # libstdc++ itself calls what it has deprecated, from std::stable_partition.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>)
target_include_directories(thaw_flags INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_link_libraries(thaw_flags INTERFACE Threads::Threads)
if(THAW_SANITIZE)
  target_compile_options(thaw_flags INTERFACE -fsanitize=${THAW_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(thaw_flags INTERFACE -fsanitize=${THAW_SANITIZE})
endif()
if(THAW_FUZZ)
  target_compile_options(thaw_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(THAW_COVERAGE)
  target_compile_options(thaw_flags INTERFACE --coverage -O0)
  target_link_options(thaw_flags INTERFACE --coverage)
endif()
find_program(THAW_MOLD mold)
if(THAW_MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_link_options(thaw_flags INTERFACE -fuse-ld=mold)
endif()

function(thaw_test_binary name)
  cmake_parse_arguments(T "" "" "SOURCES;DEPS;LABELS" ${ARGN})
  add_executable(${name} ${T_SOURCES})
  target_link_libraries(${name} PRIVATE thaw_flags ${T_DEPS} fmt::fmt GTest::gtest GTest::gmock GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name} --gtest_brief=1)
  set_tests_properties(${name} PROPERTIES ENVIRONMENT "THAW_SOURCE_DIR=${PROJECT_SOURCE_DIR}" TIMEOUT 900)
  if(T_LABELS)
    set_tests_properties(${name} PROPERTIES LABELS "${T_LABELS}")
  endif()
endfunction()

function(thaw_library name)
  cmake_parse_arguments(L "" "" "DEPS;VENDOR;TEST_DEPS;LABELS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  if(sources)
    add_library(thaw_${name} STATIC ${sources})
    target_link_libraries(thaw_${name} PUBLIC thaw_flags fmt::fmt ${L_DEPS} PRIVATE ${L_VENDOR})
  else()
    add_library(thaw_${name} INTERFACE)
    target_link_libraries(thaw_${name} INTERFACE thaw_flags fmt::fmt ${L_DEPS})
  endif()
  if(THAW_TESTS AND tests)
    thaw_test_binary(thaw_${name}_test SOURCES ${tests} DEPS thaw_${name} ${L_TEST_DEPS} LABELS ${L_LABELS})
  endif()
endfunction()

# thaw_outside_test(LABEL MODULE...): Python tests that drive a built binary from outside. Which one
# THAW_BINARY says; `./dev test` sets it. The distribution's interpreter has the packages of ./dev setup.
if(EXISTS /usr/bin/python3)
  set(Python3_EXECUTABLE /usr/bin/python3)
endif()
find_package(Python3 3.11 COMPONENTS Interpreter REQUIRED)
function(thaw_outside_test label)
  foreach(module ${ARGN})
    add_test(NAME ${label}_${module}
             COMMAND ${Python3_EXECUTABLE} -B ${CMAKE_CURRENT_SOURCE_DIR}/${module}.py)
    set_tests_properties(${label}_${module} PROPERTIES LABELS ${label} TIMEOUT 300)
  endforeach()
endfunction()

# Every subfolder that has a CMakeLists.txt.
macro(thaw_add_subfolders)
  file(GLOB folders CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} */CMakeLists.txt)
  foreach(list_file ${folders})
    cmake_path(GET list_file PARENT_PATH folder)
    add_subdirectory(${folder})
  endforeach()
endmacro()
