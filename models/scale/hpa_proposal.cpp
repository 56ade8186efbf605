#include "models/scale/hpa_proposal.h"

#include <algorithm>

#include "models/scale/round_up.h"

namespace haldane::models {
namespace {

struct Totals {
  std::int64_t usage;
  std::uint32_t pods;
};

// Pods without a metric are assumed to make the step smaller: idle when scaling up, at
// `assumed_down` when scaling down.
template <class RatioOf>
HpaProposal proposal(const PodUsage& pods, std::int64_t assumed_down, std::uint32_t current,
                     HpaTolerance tolerance, const RatioOf& ratio_of) {
  if (pods.counted == 0) return {current, 1, ScaleLimit::no_signal};
  Totals totals{pods.usage, pods.counted};
  const double first = ratio_of(totals);
  const bool up_with_unready = pods.unready > 0 && first > 1;
  if (!up_with_unready && pods.missing == 0) {
    if (tolerance.covers(first)) return {current, first, ScaleLimit::tolerance};
    return {round_up(first * pods.counted), first, ScaleLimit::none};
  }
  if (first < 1) totals.usage += assumed_down * pods.missing;
  if (first != 1) totals.pods += pods.missing;
  if (up_with_unready) totals.pods += pods.unready;
  const double ratio = ratio_of(totals);
  const bool turned = (first < 1 && ratio > 1) || (first > 1 && ratio < 1);
  if (tolerance.covers(ratio) || turned) return {current, ratio, ScaleLimit::tolerance};
  const std::uint32_t replicas = round_up(ratio * totals.pods);
  const bool contrary = (ratio < 1 && replicas > current) || (ratio > 1 && replicas < current);
  if (contrary) return {current, ratio, ScaleLimit::tolerance};
  return {replicas, ratio, ScaleLimit::none};
}

}  // namespace

HpaProposal resource_proposal(const PodUsage& pods, std::int64_t target_percent,
                              std::uint32_t current, HpaTolerance tolerance) {
  const std::int64_t fallback = pods.request * std::max<std::int64_t>(100, target_percent) / 100;
  return proposal(pods, fallback, current, tolerance, [&](const Totals& totals) {
    const std::int64_t percent = totals.usage * 100 / (pods.request * totals.pods);
    return static_cast<double>(percent) / static_cast<double>(target_percent);
  });
}

HpaProposal pods_proposal(const PodUsage& pods, std::int64_t target, std::uint32_t current,
                          HpaTolerance tolerance) {
  return proposal(pods, target, current, tolerance, [&](const Totals& totals) {
    const std::int64_t average = totals.usage / totals.pods;  // whole, as the controller has it
    return static_cast<double>(average) / static_cast<double>(target);
  });
}

HpaProposal average_value_proposal(std::int64_t total, std::int64_t per_pod, std::uint32_t current,
                                   HpaTolerance tolerance) {
  const double ratio =
      static_cast<double>(total) / (static_cast<double>(per_pod) * std::max(1U, current));
  if (tolerance.covers(ratio)) return {current, ratio, ScaleLimit::tolerance};
  return {round_up(static_cast<double>(total) / static_cast<double>(per_pod)), ratio,
          ScaleLimit::none};
}

HpaProposal value_proposal(std::int64_t value, std::int64_t target, std::uint32_t ready,
                           std::uint32_t current, HpaTolerance tolerance) {
  const double ratio = static_cast<double>(value) / static_cast<double>(target);
  if (current == 0) return {round_up(ratio), ratio, ScaleLimit::none};
  if (tolerance.covers(ratio)) return {current, ratio, ScaleLimit::tolerance};
  return {round_up(ratio * ready), ratio, ScaleLimit::none};
}

HpaProposal largest_proposal(std::span<const std::optional<HpaProposal>> proposals,
                             std::uint32_t current) {
  std::optional<HpaProposal> largest;
  std::optional<std::uint32_t> missing;
  for (std::uint32_t metric = 0; metric < proposals.size(); ++metric) {
    const std::optional<HpaProposal>& each = proposals[metric];
    if (!each || each->limit == ScaleLimit::no_signal) {
      if (!missing) missing = metric;
    } else if (!largest || each->replicas > largest->replicas) {
      largest = each;
      largest->metric = metric;
    }
  }
  if (!largest) return {current, 1, ScaleLimit::no_signal};
  if (missing && largest->replicas < current) return {current, 1, ScaleLimit::missing, *missing};
  return *largest;
}

}  // namespace haldane::models
