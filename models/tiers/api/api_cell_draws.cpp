// What a batch of requests draws: service, outcome, and how long its answers stay fresh.
#include <algorithm>
#include <span>

#include "models/tiers/api/api_cell.h"

namespace haldane::models {

void ApiCell::draw_for(std::span<const ApiRequest> requests) {
  Draws& d = draws_;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    batch_.times[i] = requests[i].order.time;
    d.ids[i] = requests[i].tag.id;
    d.lanes[i] = requests[i].tag.lane();
  }
  // Whole vectors: the rest is drawn for nobody.
  const std::size_t padded = (requests.size() + 7) / 8 * 8;
  const auto ids = std::span(d.ids).first(padded);
  const auto lanes = std::span(d.lanes).first(padded);
  sim::draw_each(service_key_, ids, lanes, std::span(d.service_words).first(padded),
                 std::span(batch_.pick_words).first(padded));
  if (plan_->api[0].balancer == Balancer::consistent_hash) hash_objects(requests);
  if (outcome_matters_) {
    sim::draw_each(outcome_key_, ids, lanes, std::span(d.outcome_words).first(padded),
                   std::span(d.backoff_words).first(padded));
  }
  plan_->api[0].service.sample_block(std::span(d.service_words).first(padded),
                                     std::span(batch_.service_ns).first(padded));
  if (!plan_->api[0].class_services.empty()) draw_by_class(requests);
  if (arms_.size() == 2) draw_for_canary(requests);
  if (writes_) draw_for_writes(requests);
  if (plan_->revalidates) draw_for_not_modified(requests);
}

void ApiCell::draw_for_not_modified(std::span<const ApiRequest> requests) {
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (requests[i].tag.is_write() || !requests[i].tag.is_not_modified()) continue;
    const ApiArmPlan& arm = plan_->api[requests[i].tag.canary ? 1 : 0];
    if (!arm.not_modified_service) continue;
    const std::uint64_t word = draws_.service_words[i];
    batch_.service_ns[i] = arm.not_modified_service->sample(word) * slowness(arm, word);
  }
}

void ApiCell::hash_objects(std::span<const ApiRequest> requests) {
  for (std::size_t i = 0; i < requests.size(); ++i)
    batch_.pick_words[i] = mix(requests[i].tag.object + 0x7c3aa3f4d1b7e5a9ULL);
}

void ApiCell::draw_for_canary(std::span<const ApiRequest> requests) {
  const ApiArmPlan& canary = plan_->api[1];
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (!requests[i].tag.canary) continue;
    const std::uint64_t word = draws_.service_words[i];
    if (canary.class_services.empty()) batch_.service_ns[i] = canary.service.sample(word);
    batch_.service_ns[i] *= slowness(canary, word);
  }
}

// The bits of a mixed word say nothing of the word's size, so being slow does not depend on the
// draw.
double ApiCell::slowness(const ApiArmPlan& arm, std::uint64_t word) {
  return (mix(word) >> 32) < arm.slow_threshold ? arm.slow_factor : 1;
}

void ApiCell::draw_by_class(std::span<const ApiRequest> requests) {
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const std::uint32_t class_index = plan_->classes.class_of(requests[i].tag.object);
    const ApiArmPlan& arm = plan_->api[requests[i].tag.canary ? 1 : 0];
    batch_.service_ns[i] = arm.class_services[class_index].sample(draws_.service_words[i]);
  }
}

// Of 2^32: what the arm has, or a bad release of the replica if that is worse.
double ApiCell::failure_threshold(const ApiArmPlan& arm, std::size_t i) const {
  const SimTime start = batch_.starts[i];
  const double all = arm.failure_threshold.at(start);
  if (arm.some_replicas.empty() || batch_.fates[i] == Fate::rejected) return all;
  const std::uint32_t replica = batch_.replicas[i];
  if (replica >= arm.some_replicas.size()) return all;
  return std::max(all, arm.some_replicas[replica].failure_threshold.at(start));
}

void ApiCell::find_outcomes(std::span<const ApiRequest> requests) {
  for (std::size_t i = 0; i < requests.size(); ++i)
    outcomes_.ok[i] = batch_.fates[i] == Fate::served;
  if (failures_matter_) {
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const auto word = static_cast<double>(draws_.outcome_words[i] >> 32);
      const bool failed = word < failure_threshold(*arm_of(requests[i]).plan, i);
      outcomes_.ok[i] = outcomes_.ok[i] && !failed;
    }
  }
  if (!fills_ || lifetimes_.for_ever()) return;
  if (lifetimes_.by_class() || shield_) return find_expiries_one_by_one(requests);
  // Nobody reads when what never departs would expire, but it has to be a number.
  constexpr std::int64_t latest = SimTime::never().count_ns() / 2;
  const CopyLifetimes lifetimes = lifetimes_;
  const std::size_t padded = batch_.padded_size();
  for (std::size_t i = 0; i < padded; ++i) {
    // Numbers, not times: of a choice between two times gcc makes a branch, and no lanes.
    const std::int64_t departure = std::min(batch_.departures[i].count_ns(), latest);
    outcomes_.expiries[i] =
        lifetimes.expiry(SimTime::at_nanoseconds(departure) + link_, draws_.ids[i]);
  }
}

void ApiCell::find_expiries_one_by_one(std::span<const ApiRequest> requests) {
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const SimTime departure = batch_.departures[i];
    if (departure == SimTime::never()) continue;  // nothing will be stored
    outcomes_.expiries[i] =
        shield_ ? shield_->expiry_at_edge(requests[i], departure, link_)
                : lifetimes_.expiry_of(requests[i].tag.object, departure + link_, draws_.ids[i]);
  }
}

}  // namespace haldane::models
