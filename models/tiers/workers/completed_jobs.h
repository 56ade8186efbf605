// What an idempotent worker remembers: which jobs were done within a window.
//
// Kept as workers keep it, a record with a time to live: a job that was done is known for so long
// afterwards, then a duplicate of it is done again.
#pragma once

#include <cstdint>
#include <deque>
#include <map>

#include "sim/base/time.h"

namespace haldane::models {

/// **Domain** times never decrease. **Cost** O(log records), memory of the jobs done within the
/// window. **Determinism** depends on the calls only.
class CompletedJobs {
 public:
  /// A window of nothing remembers nothing.
  explicit CompletedJobs(Duration window) : window_(window) {}

  [[nodiscard]] bool remembers() const { return window_ > Duration{}; }
  void add(std::uint64_t job, SimTime now) {
    if (!remembers()) return;
    done_[job] = now;
    order_.push_back({now, job});
  }
  [[nodiscard]] bool contains(std::uint64_t job, SimTime now) {
    if (!remembers()) return false;
    forget(now);
    return done_.contains(job);
  }
  [[nodiscard]] std::size_t size() const { return done_.size(); }

 private:
  struct Record {
    SimTime at;
    std::uint64_t job;
  };
  void forget(SimTime now) {
    while (!order_.empty() && now - order_.front().at >= window_) {
      const auto found = done_.find(order_.front().job);
      // Done once more since: the later record counts.
      if (found != done_.end() && found->second == order_.front().at) done_.erase(found);
      order_.pop_front();
    }
  }

  Duration window_;
  std::map<std::uint64_t, SimTime> done_;
  std::deque<Record> order_;
};

}  // namespace haldane::models
