#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <numeric>
#include <random>
#include <tuple>

#include "analysis/judge/arms.h"
#include "analysis/judge/sequential_effects.h"
#include "analysis/sequential/bernoulli_evidence.h"
#include "analysis/sequential/quantile_stairs.h"
#include "tests/statistical/judge_looks/watch.h"

namespace haldane::analysis {
namespace {

using Random = std::mt19937_64;

// -- Samples without times: independent observations ---------------------------------------------

/// The judge's evidence for each count of so many whole observations, computed once for all
/// watches: they look at the same sizes.
class RememberedCounts {
 public:
  RememberedCounts(double probability, int size)
      : law_(BernoulliEvidence::with_strength(probability, 5)),
        values_(static_cast<std::size_t>(size) + 1, std::nan("")),
        size_(size) {}

  double at(double below) {
    double& value = values_[static_cast<std::size_t>(below)];
    if (std::isnan(value)) value = law_.log_e_greater(below, size_);
    return value;
  }

  static RememberedCounts& of(double probability, int size) {
    static std::map<std::pair<double, int>, RememberedCounts> known;
    return known.try_emplace({probability, size}, probability, size).first->second;
  }

 private:
  BernoulliEvidence law_;
  std::vector<double> values_;
  double size_;
};

CountEvidence remembered_evidence(double probability, int size) {
  RememberedCounts& low = RememberedCounts::of(probability, size);
  RememberedCounts& high = RememberedCounts::of(1 - probability, size);
  return [&low, &high, probability](double p, double below, double /*n*/) {
    return (p == probability ? low : high).at(below);
  };
}

/// A law by its quantile function of a standard normal deviate.
using Law = double (*)(double deviate, double uniform);

double lognormal(double deviate, double /*uniform*/) {
  return 20 * std::exp(0.6 * deviate);
}
// Infinite variance: the tail falls as x^-1.1.
double pareto(double /*deviate*/, double uniform) {
  return std::pow(1 - uniform, -1 / 1.1);
}
// Whole milliseconds around few values: many ties.
double ties(double deviate, double /*uniform*/) {
  return std::floor(5 * std::exp(0.3 * deviate));
}

class IndependentArm {
 public:
  IndependentArm(Law law, std::uint64_t seed) : law_(law), random_(seed) {}

  void grow(int size) {
    std::vector<double> fresh;
    while (sorted_.size() + fresh.size() < static_cast<std::size_t>(size)) {
      const double deviate = normal_(random_);
      fresh.push_back(law_(deviate, uniform_(random_)));
    }
    std::sort(fresh.begin(), fresh.end());
    const auto middle = static_cast<std::ptrdiff_t>(sorted_.size());
    sorted_.insert(sorted_.end(), fresh.begin(), fresh.end());
    std::inplace_merge(sorted_.begin(), sorted_.begin() + middle, sorted_.end());
  }
  [[nodiscard]] const std::vector<double>& sorted() const { return sorted_; }

 private:
  Law law_;
  Random random_;
  std::normal_distribution<double> normal_;
  std::uniform_real_distribution<double> uniform_;
  std::vector<double> sorted_;
};

struct IndependentArms {
  IndependentArm baseline;
  IndependentArm canary;
};

class QuantileEntry final : public WatchedEntry {
 public:
  QuantileEntry(std::shared_ptr<IndependentArms> arms, double probability)
      : arms_(std::move(arms)), probability_(probability) {}

  std::optional<Effect> look(int number) override {
    const int size = size_at(number);
    arms_->baseline.grow(size);
    arms_->canary.grow(size);
    const CountEvidence counts = remembered_evidence(probability_, size);
    const auto evidence = [&](const IndependentArm& arm) {
      return std::make_shared<const QuantileEvidence>(
          quantile_evidence({arm.sorted(), 1}, probability_, size, counts));
    };
    Effect effect;
    effect.log_e_above = [b = evidence(arms_->baseline), c = evidence(arms_->canary)](double m) {
      return log_evidence_beyond(*c, *b, [m](double x) { return x * (1 + m); });
    };
    effect.log_e_below = [b = evidence(arms_->baseline), c = evidence(arms_->canary)](double m) {
      return log_evidence_beyond(*b, *c, [m](double x) { return x / (1 + m); });
    };
    return effect;
  }

 private:
  std::shared_ptr<IndependentArms> arms_;
  double probability_;
};

Entries independent(Law law, std::initializer_list<double> quantiles, std::uint64_t seed) {
  const auto arms = std::make_shared<IndependentArms>(
      IndependentArms{IndependentArm(law, 2 * seed), IndependentArm(law, 2 * seed + 1)});
  Entries entries;
  for (const double p : quantiles) entries.push_back(std::make_unique<QuantileEntry>(arms, p));
  return entries;
}

// -- Samples with times: dependence, load and bursts ---------------------------------------------

/// A request each second; `state` carries what the last one left behind.
struct Requests {
  double correlation = 0;   // of the deviate from request to request
  double swing = 0;         // of the logarithm over a period of 2,000 s, common to both arms
  double burst_chance = 0;  // that a burst begins with a request; it lasts 20 on average
};

class DependentArm {
 public:
  DependentArm(const Requests& law, std::uint64_t seed) : law_(law), random_(seed) {}

