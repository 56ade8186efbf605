#include "tests/theory/markov/chain.h"

#include <algorithm>
#include <cmath>

namespace haldane::test::markov {

Vector stationary(const Generator& generator) {
  // One equation follows from the others; the sum takes its place.
  const Eigen::Index n = generator.rows();
  std::vector<Eigen::Triplet<double>> entries;
  for (Eigen::Index column = 0; column < n; ++column) {
    for (Generator::InnerIterator entry(generator, column); entry; ++entry) {
      if (entry.row() > 0)
        entries.emplace_back(static_cast<int>(entry.row()), static_cast<int>(column),
                             entry.value());
    }
    entries.emplace_back(0, static_cast<int>(column), 1.0);
  }
  Generator system(n, n);
  system.setFromTriplets(entries.begin(), entries.end());
  Eigen::SparseLU<Generator> solver(system);
  Vector right = Vector::Zero(n);
  right[0] = 1;
  return solver.solve(right);
}

namespace {

// A span in which at most about 30 jumps are expected, so that exp(-30) does not vanish.
Passage short_pass(const Generator& jumps, double rate, const Vector& law, double time) {
  Passage result{Vector::Zero(law.size()), Vector::Zero(law.size())};
  Vector after = law;  // so many jumps
  double probability = std::exp(-rate * time);
  double more = 1;  // that there are more jumps than so many
  for (int jump = 0; jump <= rate * time || probability > 1e-18; ++jump) {
    more -= probability;
    result.law += probability * after;
    result.held += std::max(more, 0.0) / rate * after;
    after = jumps * after;
    probability *= rate * time / (jump + 1);
  }
  return result;
}

}  // namespace

Passage pass(const Generator& generator, const Vector& law, double time) {
  const double rate = 1.01 * -generator.diagonal().minCoeff();
  Generator jumps = generator / rate;
  for (Eigen::Index s = 0; s < jumps.rows(); ++s) jumps.coeffRef(s, s) += 1;
  const double steps = std::ceil(rate * time / 30);
  Passage result{law, Vector::Zero(law.size())};
  for (int step = 0; step < steps; ++step) {
    const Passage next = short_pass(jumps, rate, result.law, time / steps);
    result.law = next.law;
    result.held += next.held;
  }
  return result;
}

}  // namespace haldane::test::markov
