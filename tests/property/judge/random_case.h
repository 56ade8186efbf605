// Releases and policies drawn at random: every kind of metric, both modes with all their tests,
// arms from nothing to a few hundred rows, ties and heavy tails, small and large effects, and
// canaries with two steps.
#pragma once

#include <cstdint>

#include "analysis/ingest/observation_table.h"
#include "analysis/judge/policy.h"

namespace haldane::analysis {

struct RandomCase {
  JudgePolicy policy;
  ObservationTable baseline;
  ObservationTable canary;
};

enum class Margins : std::uint8_t { any, zero };

/// **Determinism** by `seed`. Values are positive; all metrics of a case have times or none has,
/// except gauges, which always have them (without, the order of their rows is their time).
[[nodiscard]] RandomCase random_case(std::uint64_t seed, Margins margins = Margins::any);

}  // namespace haldane::analysis
