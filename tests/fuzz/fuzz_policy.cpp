// Any bytes are a policy or a list of problems.
#include <cstddef>
#include <cstdint>
#include <string>

#include "analysis/judge/read_policy.h"
#include "sim/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto parsed = haldane::analysis::read_policy(text, "fuzz.yaml");
  if (!parsed) {
    HALDANE_CHECK(!parsed.error().empty());
    return 0;
  }
  HALDANE_CHECK(parsed->alpha > 0 && parsed->alpha < 1);
  HALDANE_CHECK(parsed->beta > 0 && parsed->beta < 1);
  HALDANE_CHECK(!parsed->metrics.empty());
  for (const auto& metric : parsed->metrics) {
    for (const double quantile : metric.quantiles) HALDANE_CHECK(quantile > 0 && quantile < 1);
  }
  return 0;
}
