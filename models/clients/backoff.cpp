#include "models/clients/backoff.h"

#include <algorithm>

#include "sim/base/hash.h"
#include "sim/random/philox.h"

namespace haldane::models {

// Stops growing at the cap, so that no exponent is too large.
double Backoff::grown(std::uint32_t failures) const {
  double pause = static_cast<double>(spec_.base.count_ns());
  const auto cap = static_cast<double>(spec_.cap.count_ns());
  for (std::uint32_t i = 1; i < failures && pause < cap; ++i) pause *= spec_.factor;
  return std::min(pause, cap);
}

// The pauses before this one are drawn again rather than carried along: a request in flight has no
// room for them.
double Backoff::chained_pause(std::uint32_t failures, std::uint64_t chain) const {
  const auto base = static_cast<double>(spec_.base.count_ns());
  const auto cap = static_cast<double>(spec_.cap.count_ns());
  double pause = base;
  for (std::uint32_t i = 1; i <= failures; ++i) {
    const double u = sim::to_unit(mix(chain + i * 0x9e3779b97f4a7c15ULL));
    pause = std::min(cap, base + u * (3 * pause - base));
  }
  return pause;
}

Duration Backoff::pause(std::uint32_t failures, std::uint64_t word, std::uint64_t chain) const {
  double pause = chained() ? chained_pause(failures, chain) : grown(failures);
  switch (spec_.jitter) {
    case BackoffSpec::Jitter::full:
      pause *= sim::to_unit(word);
      break;
    case BackoffSpec::Jitter::equal:
      pause *= 0.5 + 0.5 * sim::to_unit(word);
      break;
    case BackoffSpec::Jitter::proportional:
      pause *= 0.8 + 0.4 * sim::to_unit(word);
      break;
    case BackoffSpec::Jitter::none:
    case BackoffSpec::Jitter::decorrelated:
      break;
  }
  return Duration::nanoseconds(static_cast<std::int64_t>(pause + 0.5));
}

}  // namespace haldane::models
