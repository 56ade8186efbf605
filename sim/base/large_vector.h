// Vectors that are indexed at random and outgrow the first-level TLB: backed by large pages where
// the system grants them.
//
// A table of a million objects spans 4,000 pages of 4 KiB; random access to it then costs a page
// walk on top of the cache miss, and prefetching it costs the walk too. Pages of 2 MiB remove that
// (bench/README.md has the numbers).
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>
#include <vector>

#include <sys/mman.h>

namespace haldane {

/// Allocates from 1 MiB on at 2 MiB boundaries and advises the kernel to use large pages; below, at
/// cache lines, so that no vector of the processor straddles two.
template <class T>
class LargePageAllocator {
 public:
  using value_type = T;
  LargePageAllocator() = default;
  template <class U>
  LargePageAllocator(const LargePageAllocator<U>&) {}  // NOLINT(google-explicit-constructor)

  T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    if (bytes < threshold) return static_cast<T*>(::operator new(bytes, line));
    const std::size_t rounded = (bytes + page - 1) / page * page;
    void* memory = std::aligned_alloc(page, rounded);
    if (memory == nullptr) throw std::bad_alloc();
    // Advice only: without large pages everything works as before, just slower.
    static_cast<void>(::madvise(memory, rounded, MADV_HUGEPAGE));
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t count) {
    if (count * sizeof(T) < threshold) {
      ::operator delete(memory, line);
    } else {
      std::free(memory);
    }
  }
  friend bool operator==(const LargePageAllocator&, const LargePageAllocator&) { return true; }

 private:
  static constexpr std::align_val_t line{64};
  static constexpr std::size_t page = std::size_t{2} << 20;
  static constexpr std::size_t threshold = std::size_t{1} << 20;
};

template <class T>
using LargeVector = std::vector<T, LargePageAllocator<T>>;

}  // namespace haldane
