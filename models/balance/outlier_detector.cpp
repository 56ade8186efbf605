#include "models/balance/outlier_detector.h"

#include <algorithm>
#include <cmath>

namespace haldane::models {

void OutlierDetector::advance(SimTime now) {
  while (next_interval_ <= now) {
    end_interval(next_interval_);
    next_interval_ += rules_.interval;
  }
}

void OutlierDetector::record(SimTime now, std::uint32_t replica, bool ok) {
  if (!is_member_[replica]) return;
  Replica& one = replicas_[replica];
  ++one.now.requests;
  if (ok) {
    ++one.now.successes;
    one.errors_in_a_row = 0;
    return;
  }
  // Exactly so many: while it is ejected, late errors do not begin a new count.
  if (++one.errors_in_a_row != rules_.consecutive_errors || one.ejected) return;
  eject(now, replica);
  one.errors_in_a_row = 0;
}

void OutlierDetector::renew(SimTime now, std::uint32_t replica) {
  Replica& one = replicas_[replica];
  if (one.ejected) take_back(now, one);
  one = {};
}

void OutlierDetector::join(std::uint32_t replica) {
  if (replicas_.size() <= replica) {
    replicas_.resize(replica + 1);
    is_member_.resize(replica + 1);
  }
  replicas_[replica] = {};
  is_member_[replica] = true;
  ++members_;
}

void OutlierDetector::leave(SimTime now, std::uint32_t replica) {
  renew(now, replica);
  is_member_[replica] = false;
  --members_;
}

bool OutlierDetector::panics() const {
  const auto all = static_cast<double>(members_);
  return ejected_ > 0 && all - ejected_ < rules_.panic * all;
}

void OutlierDetector::end_interval(SimTime now) {
  for (Replica& one : replicas_) {
    if (one.ejected && now - one.since >= time_out(one)) take_back(now, one);
    one.last = one.now;
    one.now = {};
  }
  judge_success_rates(now);
  judge_failure_ratios(now);
  for (Replica& one : replicas_) {
    const bool behaved = one.was_ejected && now - one.returned >= rules_.interval;
    if (!one.ejected && behaved && one.times_out > 0) --one.times_out;
  }
}

std::vector<std::uint32_t> OutlierDetector::judged(std::uint32_t min_requests) const {
  std::vector<std::uint32_t> result;
  for (std::uint32_t r = 0; r < replicas_.size(); ++r) {
    const Replica& one = replicas_[r];
    if (!one.ejected && one.last.requests >= std::max(1U, min_requests)) result.push_back(r);
  }
  return result;
}

void OutlierDetector::judge_success_rates(SimTime now) {
  if (!rules_.success_rate) return;
  const std::vector<std::uint32_t> who = judged(rules_.success_rate->min_requests);
  if (who.empty() || who.size() < rules_.success_rate->min_replicas) return;
  const auto count = static_cast<double>(who.size());
  double mean = 0;
  for (const std::uint32_t r : who) mean += replicas_[r].last.percent();
  mean /= count;
  double variance = 0;
  for (const std::uint32_t r : who) {
    const double off = replicas_[r].last.percent() - mean;
    variance += off * off;
  }
  const double threshold = mean - rules_.success_rate->deviations * std::sqrt(variance / count);
  for (const std::uint32_t r : who) {
    if (replicas_[r].last.percent() < threshold) eject(now, r);
  }
}

void OutlierDetector::judge_failure_ratios(SimTime now) {
  if (!rules_.failure_ratio) return;
  const std::vector<std::uint32_t> who = judged(rules_.failure_ratio->min_requests);
  if (who.empty() || who.size() < rules_.failure_ratio->min_replicas) return;
  for (const std::uint32_t r : who) {
    if (100 - replicas_[r].last.percent() >= 100 * rules_.failure_ratio->threshold) eject(now, r);
  }
}

void OutlierDetector::eject(SimTime now, std::uint32_t replica) {
  const double share = (ejected_ + 1.0) / members_;
  const bool allowed = share <= rules_.max_ejected || (rules_.always_one && ejected_ == 0);
  if (!allowed) return;
  Replica& one = replicas_[replica];
  one.ejected = one.was_ejected = true;
  one.since = now;
  if (rules_.ejection * one.times_out < rules_.max_ejection + rules_.ejection) ++one.times_out;
  one.entry = log_.size();
  log_.push_back({replica, now, SimTime::never()});
  ++ejected_;
  ++changes_;
}

void OutlierDetector::take_back(SimTime now, Replica& replica) {
  replica.ejected = false;
  replica.errors_in_a_row = 0;
  replica.returned = now;
  log_[replica.entry].to = now;
  --ejected_;
  ++changes_;
}

Duration OutlierDetector::time_out(const Replica& replica) const {
  return std::min(rules_.ejection * replica.times_out, rules_.max_ejection);
}

}  // namespace haldane::models
