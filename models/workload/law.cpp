#include "models/workload/law.h"

#include <algorithm>

#include "sim/base/check.h"

namespace haldane::models {
namespace {

sim::Distribution build(const LawSpec& spec) {
  using Kind = LawSpec::Kind;
  switch (spec.kind) {
    case Kind::deterministic:
      return sim::Distribution::constant(spec.value);
    case Kind::exponential:
      return sim::Distribution::exponential(spec.value);
    case Kind::lognormal:
      return sim::Distribution::lognormal(spec.value, spec.shape);
    case Kind::gamma:
      return sim::Distribution::gamma(spec.value, spec.shape);
    case Kind::erlang:
      return sim::Distribution::erlang(spec.value, static_cast<std::uint32_t>(spec.shape));
    case Kind::hyperexponential:
      return sim::Distribution::hyperexponential(spec.means, spec.weights);
    case Kind::uniform:
      return sim::Distribution::uniform(spec.low, spec.high);
    case Kind::weibull:
      return sim::Distribution::weibull(spec.scale, spec.shape);
    case Kind::pareto:
      return sim::Distribution::pareto(spec.scale, spec.shape);
    case Kind::empirical:
      return sim::Distribution::empirical(spec.samples);
  }
  HALDANE_CHECK(false);
  return {};
}

}  // namespace

sim::Distribution duration_law(const LawSpec& spec) {
  return build(spec).scaled(1e9);
}

sim::Distribution size_law(const LawSpec& spec) {
  return build(spec);
}

}  // namespace haldane::models