  void grow(int size) {
    while (column_.values.size() < static_cast<std::size_t>(size)) {
      const double second = static_cast<double>(column_.values.size());
      const double phi = law_.correlation;
      const double noise = normal_(random_);
      deviate_ = second == 0 ? noise : phi * deviate_ + std::sqrt(1 - phi * phi) * noise;
      in_burst_ = uniform_(random_) < (in_burst_ ? 0.95 : law_.burst_chance);
      const double level = law_.swing * std::sin(second * 2 * 3.14159265358979 / 2000);
      column_.times_s.push_back(second);
      column_.values.push_back(20 * std::exp(0.6 * deviate_ + level) * (in_burst_ ? 4 : 1));
    }
  }
  [[nodiscard]] const ObservationColumn& column() const { return column_; }

 private:
  Requests law_;
  Random random_;
  std::normal_distribution<double> normal_;
  std::uniform_real_distribution<double> uniform_;
  double deviate_ = 0;
  bool in_burst_ = false;
  ObservationColumn column_{"latency_ms", {}, {}, 0, 0};
};

class DependentEntry final : public WatchedEntry {
 public:
  DependentEntry(const Requests& law, double probability, std::uint64_t seed)
      : probability_(probability), baseline_(law, 2 * seed), canary_(law, 2 * seed + 1) {}

  std::optional<Effect> look(int number) override {
    baseline_.grow(size_at(number));
    canary_.grow(size_at(number));
    const ColumnPair columns{&baseline_.column(), &canary_.column()};
    const SampleArms arms = sample_arms(columns);
    const double middle = (sample_quantile(arms.baseline, probability_) +
                           sample_quantile(arms.canary, probability_)) /
                          2;
    Effect effect = sequential_quantile(arms, probability_,
                                        sample_dispersion(columns, middle, probability_).usual,
                                        Evidence::Scale::relative);
    wait_for_effective_size(effect);
    return effect;
  }

 private:
  double probability_;
  DependentArm baseline_;
  DependentArm canary_;
};

Entries dependent(const Requests& law, double probability, std::uint64_t seed) {
  Entries entries;
  entries.push_back(std::make_unique<DependentEntry>(law, probability, seed));
  return entries;
}

// -- Rates: from one metric to fifty that depend on each other -----------------------------------

/// Twenty requests a look and arm. Every tenth metric counts the same incidents beside its own
/// errors, so metrics move together; rates lie between 0.1 % and 5 %.
class Incidents {
 public:
  Incidents(int metrics, std::uint64_t seed)
      : random_(seed), events_(static_cast<std::size_t>(metrics)) {}

  void step() {
    double shared[10];
    for (std::size_t i = 0; i < events_.size(); ++i) {
      const double rate = 0.001 * std::pow(50, static_cast<double>(i % 10) / 9);
      if (i < 10) shared[i] = draw(10 * rate);
      events_[i] += shared[i % 10] + draw(10 * rate);
    }
    requests_ += 20;
  }
  [[nodiscard]] RateArm arm(std::size_t metric) const { return {events_[metric], requests_}; }

 private:
  double draw(double mean) { return std::poisson_distribution<int>(mean)(random_); }

  Random random_;
  std::vector<double> events_;
  double requests_ = 0;
};

struct IncidentArms {
  Incidents baseline;
  Incidents canary;
  int steps = 0;
};

class RateEntry final : public WatchedEntry {
 public:
  RateEntry(std::shared_ptr<IncidentArms> arms, std::size_t metric)
      : arms_(std::move(arms)), metric_(metric) {}

  std::optional<Effect> look(int number) override {
    for (; arms_->steps < number; ++arms_->steps) {
      arms_->baseline.step();
      arms_->canary.step();
    }
    const RateArms arms{arms_->baseline.arm(metric_), arms_->canary.arm(metric_)};
    if (arms.baseline.events == seen_.baseline.events && arms.canary.events == seen_.canary.events)
      return std::nullopt;  // exposures grow alike, so the evidence is what it was
    seen_ = arms;
    return sequential_rate(arms, EventLaw::poisson, 1, Evidence::Scale::relative);
  }

 private:
  std::shared_ptr<IncidentArms> arms_;
  std::size_t metric_;
  RateArms seen_;
};

Entries rates(int metrics, std::uint64_t seed) {
  const auto arms = std::make_shared<IncidentArms>(
      IncidentArms{Incidents(metrics, 2 * seed), Incidents(metrics, 2 * seed + 1)});
  Entries entries;
  for (std::size_t i = 0; i < static_cast<std::size_t>(metrics); ++i) {
    entries.push_back(std::make_unique<RateEntry>(arms, i));
  }
  return entries;
}

/// One share in percent of trials, compared by difference.
class DifferenceEntry final : public WatchedEntry {
 public:
  explicit DifferenceEntry(std::uint64_t seed) : random_(seed) {}

