#include "analysis/compare/fisher_exact.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace haldane::analysis {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// Fisher's noncentral hypergeometric law of x_events given the margins.
class NoncentralLaw {
 public:
  explicit NoncentralLaw(const TwoByTwo& t)
      : events_(t.x_events + t.y_events),
        x_size_(t.x_events + t.x_others),
        y_size_(t.y_events + t.y_others),
        low_(std::max<std::int64_t>(0, events_ - y_size_)),
        high_(std::min(events_, x_size_)) {}

  [[nodiscard]] std::int64_t low() const { return low_; }
  [[nodiscard]] std::int64_t high() const { return high_; }

  // Probabilities of low..high. Each is the one before times a ratio, outward from the mode, which
  // keeps the relative error near rounding however large the table is.
  [[nodiscard]] std::vector<double> probabilities(double odds) const {
    std::vector<double> p(static_cast<std::size_t>(high_ - low_ + 1), 0.0);
    std::size_t mode = 0;
    while (mode + 1 < p.size() && ratio(mode, odds) > 1) ++mode;
    p[mode] = 1;
    double sum = 1;
    for (std::size_t i = mode; i + 1 < p.size() && p[i] > 0; ++i) {
      sum += p[i + 1] = p[i] * ratio(i, odds);
    }
    for (std::size_t i = mode; i > 0 && p[i] > 0; --i) {
      sum += p[i - 1] = p[i] / ratio(i - 1, odds);
    }
    for (double& value : p) value /= sum;
    return p;
  }

  [[nodiscard]] double mean(double odds) const {
    const std::vector<double> p = probabilities(odds);
    double sum = 0;
    for (std::size_t i = 0; i < p.size(); ++i) sum += p[i] * static_cast<double>(i);
    return static_cast<double>(low_) + sum;
  }

  [[nodiscard]] double at_most(std::int64_t k, double odds) const {
    const std::vector<double> p = probabilities(odds);
    double sum = 0;
    for (std::int64_t i = low_; i <= k; ++i) sum += p[static_cast<std::size_t>(i - low_)];
    return std::min(1.0, sum);
  }

  [[nodiscard]] double at_least(std::int64_t k, double odds) const {
    const std::vector<double> p = probabilities(odds);
    double sum = 0;
    for (std::int64_t i = high_; i >= k; --i) sum += p[static_cast<std::size_t>(i - low_)];
    return std::min(1.0, sum);
  }

 private:
  // p(k + 1) / p(k) at k = low + i.
  [[nodiscard]] double ratio(std::size_t i, double odds) const {
    const double k = static_cast<double>(low_) + static_cast<double>(i);
    const double events = static_cast<double>(events_);
    return (static_cast<double>(x_size_) - k) * (events - k) /
           ((k + 1) * (static_cast<double>(y_size_) - events + k + 1)) * odds;
  }

  std::int64_t events_;
  std::int64_t x_size_;
  std::int64_t y_size_;
  std::int64_t low_;
  std::int64_t high_;
};

// Odds at which a rising function of them reaches `level`, by bisection on the logarithm.
template <class F>
double rising_root(const F& f, double level) {
  double low = -1;
  double high = 1;
  while (low > -700 && f(std::exp(low)) > level) low *= 2;
  while (high < 700 && f(std::exp(high)) < level) high *= 2;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (f(std::exp(middle)) < level ? low : high) = middle;
  }
  return std::exp((low + high) / 2);
}

double p_value(const NoncentralLaw& law, std::int64_t seen, Alternative alternative, double odds) {
  if (alternative == Alternative::less) return law.at_most(seen, odds);
  if (alternative == Alternative::greater) return law.at_least(seen, odds);
  const std::vector<double> p = law.probabilities(odds);
  // Tables equally likely but for rounding count as equally likely.
  const double bound = p[static_cast<std::size_t>(seen - law.low())] * (1 + 1e-7);
  double sum = 0;
  for (const double value : p) sum += value <= bound ? value : 0;
  return std::min(1.0, sum);
}

}  // namespace

FisherExact fisher_exact(const TwoByTwo& table, Alternative alternative, double null_odds,
                         double confidence) {
  const NoncentralLaw law(table);
  const std::int64_t seen = table.x_events;
  FisherExact result;
  result.p_value = p_value(law, seen, alternative, null_odds);
  const double alpha = 1 - confidence;
  const double tail = alternative == Alternative::two_sided ? alpha / 2 : alpha;
  IntervalEstimate& odds = result.odds_ratio;
  const bool at_low = seen == law.low();
  const bool at_high = seen == law.high();
  odds.estimate =
      at_low    ? 0
      : at_high ? infinity
                : rising_root([&](double t) { return law.mean(t); }, static_cast<double>(seen));
  odds.low = at_low || alternative == Alternative::less
                 ? 0
                 : rising_root([&](double t) { return law.at_least(seen, t); }, tail);
  odds.high = at_high || alternative == Alternative::greater
                  ? infinity
                  : rising_root([&](double t) { return -law.at_most(seen, t); }, -tail);
  return result;
}

}  // namespace haldane::analysis
