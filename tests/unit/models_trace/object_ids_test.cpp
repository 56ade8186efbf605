#include "models/trace/object_ids.h"

#include <cstdint>
#include <map>

#include <gtest/gtest.h>

#include "sim/base/hash.h"

namespace haldane::models {
namespace {

TEST(ObjectIds, AgreesWithAMapThroughAllItsGrowth) {
  ObjectIds ids;
  std::map<std::uint64_t, std::uint32_t> plain;
  for (std::uint64_t i = 0; i < 300'000; ++i) {
    // Every third key is an old one; 0 and the largest word are keys like others.
    const std::uint64_t key = i % 3 == 2 ? mix(i / 7) : i == 4 ? 0 : i == 7 ? ~0ULL : mix(i);
    const auto number = static_cast<std::uint32_t>(plain.size());
    const std::uint32_t expected = plain.try_emplace(key, number).first->second;
    ASSERT_EQ(ids.id_of(key, ObjectIds::hash(key)), expected) << i;
  }
  EXPECT_EQ(ids.size(), plain.size());
}

}  // namespace
}  // namespace haldane::models
