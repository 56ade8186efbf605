#include "tests/support/oracle/balancer.h"

#include <algorithm>
#include <tuple>

#include "sim/base/hash.h"
#include "sim/base/math.h"
#include "sim/random/philox.h"

namespace haldane::test::oracle {

using models::Balancer;

std::uint32_t PlainBalancer::pick(std::uint64_t word, const std::vector<std::uint32_t>& up,
                                  bool changed, const Load& load) {
  switch (plan_.balancer) {
    case Balancer::round_robin:
      return up[turn_++ % up.size()];
    case Balancer::random:
      return up[sim::to_index(word, up.size())];
    case Balancer::power_of_two:
      return better_of_two(word, up, load);
    case Balancer::weighted_least_requests:
      return all_weigh_the_same(up) ? better_of_two(word, up, load) : by_turns(up, changed, load);
    case Balancer::consistent_hash:
      return by_hash(word, up);
    default:
      break;
  }
  // Fewest requests; of equals the first from a random one on.
  std::vector<std::uint32_t> from = up;
  const std::size_t first = sim::to_index(word, up.size());
  std::rotate(from.begin(), from.begin() + static_cast<std::ptrdiff_t>(first), from.end());
  return *std::ranges::min_element(from, {}, load);
}

std::uint32_t PlainBalancer::better_of_two(std::uint64_t word, const std::vector<std::uint32_t>& up,
                                           const Load& load) const {
  const auto at_random = [&up](std::uint64_t half) { return up[(half * up.size()) >> 32]; };
  const std::uint32_t one = at_random(word >> 32);
  const std::uint32_t other = at_random(word & 0xffffffffU);
  return load(other) < load(one) ? other : one;
}

std::uint32_t PlainBalancer::by_hash(std::uint64_t place, const std::vector<std::uint32_t>& up) {
  if (up != on_ring_) ring_.build(up, plan_.replicas_max);
  on_ring_ = up;
  return ring_.owner(place);
}

double PlainBalancer::weight(std::uint32_t replica) const {
  return replica < plan_.weights.size() ? plan_.weights[replica] : 1;
}

bool PlainBalancer::all_weigh_the_same(const std::vector<std::uint32_t>& up) const {
  return std::ranges::all_of(up, [&](std::uint32_t r) { return weight(r) == weight(up[0]); });
}

double PlainBalancer::until_next_turn(std::uint32_t replica, const Load& load) const {
  const double active = static_cast<double>(load(replica)) + 1;
  const double bias = plan_.active_request_bias;
  const double slowed = bias == 1 ? active : bias == 0 ? 1 : math::pow(active, bias);
  return slowed / weight(replica);
}

// The earliest deadline is next, and the next one of who is taken lies as much later as he is busy.
// Whenever who is up changes, all begin anew.
std::uint32_t PlainBalancer::by_turns(const std::vector<std::uint32_t>& up, bool changed,
                                      const Load& load) {
  if (changed || turns_.empty()) {
    turns_.clear();
    for (const std::uint32_t r : up) turns_.push_back({r, until_next_turn(r, load), numbers_++});
  }
  Turn& next = *std::ranges::min_element(
      turns_, {}, [](const Turn& turn) { return std::tuple(turn.deadline, turn.number); });
  next.deadline += until_next_turn(next.replica, load);
  next.number = numbers_++;
  return next.replica;
}

}  // namespace haldane::test::oracle
