# haldane_folder(<target> DEPENDS ...): the library of the folder that calls it, from all its .cpp files.
# A folder of headers only becomes an interface library, so that callers need not know.
function(haldane_folder target)
  cmake_parse_arguments(ARG "" "" "DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  if(sources)
    add_library(${target} STATIC ${sources})
    target_link_libraries(${target} PUBLIC haldane_compiler ${ARG_DEPENDS})
  else()
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE haldane_compiler ${ARG_DEPENDS})
  endif()
endfunction()

# Where tests and benchmarks find their data. A header, not a definition on every command line: only the
# files that include it are then compiled anew in another folder, ccache knows the others.
file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/generated/source_folder.h"
     CONTENT "#pragma once\n#define HALDANE_SOURCE_DIR \"@CMAKE_SOURCE_DIR@\"\n" @ONLY)

# One precompiled GoogleTest for all test programs; each of its own cost seconds a program.
function(haldane_test_headers)
  if(NOT TARGET haldane_test_headers)
    add_library(haldane_test_headers OBJECT "${CMAKE_SOURCE_DIR}/tests/precompiled.cpp")
    target_link_libraries(haldane_test_headers PRIVATE haldane_compiler GTest::gmock)
    target_precompile_headers(haldane_test_headers PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
  endif()
endfunction()

# The targets haldane_tests_<label> build the programs of one label and nothing else.
function(haldane_join_labels target)
  foreach(label ${ARGN})
    if(NOT TARGET haldane_tests_${label})
      add_custom_target(haldane_tests_${label})
    endif()
    add_dependencies(haldane_tests_${label} ${target})
  endforeach()
endfunction()

# haldane_test(<target> LABEL fast|slow [TIMEOUT s] DEPENDS ...): one GoogleTest program from the
# folder's .cpp files. Labels beside fast and slow may follow in a list, e.g. "fast;threads": those with
# `threads` also run under the thread sanitizer.
function(haldane_test target)
  # PARSE_ARGV keeps a list of labels together.
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "LABEL;TIMEOUT" "DEPENDS")
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 900)  # sanitizers on a busy machine take ten times as long
  endif()
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  add_executable(${target} ${sources})
  target_link_libraries(${target} PRIVATE haldane_compiler ${ARG_DEPENDS} GTest::gmock GTest::gtest_main)
  target_include_directories(${target} PRIVATE "${CMAKE_BINARY_DIR}/generated")
  haldane_test_headers()
  target_precompile_headers(${target} REUSE_FROM haldane_test_headers)
  # One ctest entry a program, not a test case: discovery at build time costs more than it tells.
  add_test(NAME ${target} COMMAND ${target})
  set_tests_properties(${target} PROPERTIES LABELS "${ARG_LABEL}" TIMEOUT ${ARG_TIMEOUT})
  haldane_join_labels(${target} ${ARG_LABEL})
endfunction()

# haldane_fuzz(<target> CORPUS dir DEPENDS ...): <target>.cpp defines LLVMFuzzerTestOneInput. With
# HALDANE_FUZZ it becomes a libFuzzer program; always, its corpus runs as a fast test.
function(haldane_fuzz target)
  cmake_parse_arguments(ARG "" "CORPUS" "DEPENDS" ${ARGN})
  if(HALDANE_FUZZ)
    add_executable(${target} ${target}.cpp)
    target_compile_options(${target} PRIVATE -fsanitize=fuzzer)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    # A fixed seed and number of runs: the smoke must not find something new on somebody else's change.
    add_test(NAME ${target}_smoke COMMAND ${target} -seed=20261121 -runs=20000 -max_total_time=60 -timeout=25
             -rss_limit_mb=4096
             "${CMAKE_CURRENT_BINARY_DIR}/${target}_found" "${ARG_CORPUS}")
    file(MAKE_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/${target}_found")
    set_tests_properties(${target}_smoke PROPERTIES LABELS fuzz TIMEOUT 180)
    haldane_join_labels(${target} fuzz)
  else()
    add_executable(${target} ${target}.cpp "${CMAKE_SOURCE_DIR}/tests/fuzz/run_corpus.cpp")
    add_test(NAME ${target}_corpus COMMAND ${target} "${ARG_CORPUS}")
    set_tests_properties(${target}_corpus PROPERTIES LABELS fast TIMEOUT 60)
    haldane_join_labels(${target} fast)
  endif()
  target_link_libraries(${target} PRIVATE haldane_compiler ${ARG_DEPENDS})
endfunction()

# haldane_bench(<target> [TEST_FILTER regex] DEPENDS ...): one Google Benchmark program from the folder's .cpp files. Under
# ctest it (or what of it matches) runs once for a moment: that it works is tested, how fast it is never.
function(haldane_bench target)
  cmake_parse_arguments(ARG "" "TEST_FILTER" "DEPENDS" ${ARGN})
  if(NOT ARG_TEST_FILTER)
    set(ARG_TEST_FILTER .)
  endif()
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  add_executable(${target} ${sources})
  target_link_libraries(${target} PRIVATE haldane_compiler ${ARG_DEPENDS} benchmark::benchmark_main)
  target_include_directories(${target} PRIVATE "${CMAKE_BINARY_DIR}/generated")
  add_test(NAME ${target}_runs COMMAND ${target} --benchmark_min_time=0.001 "--benchmark_filter=${ARG_TEST_FILTER}")
  set_tests_properties(${target}_runs PROPERTIES LABELS slow TIMEOUT 300)
endfunction()
