// Bootstrap of two means: what the contrast would be in other samples like these, by drawing from
// the samples themselves; of series in blocks, so that neighbours stay together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace haldane::analysis {

/// Two arms and how they are drawn again. Values that depend on their neighbours are drawn in
/// blocks of `block` (circular), pairs together.
struct BootstrapArms {
  std::span<const double> baseline;
  std::span<const double> canary;
  std::size_t block = 1;
  bool paired = false;  ///< the arms have one size, and each resample takes the same rows of both
  double correlation =
      0;                 ///< between neighbours, as of an AR(1): blocks hide a part of its scatter
  bool relative = true;  ///< canary / baseline - 1 of the means, else canary - baseline
};

/// The resampled contrasts with the corrections of BCa.
class Bootstrap {
 public:
  /// **Domain** no arm is empty; relative: the baseline's mean is not zero. **Cost** `resamples`
  /// times the values (a block costs as much as a value). **Determinism** by `seed`.
  Bootstrap(const BootstrapArms& arms, std::size_t resamples, std::uint64_t seed);

  [[nodiscard]] double estimate() const { return estimate_; }
  /// One-sided bounds that fail with probability `error`. **Returns** -inf / +inf where so small an
  /// error needs more resamples. **Source** Efron 1987, JASA 82, "Better bootstrap confidence
  /// intervals"; acceleration of two samples as in Davison, Hinkley 1997, sec. 5.3.
  [[nodiscard]] double low(double error) const;
  [[nodiscard]] double high(double error) const;
  /// Of "contrast <= bound" and "contrast >= bound": the error at which low() or high() reaches it.
  [[nodiscard]] double p_above(double bound) const;
  [[nodiscard]] double p_below(double bound) const;

 private:
  [[nodiscard]] double adjusted(double error) const;
  [[nodiscard]] double unadjusted(double share) const;

  double estimate_ = 0;
  std::vector<double> resampled_;  // ascending
  double bias_ = 0;                // z0
  double acceleration_ = 0;
};

/// Length of blocks that is best for the variance of a mean of an AR(1) series: (sqrt(6) phi / (1 -
/// phi^2))^(2/3) n^(1/3), at least 1 and at most n / 4. **Source** Carlstein 1986, Ann. Stat. 14.
[[nodiscard]] std::size_t block_length(double correlation, std::size_t n);

}  // namespace haldane::analysis
