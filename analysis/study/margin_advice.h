// How wide margins must be for a good release to be promoted, and how narrow for a bad one to be
// rolled back, read off the intervals of simulated releases.
//
// An entry is within a margin when the bound of its interval is, so the bounds of many runs at the
// last look say which margins would have decided them. Margins found that way fit the runs that
// they were found on; so they are found on every second run and checked on the others.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/study/power_summary.h"
#include "analysis/study/proportion.h"

namespace haldane::analysis {

/// The widest margin of an entry at which a release would still be rolled back with the wanted
/// power by that entry alone.
struct CatchLimit {
  std::string effect;  ///< the case's name
  std::optional<double> at_most;
};

struct EntryMargin {
  EntryInfo info;
  Evidence::Scale scale = Evidence::Scale::relative;
  double margin = 0;  ///< as the policy has it
  /// Critical entries: the narrowest margin at which an unchanged release is shown to be within it
  /// often enough. Empty where intervals are unbounded too often, and for other entries.
  std::optional<double> at_least;
  std::vector<CatchLimit> limits;  ///< only cases that change the entry for the worse
};

struct MarginAdvice {
  std::vector<EntryMargin> entries;  ///< critical and guardrail
  /// Unchanged releases, not used to find the margins, that are within all of `at_least`; no runs
  /// where a margin could not be found.
  CountedShare checked;
};

struct NamedCase {
  std::string name;
  const CaseSummary* summary = nullptr;
};

/// **Domain** `unchanged` and all cases have the same entries; 0 < power < 1. Several critical
/// entries must all be inside, so each is given 1 - (1 - power) / their number. **Determinism**
/// pure.
[[nodiscard]] MarginAdvice advise_margins(const CaseSummary& unchanged,
                                          const std::vector<NamedCase>& changed, double power);

}  // namespace haldane::analysis
