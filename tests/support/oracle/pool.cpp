#include "tests/support/oracle/pool.h"

#include <utility>

namespace haldane::test::oracle {

using models::Balancer;

StationPool::StationPool(EventLoop& loop, const models::ApiArmPlan& plan, std::uint32_t place,
                         const std::vector<std::vector<models::Outage>>& outages)
    : loop_(loop), plan_(plan), balancer_(plan) {
  Station::Setup setup;
  setup.slots_each = plan.concurrency;
  setup.queue_capacity = plan.queue_capacity;
  if (plan.balancer == Balancer::central_queue) {
    setup.place = place << 16;
    setup.servers = plan.replicas;
    setup.outages = outages;
    stations_.emplace_back(loop, std::move(setup));
    return;
  }
  setup.queue_dies = true;
  for (std::uint32_t r = 0; r < plan.replicas; ++r) {
    setup.place = (place << 16) + r;
    setup.first_server = r;
    setup.outages.clear();
    if (r < outages.size()) setup.outages.push_back(outages[r]);
    stations_.emplace_back(loop, setup);
  }
}

std::uint64_t StationPool::waiting() const {
  std::uint64_t sum = 0;
  for (const Station& station : stations_) sum += station.waiting();
  return sum;
}

void StationPool::close() {
  for (Station& station : stations_) station.close();
}

void StationPool::arrive(std::uint64_t pick_word, Customer customer) {
  if (Station* station = pick(pick_word)) return station->arrive(std::move(customer));
  const SimTime now = loop_.now();
  customer.visit = {now, now, now, now, true};
  customer.done(customer.visit);
}

Station* StationPool::pick(std::uint64_t word) {
  if (plan_.balancer == Balancer::central_queue) return &stations_[0];
  std::vector<std::uint32_t> up;
  for (std::uint32_t r = 0; r < stations_.size(); ++r) {
    if (stations_[r].is_up(0)) up.push_back(r);
  }
  if (up.empty()) return nullptr;
  return &stations_[balancer_.pick(word, up, false, [this](std::uint32_t r) {
    return stations_[r].in_service() + stations_[r].waiting();
  })];
}

}  // namespace haldane::test::oracle
