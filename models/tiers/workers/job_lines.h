// The jobs that wait, a line a class, and whose turn it is.
//
// Strict: the most urgent class that has a job. Weighted: classes that have jobs share the turns in
// proportion to their weights, spread as evenly as nginx spreads requests over its servers: each
// gains its weight, the largest credit wins and pays what all gained.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/kernel/event_station.h"

namespace haldane::models {

/// **Cost** O(classes) a job. **Determinism** depends on the calls only.
/// **Source** nginx, src/http/ngx_http_upstream_round_robin.c (smooth weighted round robin).
class JobLines {
 public:
  /// One weight a class, the most urgent first; no weights = strict. **Domain** classes > 0.
  JobLines(std::size_t classes, std::span<const std::uint32_t> weights)
      : lines_(classes), weights_(weights.begin(), weights.end()), credits_(classes) {}

  void push(std::size_t job_class, std::uint32_t job) {
    lines_[job_class].push(job);
    ++size_;
  }
  /// **Domain** size() > 0.
  std::uint32_t pop() {
    --size_;
    return lines_[next_class()].pop();
  }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// The front of each class that has a job: visit(job).
  template <class Visit>
  void each_front(const Visit& visit) const {
    for (const auto& line : lines_) {
      if (line.size() > 0) visit(line.front());
    }
  }

 private:
  std::size_t next_class() {
    std::size_t best = 0;
    while (lines_[best].size() == 0) ++best;
    if (weights_.empty()) return best;
    std::int64_t gained = 0;
    for (std::size_t c = best; c < lines_.size(); ++c) {
      if (lines_[c].size() == 0) continue;
      credits_[c] += weights_[c];
      gained += weights_[c];
      if (credits_[c] > credits_[best]) best = c;
    }
    credits_[best] -= gained;
    return best;
  }

  std::vector<sim::FifoLine<std::uint32_t>> lines_;
  std::vector<std::uint32_t> weights_;
  std::vector<std::int64_t> credits_;
  std::uint64_t size_ = 0;
};

}  // namespace haldane::models
