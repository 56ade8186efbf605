// Textbook formulas that simulated queues must agree with.
#pragma once

namespace haldane::test {

/// The probability that a customer of an M/M/c queue has to wait, by Erlang's recursion of
/// blocking. **Domain** 0 <= offered < servers, in erlangs.
inline double erlang_c(double offered, int servers) {
  double b = 1;
  for (int k = 1; k <= servers; ++k) b = offered * b / (k + offered * b);
  const double rho = offered / servers;
  return b / (1 - rho * (1 - b));
}

}  // namespace haldane::test
