// Which requests a site lets in: buckets that limit the rate of each client, as proxies do it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "models/spec/rate_limit_spec.h"
#include "sim/base/hash.h"
#include "sim/base/time.h"
#include "sim/random/philox.h"

namespace haldane::models {

/// nginx's limit_req. Each request adds one to an excess that leaks at the rate; one that would
/// take it above the burst is turned away, one that takes it above `delay` is held back until it
/// has leaked down to there. **Units** ms and thousandths of requests, as nginx counts.
/// **Source** nginx 1.24, src/http/modules/ngx_http_limit_req_module.c.
class LeakyBucket {
 public:
  struct Rules {
    std::int64_t rate = 1'000;  ///< thousandths of requests a second
    std::int64_t burst = 0;     ///< thousandths
    std::int64_t delay = 0;     ///< likewise
  };
  /// **Returns** how long the request has to wait, or Duration::max(): it is turned away.
  /// **Domain** `now` never decreases.
  Duration take(const Rules& rules, SimTime now) {
    const std::int64_t ms = now.count_ns() / 1'000'000;
    std::int64_t excess = 0;
    if (last_ms_ >= 0) {
      // A span so long empties any bucket, unless its rate is below one a day.
      const std::int64_t span = std::min<std::int64_t>(ms - last_ms_, 1'000'000'000);
      excess = std::max<std::int64_t>(0, excess_ - rules.rate * span / 1'000 + 1'000);
    }
    if (excess > rules.burst) return Duration::max();
    excess_ = excess;
    last_ms_ = ms;
    if (excess <= rules.delay) return Duration{};
    return Duration::milliseconds((excess - rules.delay) * 1'000 / rules.rate);
  }

 private:
  std::int64_t excess_ = 0;
  std::int64_t last_ms_ = -1;  // none yet
};

/// A bucket of `burst` tokens, full at first, that is filled at a rate. A request takes a token or
/// is turned away. **Source** the generic cell rate algorithm, ITU-T I.371, which is the same rule.
class TokenBucket {
 public:
  struct Rules {
    Duration interval;  ///< in which one token comes
    std::int64_t burst = 1;
  };
  /// **Returns** whether there was a token. **Domain** `now` never decreases.
  bool take(const Rules& rules, SimTime now) {
    const SimTime from = std::max(full_at_, now);
    if (from - now > rules.interval * (rules.burst - 1)) return false;
    full_at_ = from + rules.interval;
    return true;
  }

 private:
  SimTime full_at_ = SimTime::zero();
};

/// The buckets of a site: a request belongs to a tier and to one of its clients by a hash.
/// **Cost** 16 bytes a client of each kind of bucket in use; two hashes a request.
class RequestLimiter {
 public:
  explicit RequestLimiter(const RateLimitSpec& spec) : kind_(spec.kind) {
    double share = 0;
    for (const RateLimitSpec::Tier& tier : spec.tiers) {
      share += tier.share;
      tiers_.push_back(Tier(tier, sim::to_threshold(std::min(share, 1.0)), kind_));
    }
    tiers_.back().threshold = std::uint64_t{1} << 32;
  }

  /// Asks for the request `id`, of any attempt. **Returns** how long it has to wait, or
  /// Duration::max(): it is turned away. **Determinism** depends on the requests before.
  Duration take(SimTime now, std::uint64_t id) {
    const std::uint64_t word = mix(id ^ 0x8f1bbcdcbfa53e0bULL);
    const auto tier = std::ranges::find_if(
        tiers_, [&](const Tier& each) { return (word >> 32) < each.threshold; });
    const std::size_t client = sim::to_index(mix(word), tier->clients);
    if (kind_ == RateLimitSpec::Kind::leaky_bucket)
      return tier->leaky[client].take(tier->leaky_rules, now);
    return tier->tokens[client].take(tier->token_rules, now) ? Duration{} : Duration::max();
  }

 private:
  struct Tier {
    Tier(const RateLimitSpec::Tier& spec, std::uint64_t up_to, RateLimitSpec::Kind kind)
        : threshold(up_to), clients(spec.clients) {
      leaky_rules.rate =
          std::max<std::int64_t>(1, static_cast<std::int64_t>(spec.rate_per_s * 1'000 + 0.5));
      leaky_rules.burst = std::int64_t{spec.burst} * 1'000;
      leaky_rules.delay = std::int64_t{spec.delay} * 1'000;
      token_rules.interval = Duration::from_seconds(1 / spec.rate_per_s);
      token_rules.burst = spec.burst;
      if (kind == RateLimitSpec::Kind::leaky_bucket) {
        leaky.resize(clients);
      } else {
        tokens.resize(clients);
      }
    }
    std::uint64_t threshold;  // of 2^32: hashes below it, and not below that of the tier before
    std::uint32_t clients;
    LeakyBucket::Rules leaky_rules;
    TokenBucket::Rules token_rules;
    std::vector<LeakyBucket> leaky;
    std::vector<TokenBucket> tokens;
  };

  RateLimitSpec::Kind kind_;
  std::vector<Tier> tiers_;
};

}  // namespace haldane::models
