// Queues whose arrivals are modulated: level-independent quasi-birth-death processes, solved by the
// matrix-geometric method.
#pragma once

#include <Eigen/Dense>

namespace haldane::test::markov {

using Matrix = Eigen::MatrixXd;
using Row = Eigen::RowVectorXd;

/// Arrivals in each phase, phases that change by a generator, servers of equal rate.
struct ModulatedQueue {
  Matrix phases;  ///< generator: row s holds the rates out of phase s
  Row arrivals;   ///< rate in each phase
  int servers = 1;
  double service = 1;  ///< rate of each server
};

struct QueueAnswer {
  Row phases;          ///< time in each phase
  double busy = 0;     ///< servers
  double waiting = 0;  ///< customers
  double empty = 0;    ///< probability that nobody is there
};

/// **Domain** stable. **Accuracy** 1e-10. **Source** R: Neuts, "Matrix-geometric solutions in
/// stochastic models", 1981; G by logarithmic reduction: Latouche & Ramaswami, J. Appl. Prob. 30,
/// 1993.
[[nodiscard]] QueueAnswer solve(const ModulatedQueue& queue);

/// The least solution of up + local G + down G^2 = 0, for a process that drifts down.
[[nodiscard]] Matrix first_passage_down(const Matrix& up, const Matrix& local, const Matrix& down);

}  // namespace haldane::test::markov
