// A band around the whole empirical distribution that holds at all values and all looks at once.
// For pictures and for one remark (stochastic order): at p99 it is far wider than the sequence of
// that one quantile.
#pragma once

namespace haldane::analysis {

/// Half height of the band around the empirical distribution of n observations. **Domain** n >= 1,
/// 0 < alpha < 1. **Returns** may exceed 1. **Source** Howard & Ramdas 2022, eq. for all t >= 1:
/// 0.85 sqrt((log log(e t) + 0.8 log(1612 / alpha)) / t).
[[nodiscard]] double distribution_band(double n, double alpha);

}  // namespace haldane::analysis
