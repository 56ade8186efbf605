// Errors that come in bursts, row by row with their times.
#include <memory>
#include <random>

#include "analysis/judge/sequential_effects.h"
#include "tests/statistical/judge_looks/watch.h"

namespace haldane::analysis {
namespace {

struct Bursts {
  double between_s = 200;
  double length_s = 10;
  double errors = 15;  // of one burst, beside those that always come
  double steady_per_s = 0.05;
  double requests_per_s = 20;  // more of them have more errors, too
};

// A row a second.
class BurstingArm {
 public:
  BurstingArm(const Bursts& law, std::uint64_t seed) : law_(law), random_(seed) {
    // The watch may begin within a burst.
    if (uniform_(random_) < law.length_s / law.between_s)
      left_s_ = uniform_(random_) * law.length_s;
  }

  void grow(int seconds) {
    while (errors_.values.size() < static_cast<std::size_t>(seconds)) {
      if (left_s_ <= 0 && uniform_(random_) < 1 / law_.between_s) left_s_ = law_.length_s;
      const double burst = left_s_ > 0 ? law_.errors / law_.length_s : 0;
      left_s_ -= 1;
      std::poisson_distribution<int> count((law_.steady_per_s + burst) * law_.requests_per_s / 20);
      add(errors_, count(random_));
      add(requests_, law_.requests_per_s);
    }
  }
  [[nodiscard]] const ObservationColumn& errors() const { return errors_; }
  [[nodiscard]] const ObservationColumn& requests() const { return requests_; }

 private:
  static void add(ObservationColumn& column, double value) {
    column.times_s.push_back(static_cast<double>(column.values.size()));
    column.values.push_back(value);
  }

  Bursts law_;
  std::mt19937_64 random_;
  std::uniform_real_distribution<double> uniform_;
  double left_s_ = 0;
  ObservationColumn errors_{"errors", {}, {}, 0, 0};
  ObservationColumn requests_{"requests", {}, {}, 0, 0};
};

struct Compared {
  double canary_share = 0.5;
  Evidence::Scale scale = Evidence::Scale::relative;
};

class BurstEntry final : public WatchedEntry {
 public:
  BurstEntry(const Bursts& law, const Compared& compared, std::uint64_t seed)
      : scale_(compared.scale),
        baseline_(of_share(law, 1 - compared.canary_share), 2 * seed),
        canary_(of_share(law, compared.canary_share), 2 * seed + 1) {}

  std::optional<Effect> look(int number) override {
    baseline_.grow(size_at(number));
    canary_.grow(size_at(number));
    const ColumnPair errors{&baseline_.errors(), &canary_.errors()};
    const ColumnPair requests{&baseline_.requests(), &canary_.requests()};
    return sequential_rate(errors, requests, EventLaw::bernoulli, scale_);
  }

 private:
  static Bursts of_share(Bursts law, double share) {
    law.requests_per_s *= 2 * share;
    return law;
  }

  Evidence::Scale scale_;
  BurstingArm baseline_;
  BurstingArm canary_;
};

Entries bursts(const Bursts& law, const Compared& compared, std::uint64_t seed) {
  Entries entries;
  entries.push_back(std::make_unique<BurstEntry>(law, compared, seed));
  return entries;
}

}  // namespace

std::vector<Scenario> burst_scenarios() {
  using Seed = std::uint64_t;
  return {
      {"error_bursts", [](Seed s) { return bursts({}, {}, s); }, 200},
      {"error_bursts_alone", [](Seed s) { return bursts({200, 10, 15, 0.005, 20}, {}, s); }, 60},
      {"error_bursts_of_2_s", [](Seed s) { return bursts({200, 2, 15, 0.05, 20}, {}, s); }, 60},
      {"error_bursts_often", [](Seed s) { return bursts({60, 5, 10, 0.05, 20}, {}, s); }, 60},
      {"error_bursts_tenth", [](Seed s) { return bursts({}, {0.1}, s); }, 60},
      {"error_bursts_difference",
       [](Seed s) { return bursts({}, {0.5, Evidence::Scale::absolute}, s); }, 30},
  };
}

}  // namespace haldane::analysis
