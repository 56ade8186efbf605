// What the eviction policies have in common where room is counted in bytes: objects of different
// sizes come and go, and one that comes may push out several, or may not fit in at all.
//
// Behind a virtual call, for sizes cost more than that, and the policies that count objects, which
// are as fast as can be, need not know of it.
#pragma once

#include <cstdint>
#include <vector>

namespace haldane::models {

/// What an object weighs. **Units** any; room as the capacity.
struct ObjectWeight {
  std::uint32_t room = 1;   ///< what it takes of the capacity
  std::uint32_t bytes = 1;  ///< what GDSF ranks it by
};

/// The residents of a cache and the order in which they leave. A resident keeps the weight that it
/// came with; what weighs more than the capacity is not kept; what weighs nothing takes no room.
/// **Domain** capacity >= 1.
class ByteOrder {
 public:
  ByteOrder() = default;
  ByteOrder(const ByteOrder&) = delete;
  ByteOrder& operator=(const ByteOrder&) = delete;
  virtual ~ByteOrder() = default;

  [[nodiscard]] virtual bool has(std::uint32_t object) const = 0;
  /// The object was asked for and found. **Domain** has(object).
  virtual void hit(std::uint32_t object) = 0;
  /// Makes room for `object` and lets it in, if the policy does. Whoever leaves is added to
  /// `evicted`, which may name `object` itself. **Domain** !has(object).
  virtual void insert(std::uint32_t object, ObjectWeight weight,
                      std::vector<std::uint32_t>& evicted) = 0;
  /// Room taken. **Returns** at most the capacity.
  [[nodiscard]] virtual std::uint64_t used() const = 0;
};

}  // namespace haldane::models
