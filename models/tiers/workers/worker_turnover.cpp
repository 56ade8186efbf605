#include "models/tiers/workers/worker_turnover.h"

#include <algorithm>

namespace haldane::models {
namespace {

std::vector<Outage> joined(std::vector<Outage> spans) {
  std::sort(spans.begin(), spans.end(),
            [](const Outage& a, const Outage& b) { return a.down < b.down; });
  std::vector<Outage> result;
  for (const Outage& span : spans) {
    if (!result.empty() && span.down <= result.back().up) {
      result.back().up = std::max(result.back().up, span.up);
    } else {
      result.push_back(span);
    }
  }
  return result;
}

}  // namespace

SimTime WorkerTurnover::next_time() const {
  if (!restarts_.empty()) return restarts_.front().at;
  return !under_way_ && begun_ < deploys_.size() ? deploys_[begun_].at : SimTime::never();
}

void WorkerTurnover::advance(WorkerFleet& fleet, SimTime now) {
  while (!restarts_.empty() && restarts_.front().at <= now) {
    const std::uint32_t worker = restarts_.front().worker;
    restarts_.pop_front();
    fleet.start(worker, now);
    absences_[worker].back().back = now;
    --away_;
  }
  if (under_way_ && away_ == 0) begin_wave(fleet, now);
  while (!under_way_ && begun_ < deploys_.size() && deploys_[begun_].at <= now) {
    under_way_ = true;
    ++begun_;
    next_worker_ = 0;
    begin_wave(fleet, now);
  }
}

void WorkerTurnover::begin_wave(WorkerFleet& fleet, SimTime now) {
  const auto workers = static_cast<std::uint32_t>(absences_.size());
  under_way_ = next_worker_ < workers;
  const double share = deploys_[begun_ - 1].share * workers;
  const std::uint32_t wave = std::max(1U, static_cast<std::uint32_t>(share + 0.5));
  const std::uint32_t end = std::min(workers, next_worker_ + wave);
  for (; next_worker_ < end; ++next_worker_) {
    ++away_;
    stop(fleet, next_worker_, now);
  }
}

void WorkerTurnover::stop(WorkerFleet& fleet, std::uint32_t worker, SimTime now) {
  absences_[worker].push_back({now});
  if (fleet.stop(worker, now) != SimTime::never()) departed(worker, now);
}

void WorkerTurnover::retire(WorkerFleet& fleet, SimTime now) {
  for (std::uint32_t worker = 0; worker < absences_.size(); ++worker) stop(fleet, worker, now);
}

void WorkerTurnover::departed(std::uint32_t worker, SimTime now) {
  if (worker >= absences_.size() || absences_[worker].empty()) return;
  Absence& absence = absences_[worker].back();
  if (absence.gone != SimTime::never()) return;
  absence.gone = now;
  if (!under_way_) return;
  const Duration startup =
      startup_times_.of_successor(deploys_[begun_ - 1].startup, begun_, worker);
  const Restart restart{now + startup, worker};
  restarts_.insert(std::ranges::upper_bound(restarts_, restart.at, {}, &Restart::at), restart);
}

std::vector<std::vector<Outage>> WorkerTurnover::without_jobs(
    std::span<const std::vector<Outage>> outages) const {
  std::vector<std::vector<Outage>> result(outages.begin(), outages.end());
  result.resize(absences_.size());
  for (std::size_t worker = 0; worker < absences_.size(); ++worker) {
    for (const Absence& a : absences_[worker]) result[worker].push_back({a.stopped, a.back});
    result[worker] = joined(std::move(result[worker]));
  }
  return result;
}

std::vector<std::vector<Outage>> WorkerTurnover::not_there(
    std::span<const std::vector<Outage>> outages) const {
  std::vector<std::vector<Outage>> result(outages.begin(), outages.end());
  result.resize(absences_.size());
  for (std::size_t worker = 0; worker < absences_.size(); ++worker) {
    for (const Absence& a : absences_[worker]) {
      if (a.gone < a.back) result[worker].push_back({a.gone, a.back});
    }
    result[worker] = joined(std::move(result[worker]));
  }
  return result;
}

}  // namespace haldane::models
