// `edge.rate_limit`.
#include <cmath>

#include <fmt/format.h>

#include "models/spec/sections.h"

namespace haldane::models {
namespace {

using config::Mapping;

// A token bucket without a token lets nobody in.
std::uint32_t least_burst(RateLimitSpec::Kind kind) {
  return kind == RateLimitSpec::Kind::token_bucket ? 1 : 0;
}

RateLimitSpec::Tier read_tier(const Value& value, RateLimitSpec::Kind kind) {
  RateLimitSpec::Tier tier;
  Mapping mapping = value.mapping();
  mapping.optional("share").share(tier.share, config::above_to(0.0, 1.0));
  mapping.optional("clients").count(tier.clients, 1, ScenarioLimits::limited_clients_max);
  mapping.required("rate").rate(tier.rate_per_s, config::between(1e-3, 1e6));
  const std::uint32_t least = least_burst(kind);
  tier.burst = least;
  mapping.optional("burst").count(tier.burst, least, 1'000'000);
  if (kind == RateLimitSpec::Kind::leaky_bucket) {
    const Value delay = mapping.optional("delay");
    if (delay.is_word("none")) {
      tier.delay = tier.burst;
    } else {
      delay.count(tier.delay, 0, 1'000'000);
    }
  }
  mapping.finish();
  return tier;
}

}  // namespace

void read_rate_limit(const Value& value, std::optional<RateLimitSpec>& out) {
  if (!value.present() || value.is_word("none")) return;
  using Kind = RateLimitSpec::Kind;
  Mapping limit = value.mapping();
  RateLimitSpec spec;
  limit.required("kind").choice<Kind>(
      spec.kind, {{"leaky_bucket", Kind::leaky_bucket}, {"token_bucket", Kind::token_bucket}});
  const Value tiers = limit.required("tiers");
  double all = 0;
  for (const Value& tier : tiers.elements()) {
    spec.tiers.push_back(read_tier(tier, spec.kind));
    all += spec.tiers.back().share;
  }
  const bool few = !spec.tiers.empty() && spec.tiers.size() <= ScenarioLimits::limit_tiers_max;
  if (tiers.present() && (!few || std::abs(all - 1) > 1e-9)) {
    tiers.fail("SCN-413", fmt::format("must be 1 to {} tiers whose shares sum to 100 %",
                                      ScenarioLimits::limit_tiers_max));
  }
  limit.finish();
  if (few) out = std::move(spec);
}

}  // namespace haldane::models
