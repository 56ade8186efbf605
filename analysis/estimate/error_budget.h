// What a service level objective says of a run: how much of its error budget was spent, how fast,
// and when alerts on the burn rate would have fired.
//
// The budget is the share of events that may be bad. A burn rate of 1 spends it exactly within the
// objective's window. **Source** Beyer, Murphy, Rensin, Kawahara & Thorne (ed.), "The Site
// Reliability Workbook", O'Reilly 2018, chapter 5, "Alerting on SLOs", 6: multiwindow, multi-burn-
// rate alerts.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace haldane::analysis {

/// Events of a stretch of time. **Units** simulated seconds.
struct EventPoint {
  double from_s = 0;
  double to_s = 0;
  double all = 0;
  double bad = 0;
};

/// An alert on the burn rate: both windows burn faster than `factor`. **Units** seconds.
struct BurnRule {
  double long_s = 0;
  double short_s = 0;
  double factor = 1;
  std::string severity;
};

/// The rules of the workbook for a window of 30 days, stretched to another window: 2 % of the
/// budget in 1 h and 5 % in 6 h are for a page, 10 % in 1 d and 10 % in 3 d for a ticket; the short
/// window is a twelfth of the long one.
[[nodiscard]] std::vector<BurnRule> burn_rules(double window_s);

/// When a rule fired. **Units** simulated seconds.
struct BurnFiring {
  double from_s = 0;
  double to_s = 0;
};

struct BurnOutcome {
  BurnRule rule;
  std::optional<double> worst;  ///< largest burn rate of the long window; empty: run too short
  std::vector<BurnFiring> firings;
};

struct ErrorBudget {
  double all = 0;
  double bad = 0;
  std::optional<double> bad_ratio;    ///< empty where nothing happened
  std::optional<double> burn_rate;    ///< of all the time
  std::optional<double> budget_used;  ///< share of the window's budget that this time spent
  std::vector<BurnOutcome> burns;
};

/// **Domain** points in order of time without gaps; 0 < target < 1, window_s > 0. Only windows that
/// lie wholly within the points are looked at, each ending with a point; a window is at least one
/// point long. **Cost** O(points * rules).
[[nodiscard]] ErrorBudget spend_budget(const std::vector<EventPoint>& points, double target,
                                       double window_s);

}  // namespace haldane::analysis
