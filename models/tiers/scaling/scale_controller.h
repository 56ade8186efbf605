// A scenario's autoscaler at one look: which averages its controller is given, and what it answers.
#pragma once

#include <variant>
#include <vector>

#include "models/scale/keda.h"
#include "models/spec/autoscaler_spec.h"
#include "models/tiers/scaling/scale_signals.h"

namespace haldane::models {

/// The fleet at the time of a look.
struct FleetState {
  std::uint32_t wanted = 0;   ///< asked for: ready, starting and crashed ones
  std::uint32_t ready = 0;    ///< serving
  std::uint32_t counted = 0;  ///< of those, ready since before the period of the signal
  std::uint32_t slots = 1;    ///< a replica
  std::uint32_t pending = 0;  ///< asked for and not started yet
};

/// What a look gave.
struct ScaleLook {
  double signal = 0;  ///< of the metric that decided, in its unit
  ScaleDecision decision;
  bool polled = false;
};

/// **Determinism** depends on the calls only.
class ScaleController {
 public:
  /// `ready` replicas are there at the start.
  ScaleController(const AutoscalerSpec& spec, std::uint32_t ready);

  /// The longest window that a look needs.
  [[nodiscard]] static Duration longest_window(const AutoscalerSpec& spec);
  /// One sync at `now` of signals as of `seen`. **Domain** both never decrease.
  ScaleLook look(SimTime now, SimTime seen, ScaleSignals& signals, const FleetState& fleet);
  /// One poll of KEDA, which activates and puts to sleep. **Domain** as look(); kind keda.
  ScaleLook poll(SimTime now, SimTime seen, ScaleSignals& signals, std::uint32_t wanted);

 private:
  using Metric = AutoscalerSpec::Metric;
  ScaleLook look_hpa(SimTime now, const ScaleSums& sums, const FleetState& fleet);
  ScaleLook look_keda(SimTime now, const ScaleSums& sums, const FleetState& fleet);
  ScaleLook look_jobs(const ScaleSignals& signals, const FleetState& fleet);
  ScaleLook look_kpa(SimTime now, SimTime seen, ScaleSignals& signals, const FleetState& fleet);
  ScaleLook look_tracking(SimTime now, const ScaleSums& sums, const FleetState& fleet);
  [[nodiscard]] HpaProposal proposal_of(const AutoscalerSpec::MetricTarget& metric, double signal,
                                        const ScaleSums& sums, const FleetState& fleet) const;
  [[nodiscard]] std::vector<double> totals(const ScaleSums& sums) const;

  AutoscalerSpec spec_;
  std::variant<std::monostate, HpaController, KedaController, KpaController, TargetTracker> rule_;
};

}  // namespace haldane::models
