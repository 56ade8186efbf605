#include "tests/theory/markov/quasi_birth_death.h"

#include <algorithm>

#include <Eigen/LU>

namespace haldane::test::markov {

Matrix first_passage_down(const Matrix& up, const Matrix& local, const Matrix& down) {
  const Matrix one = Matrix::Identity(local.rows(), local.cols());
  const Matrix first = (-local).inverse();
  Matrix rise = first * up;  // ends a level up before a level down, in each step twice as far
  Matrix fall = first * down;
  Matrix g = fall;
  Matrix t = rise;
  while (t.lpNorm<Eigen::Infinity>() > 1e-15) {
    const Matrix either = (one - rise * fall - fall * rise).inverse();
    rise = (either * rise * rise).eval();
    fall = (either * fall * fall).eval();
    g += t * fall;
    t = (t * rise).eval();
  }
  return g;
}

namespace {

// The laws of levels 0 ... servers, side by side; from `servers` on they continue as powers of r.
Row boundary(const ModulatedQueue& queue, const Matrix& up, const Matrix& r) {
  const Eigen::Index m = up.rows();
  const Eigen::Index levels = queue.servers + 1;
  Matrix balance = Matrix::Zero(levels * m, levels * m);
  for (Eigen::Index level = 0; level < levels; ++level) {
    const double leave = static_cast<double>(level) * queue.service;
    balance.block(level * m, level * m, m, m) = queue.phases - up - leave * Matrix::Identity(m, m);
    if (level + 1 < levels) balance.block(level * m, (level + 1) * m, m, m) = up;
    if (level > 0) balance.block(level * m, (level - 1) * m, m, m) = leave * Matrix::Identity(m, m);
  }
  const double all = queue.servers * queue.service;
  balance.bottomRightCorner(m, m) += all * r;
  // One equation follows from the others; the sum of all levels takes its place.
  const Matrix tail = (Matrix::Identity(m, m) - r).inverse();
  balance.col(0).setOnes();
  balance.col(0).tail(m) = tail.rowwise().sum();
  Row right = Row::Zero(levels * m);
  right[0] = 1;
  return balance.transpose().partialPivLu().solve(right.transpose()).transpose();
}

}  // namespace

QueueAnswer solve(const ModulatedQueue& queue) {
  const Eigen::Index m = queue.phases.rows();
  const Matrix one = Matrix::Identity(m, m);
  const Matrix up = queue.arrivals.asDiagonal();
  const double all = queue.servers * queue.service;
  const Matrix local = queue.phases - up - all * one;
  const Matrix g = first_passage_down(up, local, all * one);
  const Matrix r = up * (-(local + up * g)).inverse();
  const Row laws = boundary(queue, up, r);
  const Matrix tail = (one - r).inverse();
  const Row full = laws.tail(m) * tail;  // all servers busy

  QueueAnswer answer;
  answer.phases = full;
  answer.busy = queue.servers * full.sum();
  for (int level = 0; level < queue.servers; ++level) {
    const Row law = laws.segment(level * m, m);
    answer.phases += law;
    answer.busy += level * law.sum();
  }
  answer.waiting = (full * r * tail).sum();
  answer.empty = laws.head(m).sum();
  return answer;
}

}  // namespace haldane::test::markov
