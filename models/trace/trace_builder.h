// Requests by key to a trace by dense id, in batches: the table of keys is larger than the caches,
// so the places of a batch are fetched ahead.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "models/trace/access_trace.h"
#include "models/trace/object_ids.h"

namespace haldane::models {

class TraceBuilder {
 public:
  /// `has_sizes`: whether the sizes given to add() mean anything.
  TraceBuilder(const SampleOptions& sample, bool has_sizes);

  /// Room for so many requests, so that nothing moves while they come. A hint.
  void expect(std::uint64_t requests);

  [[gnu::always_inline]] void add(std::uint64_t key, std::uint32_t size) {
    keys_[filled_] = key;
    sizes_[filled_] = size;
    if (++filled_ == batch) flush();
  }

  /// Whether there are more objects than ids. The requests of the next objects are then dropped.
  [[nodiscard]] bool too_many_objects() const { return ids_.size() > ObjectIds::ids_max - batch; }

  /// The trace. Call once.
  [[nodiscard]] AccessTrace finish();

 private:
  static constexpr std::size_t batch = 4096;

  void flush();
  std::size_t keep_sampled();
  void append(std::size_t count);

  bool has_sizes_;
  bool samples_;
  std::uint64_t salt_;
  std::uint64_t threshold_;
  AccessTrace trace_;
  ObjectIds ids_;
  std::size_t filled_ = 0;
  std::array<std::uint64_t, batch> keys_{};
  std::array<std::uint64_t, batch> hashes_{};
  std::array<std::uint32_t, batch> sizes_{};
};

/// The key of an id as it stands in a text: its value for a plain decimal number below 10^19, so
/// that text and binary traces of the same numbers agree, else a hash of its bytes. **Returns** for
/// different texts different keys but for chance: among ten million of them a pair collides with
/// probability 3e-6.
[[nodiscard]] std::uint64_t key_of_text(const char* text, std::size_t length);

}  // namespace haldane::models
