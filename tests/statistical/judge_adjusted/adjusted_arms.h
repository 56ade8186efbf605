// Two arms of a gauge with a time before the release: offsets, load and a covariate as wanted.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>

#include "analysis/judge/gauge_adjustment.h"

namespace haldane::analysis {

struct AdjustedLaw {
  double correlation = 0;      ///< of the arms' own noise, AR(1)
  double offset = 0;           ///< relative, of the canary's hosts: before and after
  double swing = 0;            ///< of the load over 400 points, common to both arms
  double growth = 1;           ///< of the load when the release begins
  double explained = 0;        ///< share of the noise's variance that the covariate explains
  double skewness = 0;         ///< sigma of a lognormal noise; 0 = normal
  double effect = 0;           ///< relative, of the release
  double covariate_share = 1;  ///< canary / baseline of the covariate
};

/// Gauge around 12 with a standard deviation of 3, covariate around 100 with one of 10.
class AdjustedArms {
 public:
  AdjustedArms(const AdjustedLaw& law, std::uint64_t seed, int before)
      : law_(law), random_(seed), points_before_(before) {
    for (AdjustableArms* arms : {&before_, &after_}) {
      arms->values.paired = arms->covariates.paired = true;
    }
    while (point_ < before) push(before_, 1, 0);
  }

  void grow(int size) {
    while (point_ - points_before_ < size) push(after_, law_.growth, law_.effect);
  }

  [[nodiscard]] const AdjustableArms& before() const { return before_; }
  [[nodiscard]] const AdjustableArms& after() const { return after_; }

 private:
  struct State {
    double own = 0;
    double covariate = 0;
  };

  void push(AdjustableArms& arms, double growth, double effect) {
    const double load = growth * (1 + law_.swing * std::sin(point_ * 2 * 3.14159265358979 / 400));
    one(arms.values.baseline, arms.covariates.baseline, baseline_, load, 1, 1);
    one(arms.values.canary, arms.covariates.canary, canary_, load, (1 + law_.offset) * (1 + effect),
        law_.covariate_share);
    ++point_;
  }

  void one(std::vector<double>& values, std::vector<double>& covariates, State& state, double load,
           double level, double share) {
    advance(state.own);
    advance(state.covariate);
    const double noise = std::sqrt(law_.explained) * state.covariate +
                         std::sqrt(1 - law_.explained) * shaped(state.own);
    values.push_back(level * load * (12 + 3 * noise));
    if (law_.explained > 0) covariates.push_back(share * load * (100 + 10 * state.covariate));
  }

  void advance(double& state) {
    const double phi = law_.correlation;
    const double noise = normal_(random_);
    state = point_ == 0 ? noise : phi * state + std::sqrt(1 - phi * phi) * noise;
  }

  // Standardised.
  [[nodiscard]] double shaped(double normal) const {
    const double s = law_.skewness;
    if (s == 0) return normal;
    const double mean = std::exp(s * s / 2);
    return (std::exp(s * normal) - mean) / (mean * std::sqrt(std::exp(s * s) - 1));
  }

  AdjustedLaw law_;
  std::mt19937_64 random_;
  std::normal_distribution<double> normal_;
  int points_before_;
  int point_ = 0;
  State baseline_;
  State canary_;
  AdjustableArms before_;
  AdjustableArms after_;
};

}  // namespace haldane::analysis