  std::optional<Effect> look(int number) override {
    const double trials = size_at(number);
    for (RateArm* arm : {&arms_.baseline, &arms_.canary}) {
      for (; arm->exposure < trials; ++arm->exposure) arm->events += uniform_(random_) < 0.05;
    }
    return sequential_rate(arms_, EventLaw::bernoulli, 1, Evidence::Scale::absolute);
  }

 private:
  Random random_;
  std::uniform_real_distribution<double> uniform_;
  RateArms arms_;
};

// -- Gauges ---------------------------------------------------------------------------------------

enum class Noise { normal, student3 };

struct GaugeLaw {
  double correlation = 0;
  double swing = 0;  // of the mean over 300 points, common to both arms
  Noise noise = Noise::normal;
};

class GaugeEntry final : public WatchedEntry {
 public:
  GaugeEntry(const GaugeLaw& law, std::uint64_t seed) : law_(law), random_(seed) {
    arms_.paired = true;
  }

  std::optional<Effect> look(int number) override {
    while (arms_.baseline.size() < static_cast<std::size_t>(number)) {
      const double at = static_cast<double>(arms_.baseline.size());
      const double mean = 12 * (1 + law_.swing * std::sin(at * 2 * 3.14159265358979 / 300));
      arms_.baseline.push_back(mean + 3 * next(baseline_));
      arms_.canary.push_back(mean + 3 * next(canary_));
    }
    return sequential_gauge(arms_, Evidence::Scale::relative);
  }

 private:
  double next(double& state) {
    const double phi = law_.correlation;
    const double noise = law_.noise == Noise::student3 ? student_(random_) : normal_(random_);
    state = arms_.baseline.empty() ? noise : phi * state + std::sqrt(1 - phi * phi) * noise;
    return state;
  }

  GaugeLaw law_;
  Random random_;
  std::normal_distribution<double> normal_;
  std::student_t_distribution<double> student_{3};
  double baseline_ = 0;
  double canary_ = 0;
  GaugeArms arms_;
};

Entries gauge(const GaugeLaw& law, std::uint64_t seed) {
  Entries entries;
  entries.push_back(std::make_unique<GaugeEntry>(law, seed));
  return entries;
}

Entries difference(std::uint64_t seed) {
  Entries entries;
  entries.push_back(std::make_unique<DifferenceEntry>(seed));
  return entries;
}

}  // namespace

std::vector<Scenario> scenarios() {
  using Seed = std::uint64_t;
  std::vector<Scenario> all = {
      {"lognormal_p50", [](Seed s) { return independent(lognormal, {0.5}, s); }, 60},
      {"lognormal_p99", [](Seed s) { return independent(lognormal, {0.99}, s); }, 60},
      {"lognormal_ladder", [](Seed s) { return independent(lognormal, {0.5, 0.95, 0.99}, s); }, 30},
      {"pareto_ladder", [](Seed s) { return independent(pareto, {0.5, 0.95, 0.99}, s); }, 30},
      {"ties_p50", [](Seed s) { return independent(ties, {0.5}, s); }, 60},
      {"latency_ar_0.5", [](Seed s) { return dependent({0.5, 0, 0}, 0.5, s); }, 16},
      {"latency_ar_0.9", [](Seed s) { return dependent({0.9, 0, 0}, 0.5, s); }, 16},
      {"latency_diurnal", [](Seed s) { return dependent({0, 0.7, 0}, 0.5, s); }, 16},
      {"latency_bursts", [](Seed s) { return dependent({0, 0, 0.003}, 0.95, s); }, 16},
      {"rates_1", [](Seed s) { return rates(1, s); }, 1000},
      {"rates_10", [](Seed s) { return rates(10, s); }, 400},
      {"rates_50", [](Seed s) { return rates(50, s); }, 100},
      {"share_difference", difference, 30},
      {"gauge_iid", [](Seed s) { return gauge({0, 0, Noise::normal}, s); }, 300},
      {"gauge_ar_0.5", [](Seed s) { return gauge({0.5, 0, Noise::normal}, s); }, 300},
      {"gauge_ar_0.7", [](Seed s) { return gauge({0.7, 0, Noise::normal}, s); }, 300},
      {"gauge_ar_0.9", [](Seed s) { return gauge({0.9, 0, Noise::normal}, s); }, 300},
      {"gauge_diurnal", [](Seed s) { return gauge({0.5, 0.5, Noise::normal}, s); }, 300},
      {"gauge_student3", [](Seed s) { return gauge({0, 0, Noise::student3}, s); }, 300},
  };
  for (Scenario& scenario : burst_scenarios()) all.push_back(std::move(scenario));
  return all;
}

}  // namespace haldane::analysis
