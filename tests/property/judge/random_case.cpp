#include "tests/property/judge/random_case.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <random>
#include <string>

#include <fmt/format.h>

namespace haldane::analysis {
namespace {

class Generator {
 public:
  Generator(std::uint64_t seed, Margins margins) : random_(seed), zero_(margins == Margins::zero) {}

  RandomCase run() {
    RandomCase drawn;
    timed_ = chance(0.5);
    size_ = {size(), size()};
    drawn.policy.mode = chance(0.6) ? Mode::sequential : Mode::fixed;
    drawn.policy.alpha = pick({0.001, 0.01, 0.1, 0.4});
    drawn.policy.beta = pick({0.01, 0.05, 0.4});
    add_column(drawn, "requests", [this](double /*effect*/) { return 1 + whole(40); }, 1);
    const int metrics = 1 + whole(4);
    for (int i = 0; i < metrics; ++i) add_metric(drawn, fmt::format("metric_{}", i));
    if (timed_ && chance(0.5)) {
      const double longer = static_cast<double>(std::max(size_[0], size_[1]));
      drawn.policy.steps = {{0, 0.1}, {1 + longer * unit() / 2, 0.5}};
    }
    // Before, at and after its end.
    if (drawn.policy.mode == Mode::sequential && chance(0.5)) {
      drawn.policy.horizon_s = static_cast<double>(size_[0]) * pick({0.5, 1, 2});
    }
    return drawn;
  }

 private:
  bool chance(double probability) { return unit() < probability; }
  double unit() { return std::uniform_real_distribution<double>(0, 1)(random_); }
  int whole(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }
  double normal() { return std::normal_distribution<double>(0, 1)(random_); }
  template <std::size_t size>
  double pick(const double (&values)[size]) {
    return values[whole(static_cast<int>(size))];
  }
  std::size_t size() { return static_cast<std::size_t>(std::floor(std::exp(6.5 * unit()))); }

  // `draw` is given 1 for the baseline and the effect for the canary.
  template <class Draw>
  void add_column(RandomCase& drawn, const std::string& name, const Draw& draw, double effect,
                  bool always_timed = false) {
    const std::array<ObservationTable*, 2> tables = {&drawn.baseline, &drawn.canary};
    for (std::size_t arm = 0; arm < 2; ++arm) {
      ObservationColumn& column = tables[arm]->columns.emplace_back();
      column.name = name;
      for (std::size_t i = 0; i < size_[arm]; ++i) {
        column.values.push_back(draw(arm == 0 ? 1.0 : effect));
        if (timed_ || always_timed) column.times_s.push_back(static_cast<double>(i));
      }
    }
  }

  void add_metric(RandomCase& drawn, const std::string& name) {
    MetricPolicy metric;
    metric.name = name;
    metric.kind = static_cast<MetricKind>(whole(4));
    metric.worse = static_cast<Worse>(whole(3));
    metric.role = static_cast<Role>(whole(3));
    if (metric.kind == MetricKind::ratio || metric.kind == MetricKind::count) {
      metric.exposure = "requests";
    }
    const double scale = add_values(drawn, metric);
    set_margin(metric, scale);
    if (drawn.policy.mode == Mode::fixed && chance(0.5)) set_test(metric);
    drawn.policy.metrics.push_back(std::move(metric));
  }

  // Returns the size of a typical value.
  double add_values(RandomCase& drawn, MetricPolicy& metric) {
    const double effect = pick({0.5, 0.9, 1, 1, 1.1, 2, 10});
    if (metric.kind == MetricKind::samples) {
      const double sigma = pick({0.1, 0.6, 2});
      const double grain = pick({1e-3, 5});  // coarse: many ties
      if (chance(0.5)) metric.quantiles = {0.5, 0.9};
      add_column(
          drawn, metric.name,
          [=, this](double e) {
            return std::ceil(20 * e * std::exp(sigma * normal()) / grain) * grain;
          },
          effect);
      return 20;
    }
    if (metric.kind == MetricKind::gauge) {
      add_column(
          drawn, metric.name, [this](double e) { return 12 * e * (1 + 0.2 * unit()); }, effect,
          true);
      return 12;
    }
    // At most one event a request, so that both kinds can be drawn alike.
    const double rate = pick({0, 0.05, 0.5});
    add_column(
        drawn, metric.name, [=, this](double e) { return chance(rate * e) ? 1.0 : 0.0; }, effect);
    return 0.02;
  }

  void set_margin(MetricPolicy& metric, double scale) {
    const double relative = zero_ ? 0 : pick({0, 0.05, 0.5});
    const double absolute = zero_ ? 0 : pick({0, 0.05, 0.5}) * scale;
    const int which = whole(3);
    if (which != 0) metric.margin.relative = relative;
    if (which != 1) metric.margin.absolute = absolute;
  }

  void set_test(MetricPolicy& metric) {
    using enum FixedTest;
    const std::array<FixedTest, 4> samples = {mann_whitney, welch, ks, quantile};
    const std::array<FixedTest, 3> ratio = {two_proportion, fisher, poisson_rate};
    if (metric.kind == MetricKind::samples) metric.test = samples[static_cast<unsigned>(whole(4))];
    if (metric.kind == MetricKind::ratio) metric.test = ratio[static_cast<unsigned>(whole(3))];
    if (metric.kind == MetricKind::count) metric.test = poisson_rate;
    const bool by_ratio = metric.test == fisher || metric.test == poisson_rate;
    if (by_ratio && !metric.margin.relative) metric.margin.relative = zero_ ? 0 : 0.05;
  }

  std::mt19937_64 random_;
  bool zero_;
  bool timed_ = false;
  std::array<std::size_t, 2> size_ = {};
};

}  // namespace

RandomCase random_case(std::uint64_t seed, Margins margins) {
  return Generator(seed, margins).run();
}

}  // namespace haldane::analysis
