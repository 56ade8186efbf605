// Means by the bootstrap: samples with BCa, gauges in blocks.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "analysis/compare/bootstrap.h"
#include "analysis/judge/fixed_effects.h"
#include "analysis/judge/gauge_contrast.h"

namespace haldane::analysis {
namespace {

// Shares of alpha down to a few in ten thousand still rest on some resamples.
constexpr std::size_t resamples = 9'999;
constexpr std::uint64_t seed = 1987;
constexpr std::size_t values_min = 20;
constexpr std::size_t values_max = 20'000;

void add_bounds(Effect& effect, const BootstrapArms& arms) {
  const auto law = std::make_shared<const Bootstrap>(arms, resamples, seed);
  effect.estimate = law->estimate();
  effect.low = [law](double error) { return law->low(error); };
  effect.high = [law](double error) { return law->high(error); };
  effect.p_above = [law](double bound) { return law->p_above(bound); };
  effect.p_below = [law](double bound) { return law->p_below(bound); };
}

bool varies(const std::vector<double>& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return *low < *high;
}

}  // namespace

Effect bootstrap_samples(const SampleArms& arms, Evidence::Scale scale) {
  const std::size_t smaller = std::min(arms.baseline.size(), arms.canary.size());
  Effect effect;
  effect.method = "bootstrap_bca_mean";
  effect.n_effective = static_cast<double>(smaller);
  if (smaller < values_min) {
    effect.obstacle =
        fmt::format("{} values are fewer than the {} that a bootstrap needs", smaller, values_min);
    effect.least_growth = static_cast<double>(values_min) / static_cast<double>(smaller);
  } else if (std::max(arms.baseline.size(), arms.canary.size()) > values_max) {
    effect.obstacle = fmt::format(
        "a bootstrap takes at most {} values an arm; with so many, test: welch agrees", values_max);
  } else if (!varies(arms.baseline) && !varies(arms.canary)) {
    effect.obstacle = "the values do not vary";
  } else {
    BootstrapArms drawn{arms.baseline, arms.canary};
    drawn.relative = scale == Evidence::Scale::relative;
    add_bounds(effect, drawn);
  }
  return effect;
}

Effect bootstrap_gauge(const GaugeArms& arms, Evidence::Scale scale) {
  const GaugeContrast gauges(arms);
  const std::size_t smaller = std::min(arms.baseline.size(), arms.canary.size());
  Effect effect;
  effect.method = arms.paired ? "paired_block_bootstrap_mean" : "block_bootstrap_mean";
  effect.n_effective = gauges.n_effective();
  effect.obstacle = gauge_obstacle(gauges);
  if (*effect.n_effective < gauge_n_effective_min) {
    effect.least_growth = gauge_n_effective_min / *effect.n_effective;
  }
  if (effect.obstacle.empty() && std::max(arms.baseline.size(), arms.canary.size()) > values_max) {
    effect.obstacle = fmt::format("a bootstrap takes at most {} points an arm", values_max);
  }
  if (!effect.obstacle.empty()) return effect;
  const double tau = static_cast<double>(smaller) / *effect.n_effective;
  BootstrapArms drawn{arms.baseline, arms.canary};
  drawn.correlation = std::max(0.0, (tau - 1) / (tau + 1));  // of an AR(1) with that time
  drawn.block = block_length(drawn.correlation, smaller);
  drawn.paired = arms.paired;
  drawn.relative = scale == Evidence::Scale::relative;
  add_bounds(effect, drawn);
  return effect;
}

}  // namespace haldane::analysis
