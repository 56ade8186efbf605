// What the judge says and why: contract haldane.verdict/1 as a value. Reports print it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/judge/policy.h"

namespace haldane::analysis {

enum class Decision : std::uint8_t { promote, rollback, inconclusive };

/// What one arm contributed to a metric.
struct ArmSummary {
  std::int64_t n = 0;              ///< observations (samples, buckets) or exposure (ratio, count)
  std::optional<double> value;     ///< the estimate: quantile, mean, ratio or rate
  std::optional<double> events;    ///< ratio and count: numerator
  std::optional<double> exposure;  ///< ratio and count: denominator
};

/// How a metric was measured from the time before the release.
struct Adjustment {
  double before = 0;      ///< how far the canary stood from the baseline, on the entry's scale
  std::string covariate;  ///< empty = none
  std::optional<double> theta;               ///< units of the metric per unit of the covariate
  std::optional<double> variance_reduction;  ///< by the covariate; below 0 where it did harm
};

/// One metric (at one quantile). Estimate, interval and margin are on one scale.
struct Evidence {
  std::string name;
  std::optional<double> quantile;  ///< e.g. 0.99
  Role role = Role::critical;
  MetricKind kind = MetricKind::samples;
  ArmSummary baseline;
  ArmSummary canary;
  std::optional<double> n_effective;
  enum class Scale : std::uint8_t { relative, absolute };
  Scale scale = Scale::relative;
  std::optional<double> estimate;  ///< canary / baseline - 1, or canary - baseline
  std::optional<double> ci_low;
  std::optional<double> ci_high;
  double margin = 0;
  std::optional<double> p_value;
  std::optional<double> e_value;
  /// Mode fixed: of "the effect is beyond its margin", which a promotion must refute. Where either
  /// direction is worse, the larger of two one-sided tests (TOST).
  std::optional<double> equivalence_p_value;
  std::optional<Adjustment> adjustment;
  std::string method;  ///< e.g. "beta_binomial_quantile"
  enum class Outcome : std::uint8_t { beyond_margin, within_margin, undecided, reported };
  Outcome outcome = Outcome::undecided;
  std::string reason;  ///< one sentence with numbers
};

/// How much more is probably needed for a decision; empty = cannot tell.
struct Needs {
  std::optional<double> requests;
  std::optional<double> minutes;
};

struct InputFile {
  std::string path;
  std::string sha256;  ///< hex of the bytes as read
};

/// A point of an arm's empirical distribution with the time-uniform band around it, for pictures.
struct EcdfPoint {
  double value = 0;
  double probability = 0;
  double band_low = 0;
  double band_high = 0;
};

struct EcdfPair {
  std::string name;  ///< metric
  std::vector<EcdfPoint> baseline;
  std::vector<EcdfPoint> canary;
};

/// One entry at one look.
struct EvidencePoint {
  double share = 0;                 ///< of the time or the rows that the data cover
  std::optional<double> elapsed_s;  ///< since the first observation; empty without times
  std::int64_t n = 0;               ///< of both arms
  std::optional<double> estimate;
  std::optional<double> ci_low;
  std::optional<double> ci_high;
  std::optional<double> e_value;
};

/// How the evidence of one entry grew.
struct EvidenceSeries {
  std::string name;
  std::optional<double> quantile;
  Evidence::Scale scale = Evidence::Scale::relative;
  double margin = 0;
  std::vector<EvidencePoint> points;
};

/// Where our own judge answers otherwise than the rule that decided.
struct Difference {
  std::string metric;                     ///< empty = the release as a whole
  Decision own = Decision::inconclusive;  ///< ours; promote = shown within its margin
  std::string why;                        ///< with numbers
};

struct Verdict {
  Decision decision = Decision::inconclusive;
  double score = 0;                  ///< 0..100
  std::vector<std::string> reasons;  ///< sentences with numbers, most important first
  std::vector<Evidence> metrics;
  Needs needs;
  std::vector<InputFile> inputs;
  JudgePolicy policy;
  std::vector<std::string>
      assumptions;  ///< what an inferred policy or a repaired input took for granted
  std::vector<EcdfPair> ecdfs;
  std::vector<Difference> differences;    ///< mode kayenta
  std::vector<EvidenceSeries> over_time;  ///< where it was asked for
};

}  // namespace haldane::analysis
