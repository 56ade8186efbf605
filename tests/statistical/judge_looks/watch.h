// A release that is looked at a thousand times, from its first observation on: what the tests of
// the judge's promises count.
//
// One watch judges two arms that follow one law with margins of zero. That release lies on the edge
// of both hypotheses, so every rollback is a false alarm that alpha must bound, and every promotion
// a false one that beta must bound. Looks use the judge's own evidence and error shares; intervals,
// pictures and reasons, which decide nothing, are left out, and so a look costs microseconds.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "analysis/judge/effect.h"

namespace haldane::analysis {

constexpr int looks_a_watch = 1000;
constexpr double watch_alpha = 0.01;
constexpr double watch_beta = 0.05;

/// Observations an arm at look 1 .. 1,000: one more a look up to 200, then half a percent more, up
/// to 10,810.
[[nodiscard]] int size_at(int look);

/// One entry of a verdict that sees more data at each look.
class WatchedEntry {
 public:
  virtual ~WatchedEntry() = default;
  /// Takes what came and **returns** the effect, nothing where there is none yet. **Domain** looks
  /// in turn from 1.
  [[nodiscard]] virtual std::optional<Effect> look(int number) = 0;
};

using Entries = std::vector<std::unique_ptr<WatchedEntry>>;

/// What was ever decided in one watch, each kind as if it alone could end it.
struct Outcome {
  int rolled_back_at = 0;  ///< the look; 0 = never
  int promoted_at = 0;
};

/// Entry 0 is critical, the others are guardrails; closed testing shares alpha, the first has beta.
[[nodiscard]] Outcome watch(Entries entries);

/// Makes the entries of one release; arms of releases and kinds never share a stream.
using Release = Entries (*)(std::uint64_t seed);

struct Scenario {
  std::string name;
  Release release;
  int runs;  ///< of the usual test, a few seconds
};

/// Errors in bursts; part of scenarios().
[[nodiscard]] std::vector<Scenario> burst_scenarios();

/// Every kind of data that the promises are counted for.
[[nodiscard]] std::vector<Scenario> scenarios();

}  // namespace haldane::analysis
