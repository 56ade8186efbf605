// Several entries share one error budget by closed testing: an entry counts as shown beyond its
// margin where every set of entries that holds it is refuted. By mode that set's test is the mean
// of its e-values, or Bonferroni's of its p-values (which makes Holm's procedure). Benjamini and
// Hochberg's rule, where a policy asks for it, bounds the share of wrong names instead.
#pragma once

#include <vector>

#include "analysis/judge/effect.h"

namespace haldane::analysis {

/// For each e-value the least mean over all sets that hold it: an e-value against its own
/// hypothesis, good for all hypotheses at once and whatever their dependence. **Cost** n^2.
/// **Source** Vovk, Wang 2021, *E-values: calibration, combination and applications*, Ann. Stat.
/// 49, algorithm 1.
[[nodiscard]] std::vector<double> closed_e_values(const std::vector<double>& e_values);

/// Adjusted p-values, as R's p.adjust(p, "holm"). **Source** Holm 1979, Scand. J. Stat. 6.
[[nodiscard]] std::vector<double> holm_p_values(const std::vector<double>& p_values);

/// As R's p.adjust(p, "BH"). **Source** Benjamini, Hochberg 1995, JRSS B 57.
[[nodiscard]] std::vector<double> benjamini_hochberg_p_values(const std::vector<double>& p_values);

/// Turns undecided entries that closed testing shows beyond their margin into such, and says so.
/// What each entry shows by its own part of alpha stays shown.
/// `multiplicity` says how p-values share alpha.
void close_tests(double alpha, Multiplicity multiplicity, std::vector<Assessment>& assessments);

}  // namespace haldane::analysis
