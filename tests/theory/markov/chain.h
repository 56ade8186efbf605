// Continuous-time Markov chains small enough to be solved as linear equations.
//
// A chain is given by a first state and the rates out of any state; the reachable states are found
// by exploring. What the simulator estimates can then be computed to about twelve digits, for
// systems that no textbook formula covers.
#pragma once

#include <functional>
#include <map>
#include <utility>
#include <vector>

#include <Eigen/Sparse>

namespace haldane::test::markov {

using Vector = Eigen::VectorXd;
using Generator = Eigen::SparseMatrix<double>;  ///< column s holds the rates out of state s

/// The law p with Q p = 0 and sum 1. **Domain** one recurrent class. **Cost** a sparse LU.
[[nodiscard]] Vector stationary(const Generator& generator);

/// The law after `time`, and how long each state was held in expectation until then.
struct Passage {
  Vector law;
  Vector held;
};
/// **Accuracy** 1e-12. **Source** uniformisation: Jensen 1953; Grassmann 1977.
[[nodiscard]] Passage pass(const Generator& generator, const Vector& law, double time);

template <class State>
class Chain {
 public:
  using Leave = std::function<void(const State& to, double rate)>;
  /// **Domain** `rates(state, leave)` calls leave(to, rate) for each way out; what leads nowhere
  /// else (a blocked arrival) may be left out.
  Chain(const State& first, const std::function<void(const State&, const Leave&)>& rates) {
    find(first);
    for (std::size_t s = 0; s < states_.size(); ++s) {
      const State from = states_[s];
      rates(from, [this, s](const State& to, double rate) {
        const int target = find(to);
        const int source = static_cast<int>(s);
        if (target == source) return;
        entries_.emplace_back(target, source, rate);
        entries_.emplace_back(source, source, -rate);
      });
    }
    const auto n = static_cast<Eigen::Index>(states_.size());
    generator_.resize(n, n);
    generator_.setFromTriplets(entries_.begin(), entries_.end());
  }

  [[nodiscard]] const Generator& generator() const { return generator_; }
  [[nodiscard]] const std::vector<State>& states() const { return states_; }
  [[nodiscard]] int at(const State& state) const { return index_.at(state); }
  /// The mean of a function of the state, where states are weighted by `law`.
  [[nodiscard]] double mean(const Vector& law,
                            const std::function<double(const State&)>& of) const {
    double sum = 0;
    for (std::size_t s = 0; s < states_.size(); ++s)
      sum += law[static_cast<Eigen::Index>(s)] * of(states_[s]);
    return sum;
  }

 private:
  int find(const State& state) {
    const auto [at, is_new] = index_.emplace(state, static_cast<int>(states_.size()));
    if (is_new) states_.push_back(state);
    return at->second;
  }
  std::vector<State> states_;
  std::map<State, int> index_;
  std::vector<Eigen::Triplet<double>> entries_;
  Generator generator_;
};

}  // namespace haldane::test::markov
