// Synthetic processes whose truth is known: the data that intervals are tried on. They are written
// here, apart from the simulator, so that an error in one cannot hide an error in the other.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

namespace haldane::analysis {

/// Uniform, exponential and normal variates of one seeded generator.
class Variates {
 public:
  explicit Variates(std::uint64_t seed) : state_(mix(seed)) {}
  double uniform() { return (static_cast<double>(mix(state_++) >> 11) + 0.5) * 0x1p-53; }
  double exponential(double mean) { return -mean * std::log(uniform()); }
  double normal() {
    return std::sqrt(-2 * std::log(uniform())) * std::cos(2 * std::numbers::pi * uniform());
  }

 private:
  static std::uint64_t mix(std::uint64_t x) {  // SplitMix64; fast, since 10^9 numbers are drawn
    x *= 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
  }
  std::uint64_t state_;
};

/// Independent exponentials of mean 1.
class IidExponential {
 public:
  explicit IidExponential(std::uint64_t seed) : variates_(seed) {}
  double next() { return variates_.exponential(1); }
  static double mean() { return 1; }
  static double quantile(double p) { return -std::log(1 - p); }

 private:
  Variates variates_;
};

/// 20 plus a stationary first-order autoregression with coefficient 0.9 and standard deviation 1.
class Autoregression {
 public:
  explicit Autoregression(std::uint64_t seed) : variates_(seed), state_(variates_.normal()) {}
  double next() {
    state_ = 0.9 * state_ + std::sqrt(1 - 0.81) * variates_.normal();
    return 20 + state_;
  }
  static double mean() { return 20; }
  static double quantile(double p) {
    const double z = p == 0.5 ? 0 : p == 0.9 ? 1.2815515655446004 : 2.3263478740408408;
    return 20 + z;
  }

 private:
  Variates variates_;
  double state_;
};

/// Time in system of M/M/1 with mean service time 1, by Lindley's recursion. Exponential with mean
/// 1 / (1 - rho) in equilibrium. **Domain** load_percent in (0, 100).
template <int load_percent, bool starts_empty = false>
class SojournTime {
 public:
  explicit SojournTime(std::uint64_t seed) : variates_(seed) {
    if (!starts_empty && variates_.uniform() < rho) wait_ = variates_.exponential(1 / (1 - rho));
  }
  double next() {
    const double service = variates_.exponential(1);
    const double sojourn = wait_ + service;
    wait_ = std::fmax(0, sojourn - variates_.exponential(1 / rho));
    return sojourn;
  }
  static double mean() { return 1 / (1 - rho); }
  static double quantile(double p) { return -std::log(1 - p) / (1 - rho); }

 private:
  static constexpr double rho = load_percent / 100.0;
  Variates variates_;
  double wait_ = 0;
};

}  // namespace haldane::analysis
