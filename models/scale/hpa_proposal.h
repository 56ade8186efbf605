// What a metric makes the Kubernetes HorizontalPodAutoscaler want, before windows, rates and
// bounds.
//
// Pure functions of one look. Quantities are in thousandths, as Kubernetes keeps them, because its
// utilisation is a truncated whole percentage: 54.9 % is 54 %, and that decides.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "models/scale/decision.h"

namespace haldane::models {

/// How far the ratio of signal to target may be from 1 without any consequence.
struct HpaTolerance {
  double up = 0.1;
  double down = 0.1;

  [[nodiscard]] bool covers(double ratio) const { return 1.0 - down <= ratio && ratio <= 1.0 + up; }
};

/// What the pods of one look use. **Units** thousandths of a core (or of the metric).
struct PodUsage {
  std::int64_t usage = 0;     ///< of all counted pods together
  std::int64_t request = 0;   ///< of each pod; a plain metric has none
  std::uint32_t counted = 0;  ///< ready, with a metric
  std::uint32_t missing = 0;  ///< running, without a metric
  std::uint32_t unready = 0;  ///< starting, or too young for their metric to count
};

/// What one metric asks for.
struct HpaProposal {
  std::uint32_t replicas = 0;
  double ratio = 1;  ///< signal to target; with unready or missing pods, that of all pods
  ScaleLimit limit = ScaleLimit::none;  ///< tolerance, no_signal, missing or none
  std::uint32_t metric = 0;             ///< which of several metrics asks for it
};

/// `type: Resource` with a target utilisation. **Domain** target_percent > 0, request > 0.
/// **Returns** `current` and no_signal if no pod counts.
/// **Source** kubernetes/kubernetes, pkg/controller/podautoscaler/replica_calculator.go and
/// metrics/utilization.go.
[[nodiscard]] HpaProposal resource_proposal(const PodUsage& pods, std::int64_t target_percent,
                                            std::uint32_t current, HpaTolerance tolerance = {});

/// `type: Pods`, a plain metric with a target for the average pod. **Domain** target > 0.
/// **Source** as resource_proposal.
[[nodiscard]] HpaProposal pods_proposal(const PodUsage& pods, std::int64_t target,
                                        std::uint32_t current, HpaTolerance tolerance = {});

/// `type: External`, AverageValue: the current count matters to the tolerance only.
/// **Domain** per_pod > 0. **Source** as resource_proposal.
[[nodiscard]] HpaProposal average_value_proposal(std::int64_t total, std::int64_t per_pod,
                                                 std::uint32_t current,
                                                 HpaTolerance tolerance = {});

/// `type: External` or `Object`, Value: scales the ready pods by the ratio. **Domain** target > 0.
/// **Source** as resource_proposal.
[[nodiscard]] HpaProposal value_proposal(std::int64_t value, std::int64_t target,
                                         std::uint32_t ready, std::uint32_t current,
                                         HpaTolerance tolerance = {});

/// Several metrics: the largest proposal, of equal ones the first. One that is empty, or without a
/// signal, is of a metric that cannot be had, with which nothing is taken away. **Returns**
/// `current` and no_signal where none has a value, missing where the others would take away.
/// **Source** computeReplicasForMetrics of pkg/controller/podautoscaler/horizontal.go.
[[nodiscard]] HpaProposal largest_proposal(std::span<const std::optional<HpaProposal>> proposals,
                                           std::uint32_t current);

}  // namespace haldane::models
