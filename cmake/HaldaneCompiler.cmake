# Warnings, determinism and instrumentation flags of our own code; libraries are system includes.
add_library(haldane_compiler INTERFACE)
target_compile_options(haldane_compiler INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual -Wformat=2 -Wimplicit-fallthrough
  # A fused multiply-add rounds once where two operations round twice, so whether the compiler fuses
  # would decide the bits of a result: docs/determinism.md.
  -ffp-contract=off)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # gcc 12 at -O3 reports correct concatenation of std::string under these three names (GCC bugs 105651,
  # 105329); clang's warnings and the address sanitizer look for the real thing.
  target_compile_options(haldane_compiler INTERFACE -Wduplicated-cond -Wlogical-op -Wno-restrict -Wno-stringop-overflow
    -Wno-array-bounds)
else()
  # clang blames our instantiation of std::stable_sort for libstdc++ 12's own deprecated helper; gcc, the
  # compiler of releases, still warns of what we use ourselves.
  target_compile_options(haldane_compiler INTERFACE -Wno-deprecated-declarations)
endif()
target_include_directories(haldane_compiler INTERFACE "${CMAKE_SOURCE_DIR}")
if(HALDANE_NATIVE)
  target_compile_options(haldane_compiler INTERFACE -march=native)
endif()
if(HALDANE_SANITIZE)
  # Assertions of the library: empty optionals, indices out of range, iterators of another container.
  target_compile_definitions(haldane_compiler INTERFACE _GLIBCXX_ASSERTIONS)
  target_compile_options(haldane_compiler INTERFACE
    -fsanitize=${HALDANE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(haldane_compiler INTERFACE -fsanitize=${HALDANE_SANITIZE})
endif()
if(HALDANE_FUZZ)
  # Coverage of the libraries is what guides the fuzzer; without it libFuzzer sees its target only.
  target_compile_options(haldane_compiler INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(HALDANE_COVERAGE)
  target_compile_options(haldane_compiler INTERFACE --coverage)
  target_link_options(haldane_compiler INTERFACE --coverage)
endif()
