// One metric on its way through the judge: its columns, its error share, and what has been said of
// it so far. Each kind of metric adds its entries here (metric_kinds.h), so that names, arms,
// margins and error shares are filled in one place.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/judge/arms.h"
#include "analysis/judge/judge_metric.h"

namespace haldane::analysis {

/// The margin that an entry is held against.
struct Scaled {
  Evidence::Scale scale = Evidence::Scale::relative;
  double margin = 0;
};

/// The relative margin where there is one and the baseline is above zero (`positive`), else the
/// absolute one. **Returns** nothing where neither serves.
[[nodiscard]] std::optional<Scaled> choose_scale(const Margin& margin, bool positive);

/// Whether both arms have the column and something in it.
[[nodiscard]] bool has_observations(const ColumnPair& columns);

/// An effect that decides nothing, and why.
[[nodiscard]] Effect impossible(std::string why);

inline constexpr const char* zero_baseline =
    "the baseline is not above zero, so its relative margin needs an absolute one beside it";

class MetricCase {
 public:
  /// The references must outlive it. `metric` is one of the policy's.
  MetricCase(const JudgePolicy& policy, const MetricPolicy& metric, const ErrorShare& share,
             const TablePair& tables, const Steps& steps, const TablePair* before);

  [[nodiscard]] const MetricPolicy& metric() const { return metric_; }
  [[nodiscard]] Mode mode() const { return policy_.mode; }
  /// Planned end of the watch, in seconds after its beginning; 0 = none.
  [[nodiscard]] double horizon_s() const { return policy_.horizon_s; }
  [[nodiscard]] const TablePair& tables() const { return tables_; }
  [[nodiscard]] const Steps& steps() const { return steps_; }
  [[nodiscard]] const ErrorShare& share() const { return share_; }
  /// What both arms observed before the release; null where that is not known.
  [[nodiscard]] const TablePair* before() const { return before_; }
  /// The same metric as a case of that time, without steps. **Domain** before() is not null.
  [[nodiscard]] MetricCase before_release() const;
  /// Of the whole window; null where an arm lacks the metric.
  [[nodiscard]] const ColumnPair& columns() const { return columns_; }
  /// Columns of the whole, or of each step that both arms have data of the metric in.
  [[nodiscard]] std::vector<ColumnPair> column_parts() const { return column_parts(metric_.name); }
  /// The same of another column; null where an arm lacks it.
  [[nodiscard]] std::vector<ColumnPair> column_parts(const std::string& name) const;

  /// Whether it is judged at quantiles, not as whole samples, rates or means.
  [[nodiscard]] bool by_quantile() const;
  /// The quantiles of its entries; one empty where it is not judged by them.
  [[nodiscard]] std::vector<std::optional<double>> quantiles() const;

  /// An entry with names and sizes, to be completed and added.
  [[nodiscard]] Evidence entry(std::optional<double> quantile) const;
  /// Without `scaled`, the margin is shown as the policy states it.
  void add(Evidence evidence, const Effect& effect, std::optional<Scaled> scaled);
  void remark(std::string text) { result_.remarks.push_back(std::move(text)); }
  /// Why a promotion beside this baseline would mean little: a sentence.
  void doubt(std::string text) { result_.doubts.push_back(std::move(text)); }
  [[nodiscard]] const std::vector<Assessment>& assessments() const { return result_.assessments; }
  void picture(EcdfPair distributions) { result_.distributions = std::move(distributions); }

  [[nodiscard]] MetricJudgement finish() { return std::move(result_); }

 private:
  const JudgePolicy& policy_;
  const MetricPolicy& metric_;
  ErrorShare share_;
  const TablePair& tables_;
  const Steps& steps_;
  const TablePair* before_;
  ColumnPair columns_;
  MetricJudgement result_;
};

}  // namespace haldane::analysis
