// Pictures show the quantiles that the evidence names.
#include "analysis/judge/distribution_pictures.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "analysis/sequential/quantile_stairs.h"

namespace haldane::analysis {
namespace {

TEST(DistributionPictures, APercentilesPointIsItsQuantile) {
  for (const std::size_t size : {37U, 400U, 1003U, 40'001U}) {
    SampleArms arms;
    for (std::size_t i = 0; i < size; ++i) arms.baseline.push_back(static_cast<double>(i));
    arms.canary = arms.baseline;
    std::vector<std::string> remarks;
    const EcdfPair pair = draw_distributions("x", arms, remarks);
    for (int percent = 1; percent <= 99; ++percent) {
      const double p = percent / 100.0;
      const auto found =
          std::find_if(pair.canary.begin(), pair.canary.end(),
                       [p](const EcdfPoint& point) { return point.probability >= p - 1e-12; });
      ASSERT_NE(found, pair.canary.end());
      EXPECT_EQ(found->value, sample_quantile(RankedArms(arms).canary, p)) << size << " " << p;
    }
    EXPECT_EQ(pair.canary.back().probability, 1);
  }
}

}  // namespace
}  // namespace haldane::analysis
