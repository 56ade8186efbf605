// An arm whose requests of one second are slow together, second after second, and which may become
// slower halfway.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>

#include "analysis/ingest/observation_table.h"

namespace haldane::analysis {

struct Service {
  double requests_per_s = 5;
  double correlation = 0.9;  // of the slow component from second to second
  double slowness = 0.25;    // its standard deviation, as a share of the latency
  double factor = 1;         // of all latencies
  double slower_from_s = 0;  // the factor counts from then on
  double slow_share = 0;     // of requests that take five times as long
  // The same in seconds whose slow component is above its standard deviation, one in six.
  double slow_share_of_bad_seconds = 0;
};

// Latencies alone, in time order of their seconds.
class SlowTogether {
 public:
  SlowTogether(const Service& service, std::uint64_t seed) : service_(service), random_(seed) {
    table_.path = "synthetic";
    table_.has_timestamps = true;
    table_.columns.push_back({"latency_ms", {}, {}, 0, 0});
    state_ = normal_(random_);
  }

  void run(int seconds) {
    for (int i = 0; i < seconds; ++i) second();
  }
  [[nodiscard]] const ObservationTable& table() const { return table_; }

 private:
  void second() {
    const double phi = service_.correlation;
    state_ = phi * state_ + std::sqrt(1 - phi * phi) * normal_(random_);
    const double factor = clock_s_ >= service_.slower_from_s ? service_.factor : 1;
    const double level = 20 * factor * std::abs(1 + service_.slowness * state_);
    const double slow_share =
        service_.slow_share + (state_ > 1 ? service_.slow_share_of_bad_seconds : 0);
    const int requests = std::poisson_distribution<int>(service_.requests_per_s)(random_);
    for (int i = 0; i < requests; ++i) {
      table_.columns[0].times_s.push_back(clock_s_ + uniform_(random_));
      const bool slow = slow_share > 0 && uniform_(random_) < slow_share;
      table_.columns[0].values.push_back(level * std::exp(0.6 * normal_(random_)) * (slow ? 5 : 1));
      ++table_.rows;
    }
    ++clock_s_;
  }

  Service service_;
  std::mt19937_64 random_;
  std::normal_distribution<double> normal_;
  std::uniform_real_distribution<double> uniform_;
  ObservationTable table_;
  double clock_s_ = 0;
  double state_ = 0;
};

}  // namespace haldane::analysis
