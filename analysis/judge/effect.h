// How a comparison method speaks to the judge: an estimate of the canary's effect, bounds at any
// error, and evidence against any bound. Every metric kind and both modes end in this form, so
// margins, roles and error budgets are applied in one place.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "analysis/judge/policy.h"
#include "analysis/judge/verdict.h"

namespace haldane::analysis {

struct LaterStart;

/// The change from baseline to canary on one scale (relative: canary / baseline - 1).
struct Effect {
  std::string method;
  std::optional<double> estimate;
  std::optional<double> n_effective;  ///< of the smaller arm, or of the pairs
  /// Where the estimate lies for all that is known of single values (bins); more data do not narrow
  /// it. Empty where the estimate is known.
  std::optional<std::pair<double, double>> estimate_within;
  /// One-sided bounds that fail with probability at most `error`; -inf / +inf where nothing can be
  /// said. Empty functions: the method has no interval.
  std::function<double(double error)> low;
  std::function<double(double error)> high;
  /// Sequential: log e-value against "effect <= bound" and "effect >= bound".
  std::function<double(double bound)> log_e_above;
  std::function<double(double bound)> log_e_below;
  /// Fixed: p-value of the same hypotheses.
  std::function<double(double bound)> p_above;
  std::function<double(double bound)> p_below;
  /// Why nothing may be decided (too few, no variation, ...); empty when it may.
  std::string obstacle;
  /// Factor by which the data must grow before anything can be decided, where that is known.
  std::optional<double> least_growth;
  /// Part of the squared error that more data do not shrink.
  double lasting_share = 0;
  /// Part of the planned data that is there; until all are, widths shrink with their amount, later
  /// with its root.
  double planned_share = 1;
  /// The method cannot show that the effect is inside a margin (Kolmogorov-Smirnov).
  bool cannot_show_inside = false;
  /// What the same data would say but for a caution that more of them will lift: rates and
  /// samples in their first minutes. Nothing is decided on it, but what it puts beyond its margin
  /// holds a promotion.
  std::shared_ptr<const Effect> without_caution;
  /// Set where a later part of the time alone may show that the canary is beyond its margin.
  std::shared_ptr<const LaterStart> later;
};

/// Part of the error of a rollback that is kept for later parts of the time.
inline constexpr double later_error_part = 0.1;

/// What both arms showed from some time on. It takes its own part of the error and never clears a
/// canary, which is judged by all its time.
struct LaterStart {
  std::optional<Effect> effect;  ///< none where no start stands out
  double after_s = 0;            ///< since the first observation
  double error_part = 0;         ///< of that of the entry; over all starts later_error_part at most
};

/// Error probabilities that one metric (and quantile) may spend.
struct ErrorShare {
  double rollback = 0;  ///< its part of alpha
  double inside = 0;    ///< beta
};

/// Evidence and what it takes to decide, as multiples of the present amount of data.
struct Assessment {
  Evidence evidence;
  ErrorShare share;
  std::optional<double> growth_to_inside;
  std::optional<double> growth_to_beyond;
  bool suspect = false;  ///< beyond its margin but for a caution
};

/// Applies margin, direction, role and error share. **Domain** `evidence` carries name, quantile,
/// kind, arms, scale and margin. **Returns** informational metrics as `reported`.
[[nodiscard]] Assessment assess(const Effect& effect, Evidence evidence, Worse worse,
                                const ErrorShare& share);

/// "+12.3 %" or "+0.00123", as the scale says.
[[nodiscard]] std::string format_effect(double effect, Evidence::Scale scale);

/// "latency_ms p99" or "errors".
[[nodiscard]] std::string metric_label(const Evidence& evidence);

}  // namespace haldane::analysis
