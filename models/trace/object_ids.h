// Dense numbers for 64-bit keys: what makes a trace of any ids a trace of array indices.
//
// An open-addressing table of its own, because the caller knows keys ahead and the table can fetch
// their places: looking up keys of a million objects takes half the time of
// boost::unordered_flat_map, which cannot prefetch (bench/README.md).
#pragma once

#include <cstddef>
#include <cstdint>

#include "sim/base/hash.h"
#include "sim/base/large_vector.h"

namespace haldane::models {

/// **Domain** at most `ids_max` keys. **Cost** 16 bytes a place, 1.7 to 3.4 places a key; O(1).
class ObjectIds {
 public:
  static constexpr std::uint32_t ids_max = 0xfffffff0U;

  ObjectIds() : slots_(std::size_t{1} << first_bits), shift_(64 - first_bits) {}

  /// What the other functions want to know of a key.
  [[nodiscard]] static std::uint64_t hash(std::uint64_t key) { return mix(key); }
  [[gnu::always_inline]] void prefetch(std::uint64_t hash) const {
    __builtin_prefetch(&slots_[hash >> shift_], 1);
  }
  /// **Returns** the number of keys seen before this one was first seen.
  std::uint32_t id_of(std::uint64_t key, std::uint64_t hash) {
    std::size_t place = hash >> shift_;
    for (; slots_[place].used(); place = after(place)) {
      if (slots_[place].key == key) return static_cast<std::uint32_t>(slots_[place].number - 1);
    }
    return insert(key, hash, place);
  }
  [[nodiscard]] std::uint32_t size() const { return size_; }

 private:
  struct Slot {
    std::uint64_t key = 0;
    std::uint64_t number = 0;  // id + 1; 0 = free
    [[nodiscard]] bool used() const { return number != 0; }
  };
  static constexpr unsigned first_bits = 14;

  [[nodiscard]] std::size_t after(std::size_t place) const {
    return (place + 1) & (slots_.size() - 1);
  }
  [[nodiscard]] std::size_t free_place(std::uint64_t hash) const {
    std::size_t place = hash >> shift_;
    while (slots_[place].used()) place = after(place);
    return place;
  }
  [[gnu::noinline]] std::uint32_t insert(std::uint64_t key, std::uint64_t hash, std::size_t place) {
    if (size_ >= slots_.size() / 10 * 6) {
      grow();
      place = free_place(hash);
    }
    slots_[place] = {key, ++size_};
    return size_ - 1;
  }
  void grow() {
    LargeVector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    --shift_;
    for (const Slot& slot : old) {
      if (slot.used()) slots_[free_place(hash(slot.key))] = slot;
    }
  }

  LargeVector<Slot> slots_;
  unsigned shift_;
  std::uint32_t size_ = 0;
};

}  // namespace haldane::models
