#include "sim/random/philox.h"

#include <cstdint>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace haldane::sim {
namespace {

// Known answers published with Random123 (kat_vectors, philox4x32 with 10 rounds).
TEST(Philox, GivesThePublishedKnownAnswers) {
  using Words = std::array<std::uint32_t, 4>;
  EXPECT_EQ(philox::block({0, 0, 0, 0}, StreamKey::raw(0, 0)),
            (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr std::uint32_t f = 0xffffffff;
  EXPECT_EQ(philox::block({f, f, f, f}, StreamKey::raw(f, f)),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox::block({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
                          StreamKey::raw(0xa4093822, 0x299f31d0)),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Philox, BlocksHoldTheSameWordsAsSingleDraws) {
  const StreamKey key(7, 1, 2, Purpose::test);
  // The range crosses 2^32, where the counter's carry matters.
  const std::uint64_t first_index = 0xfffffff8ULL;
  std::vector<std::uint64_t> first(32);
  std::vector<std::uint64_t> second(32);
  draw_block(key, first_index, 3, first, second);
  for (std::size_t i = 0; i < first.size(); ++i) {
    const RandomWords words = draw(key, first_index + i, 3);
    EXPECT_EQ(first[i], words.first) << i;
    EXPECT_EQ(second[i], words.second) << i;
  }
}

TEST(Philox, ArbitraryIndicesGiveTheSameWordsAsSingleDraws) {
  constexpr StreamKey key(7, 3, 2, Purpose::test);
  std::vector<std::uint64_t> indices;
  std::vector<std::uint64_t> lanes;
  for (std::uint64_t i = 0; i < 24; ++i) {
    indices.push_back(i * 0x9e3779b97f4a7c15ULL);
    lanes.push_back(i % 3 == 0 ? i << 40 : i);
  }
  std::vector<std::uint64_t> first(24);
  std::vector<std::uint64_t> second(24);
  draw_each(key, indices, lanes, first, second);
  for (std::size_t i = 0; i < 24; ++i) {
    EXPECT_EQ(first[i], draw(key, indices[i], lanes[i]).first) << i;
    EXPECT_EQ(second[i], draw(key, indices[i], lanes[i]).second) << i;
  }
}

TEST(StreamKey, EveryCoordinateGivesAnotherStream) {
  std::set<std::uint64_t> seen;
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    for (std::uint64_t replication = 0; replication < 4; ++replication) {
      for (std::uint64_t entity = 0; entity < 4; ++entity) {
        for (const Purpose purpose : {Purpose::arrival, Purpose::service, Purpose::job}) {
          seen.insert(draw(StreamKey(seed, replication, entity, purpose), 0).first);
        }
      }
    }
  }
  EXPECT_EQ(seen.size(), 4U * 4 * 4 * 3);
}

TEST(ToUnit, StaysStrictlyBetweenZeroAndOne) {
  EXPECT_GT(to_unit(0), 0);
  EXPECT_LT(to_unit(~std::uint64_t{0}), 1);
  EXPECT_EQ(to_unit(0) + to_unit(~std::uint64_t{0}), 1);
}

}  // namespace
}  // namespace haldane::sim
