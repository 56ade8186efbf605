#include "models/tiers/workers/worker_fleet.h"

#include <algorithm>
#include <utility>

namespace haldane::models {

WorkerFleet::WorkerFleet(std::uint32_t workers, std::uint32_t slots, std::uint32_t held_max,
                         std::span<const std::vector<Outage>> outages)
    : slots_(slots), held_max_(held_max) {
  const bool any =
      std::any_of(outages.begin(), outages.end(), [](const auto& o) { return !o.empty(); });
  if (any) {
    for (const std::vector<Outage>& each : outages) outages_.emplace_back(each);
    next_change_ = SimTime::zero();
  }
  for (std::uint32_t worker = 0; worker < workers; ++worker) start(worker, SimTime::zero());
}

WorkerFleet::Place WorkerFleet::place_of(std::uint32_t worker) const {
  return {workers_[worker].held(), workers_[worker].turn, worker};
}

bool WorkerFleet::has_place(const Worker& worker) const {
  return worker.serves() && worker.held() < held_max_ && (takes_ == 0 || worker.left > 0);
}

void WorkerFleet::take_each(std::uint32_t jobs) {
  takes_ = jobs;
  room_.clear();
  for (std::uint32_t worker = 0; worker < workers_.size(); ++worker) {
    workers_[worker].left = jobs;
    if (has_place(workers_[worker])) room_.insert(place_of(worker));
  }
}

// The node of the tree moves with its worker, so that nothing is allocated while the fleet stays.
template <class Change>
void WorkerFleet::change(std::uint32_t worker, const Change& change) {
  Worker& w = workers_[worker];
  decltype(room_)::node_type node;
  if (has_place(w)) node = room_.extract(place_of(worker));
  if (w.serves()) --serving_;
  change(w);
  if (w.serves()) ++serving_;
  if (!has_place(w)) return;
  if (node.empty()) {
    room_.insert(place_of(worker));
  } else {
    node.value() = place_of(worker);
    room_.insert(std::move(node));
  }
}

void WorkerFleet::start(std::uint32_t worker, SimTime) {
  while (workers_.size() <= worker) workers_.emplace_back();
  change(worker, [this](Worker& w) {
    w.started = true;
    w.left = takes_;
  });
}

SimTime WorkerFleet::stop(std::uint32_t worker, SimTime now) {
  change(worker, [this](Worker& w) {
    w.started = false;
    returned_.insert(returned_.end(), w.prefetched.begin(), w.prefetched.end());
    w.prefetched.clear();
  });
  return is_gone(worker) ? now : SimTime::never();
}

void WorkerFleet::apply_outages(SimTime now, std::vector<std::uint32_t>& lost) {
  if (now < next_change_) return;
  next_change_ = SimTime::never();
  for (std::uint32_t worker = 0; worker < outages_.size(); ++worker) {
    const Outage outage = outages_[worker].next(now);
    const bool down = outage.down <= now;
    next_change_ = std::min(next_change_, down ? outage.up : outage.down);
    if (down != workers_[worker].up) continue;
    change(worker, [&](Worker& w) {
      w.up = !down;
      w.turn = ++turns_;
      lost.insert(lost.end(), w.running.begin(), w.running.end());
      lost.insert(lost.end(), w.prefetched.begin(), w.prefetched.end());
      w.running.clear();
      w.prefetched.clear();
      w.left = takes_;  // what it was started for is still to be done
    });
  }
}

std::uint32_t WorkerFleet::give(std::uint32_t delivery) {
  const std::uint32_t worker = room_.begin()->worker;
  change(worker, [&](Worker& w) {
    w.prefetched.push_back(delivery);
    if (takes_ > 0) --w.left;
  });
  return worker;
}

bool WorkerFleet::may_begin(std::uint32_t worker) const {
  const Worker& w = workers_[worker];
  return w.up && w.running.size() < slots_ && !w.prefetched.empty();
}

// Held is held: a job that is begun moves within its worker, whose place stays.
std::uint32_t WorkerFleet::begin(std::uint32_t worker) {
  Worker& w = workers_[worker];
  const std::uint32_t delivery = w.prefetched.front();
  w.prefetched.erase(w.prefetched.begin());
  w.running.push_back(delivery);
  return delivery;
}

std::vector<std::uint32_t> WorkerFleet::take_back() {
  return std::exchange(returned_, {});
}

void WorkerFleet::end(std::uint32_t worker, std::uint32_t delivery) {
  change(worker, [&](Worker& w) {
    w.running.erase(std::find(w.running.begin(), w.running.end(), delivery));
    w.turn = ++turns_;
  });
}

}  // namespace haldane::models
