#include "models/tiers/api/pauses.h"

#include <algorithm>

namespace haldane::models {
namespace {

Duration rounded(double ns) {
  return Duration::nanoseconds(static_cast<std::int64_t>(ns + 0.5));
}

}  // namespace

Pauses::Pauses(const PausesPlan& rule, std::uint32_t replicas, sim::StreamKey key)
    : rule_(&rule), key_(key) {
  for (std::uint32_t r = 0; r < replicas; ++r) add();
}

void Pauses::add() {
  const bool by_time = rule_->requests == 0;
  const std::size_t r = replicas_.size();
  replicas_.emplace_back();
  replicas_[r].next =
      by_time ? SimTime::zero() + rounded(rule_->gap.sample(sim::draw(key_, r, 0).first))
              : SimTime::never();
}

void Pauses::begin(Replica& replica, std::uint32_t index, SimTime now) {
  const sim::RandomWords words = sim::draw(key_, index, ++replica.number);
  const Duration length = rounded(rule_->duration.sample(words.second));
  replica.until = now + length;
  replica.begun += length;
  replica.starts = 0;
  if (rule_->requests == 0) replica.next = replica.until + rounded(rule_->gap.sample(words.first));
}

void Pauses::catch_up(Replica& replica, std::uint32_t index, SimTime now) {
  while (replica.next <= now) begin(replica, index, replica.next);
}

Duration Pauses::start(std::uint32_t replica, SimTime now) {
  Replica& at = replicas_[replica];
  catch_up(at, replica, now);
  if (rule_->requests > 0 && ++at.starts >= rule_->requests && now >= at.until)
    begin(at, replica, now);
  return std::max(Duration{}, at.until - now);
}

Duration Pauses::begun(std::uint32_t replica, SimTime now) {
  catch_up(replicas_[replica], replica, now);
  return replicas_[replica].begun;
}

}  // namespace haldane::models
