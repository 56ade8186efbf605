// Which object a request asks for, and of which class it thereby is.
//
// Objects are dense numbers. Without classes there is one catalogue, and a number is a popularity
// rank. Classes own ranges of numbers, one after the other in the order in which the scenario
// names them, so that a request needs no class of its own: its object tells. Behind a catalogue
// lie the numbers of its one-hit wonders, objects that are asked for once. Content in several
// formats has a number in each: all of the first format, then all of the second, and so on.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "models/spec/scenario.h"
#include "sim/random/alias_table.h"
#include "sim/random/philox.h"
#include "sim/random/zipf.h"

namespace haldane::models {

/// **Determinism** one word a draw; blocks and single draws give the same objects. With one class
/// of all requests the draws are those without classes.
class ObjectLaw {
 public:
  /// **Domain** `traffic` was read without complaint. **Cost** as ZipfSampler, one a class.
  explicit ObjectLaw(const TrafficSpec& traffic);

  /// Objects of all classes.
  [[nodiscard]] std::uint32_t size() const { return size_; }

  [[nodiscard]] std::uint32_t sample(std::uint64_t word) const {
    return plain_ ? parts_.front().zipf.sample(word) : sample_part(word);
  }
  /// objects[i] = sample(words[i]). **Domain** equal sizes.
  void sample_block(std::span<const std::uint64_t> words, std::span<std::uint32_t> objects) const;

  /// Whether what was sampled still has to go through drifted() or next_once().
  [[nodiscard]] bool changes() const { return drifts_ || once_parts_ > 0; }
  [[nodiscard]] bool drifts() const { return drifts_; }
  /// The object that has at `now` the popularity which `object` had at the start.
  [[nodiscard]] std::uint32_t drifted(std::uint32_t object, SimTime now) const;

  /// Parts of the catalogue that hold one-hit wonders.
  [[nodiscard]] std::size_t once_parts() const { return once_parts_; }
  /// A sampled one-hit wonder becomes the next of its part; other objects stay. **Domain** `asked`
  /// counts a part's so far.
  [[nodiscard]] std::uint32_t next_once(std::uint32_t object, std::span<std::uint32_t> asked) const;

 private:
  // The words from `begin` on (up to the next part's) belong to the part. What is left of a word
  // in there, stretched to 64 bits, chooses the object.
  struct Part {
    std::uint64_t begin;
    std::uint64_t stretch;  // 2^43 / share
    std::uint32_t first_object;
    std::uint32_t objects;
    sim::ZipfSampler zipf;
    std::optional<sim::AliasTable> weights;  // instead
    bool once = false;
    Duration drift_every;  // 0 = none
    std::uint32_t drift_ranks = 0;
  };
  static constexpr int stretch_bits = 43;

  [[nodiscard]] std::uint32_t sample_part(std::uint64_t word) const;
  void add_catalogue(const ObjectsSpec& objects, double from, double to);
  void add_lasting(const ObjectsSpec& objects, double from, double to);
  void add_part(Part part, double from, double to);

  std::vector<Part> parts_;
  std::uint32_t size_ = 0;
  std::size_t once_parts_ = 0;
  bool drifts_ = false;
  bool plain_ = false;  // one part, of Zipf's law
};

/// The `count` most popular objects at the start, the most popular one first; of equals the smaller
/// number. One-hit wonders are not among them. **Cost** O(objects + count * classes).
[[nodiscard]] std::vector<std::uint32_t> most_popular_objects(const TrafficSpec& traffic,
                                                              std::uint32_t count);

/// Where the ranges of objects of the classes begin.
class ClassTable {
 public:
  ClassTable() = default;
  explicit ClassTable(const TrafficSpec& traffic);

  /// 1 without classes.
  [[nodiscard]] std::uint32_t size() const {
    return static_cast<std::uint32_t>(later_begins_.size()) + 1;
  }
  /// The index, in the order of the scenario, of the class that owns an object; 0 without classes.
  /// **Cost** one comparison a class, without branches.
  [[nodiscard]] std::uint32_t class_of(std::uint32_t object) const {
    std::uint32_t index = 0;
    for (const std::uint32_t begin : later_begins_) index += object >= begin ? 1U : 0U;
    return index;
  }

 private:
  std::vector<std::uint32_t> later_begins_;  // of all classes but the first
};

}  // namespace haldane::models
