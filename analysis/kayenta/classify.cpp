#include "analysis/kayenta/classify.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "analysis/compare/normal.h"
#include "analysis/compare/rank_sum.h"
#include "analysis/compare/sort_values.h"

namespace haldane::analysis::kayenta {
namespace {

struct Arms {
  std::vector<double> control;
  std::vector<double> experiment;
};

std::vector<double> clean(std::vector<double> values, const MetricRule& rule) {
  if (rule.nan_strategy == NanStrategy::remove) {
    std::erase_if(values, [](double v) { return std::isnan(v); });
  } else {
    for (double& value : values) value = std::isnan(value) ? 0.0 : value;
  }
  return rule.remove_outliers ? without_outliers(values, rule.outlier_factor) : values;
}

bool is_constant(std::span<const double> sorted) {
  return sorted.front() == sorted.back();
}

// Kayenta draws noise of 1e-5 of the constant, afresh each time. Normal scores are the most typical
// such sample, so a verdict does not hang on a seed.
void spread(std::vector<double>& values) {
  const double deviation = std::abs(values.front()) * 1e-5;
  if (deviation == 0) return;
  const auto n = static_cast<double>(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double above = 1 - (static_cast<double>(i) + 0.5) / n;
    values[i] += deviation * normal_upper_quantile(above);
  }
}

double mean_ratio(const Arms& arms) {
  const double control = arm_mean(arms.control);
  const double experiment = arm_mean(arms.experiment);
  return control == 0 || experiment == 0 ? std::nan("") : experiment / control;
}

// A limit that an effect of unknown size always passes.
bool reaches(double effect, double limit) {
  return std::isnan(effect) || effect >= limit;
}
bool falls_to(double effect, double limit) {
  return std::isnan(effect) || effect <= limit;
}

Class label_of(const MetricRule& rule, const ShiftInterval& shift, double effect) {
  const double bound = rule.tolerance * std::abs(shift.estimate);
  if (rule.direction != Direction::decrease && shift.low > bound &&
      reaches(effect, rule.limits.allowed_increase)) {
    return Class::high;
  }
  if (rule.direction != Direction::increase && shift.high < -bound &&
      falls_to(effect, rule.limits.allowed_decrease)) {
    return Class::low;
  }
  return Class::pass;
}

void note_missing(const std::string& name, const MetricRule& rule, Classified& out) {
  out.ratio = 1;
  if (rule.nan_strategy == NanStrategy::replace) return;
  out.reason = "Missing data for " + name;
  const bool fails_metric = rule.must_have_data && !rule.critical;
  out.label = fails_metric ? Class::nodata_fail_metric : Class::nodata;
  out.critical = !fails_metric && rule.critical;
}

void compare(const std::string& name, const MetricRule& rule, Arms& arms, Classified& out) {
  if (is_constant(arms.control) && is_constant(arms.experiment)) {
    spread(arms.control);
    spread(arms.experiment);
  }
  out.shift = shift_interval(arms.experiment, arms.control, rule.confidence);
  if (!out.shift) {
    out.label = Class::error;
    out.reason = "Metric Classification Failed";
    return;
  }
  out.ratio = mean_ratio(arms);
  const double effect = rule.measure == EffectMeasure::cles
                            ? common_language_effect(arms.experiment, arms.control)
                            : *out.ratio;
  out.effect = effect;
  out.label = label_of(rule, *out.shift, effect);
  if (out.label == Class::pass) return;
  out.critical =
      rule.critical && (out.label == Class::high ? reaches(effect, rule.limits.critical_increase)
                                                 : falls_to(effect, rule.limits.critical_decrease));
  const std::string verdict = fmt::format("{} was classified as {}", name, class_name(out.label));
  out.reason = out.critical ? "The metric " + verdict + " (Critical)" : verdict;
}

}  // namespace

std::string_view class_name(Class label) {
  switch (label) {
    case Class::pass:
      return "Pass";
    case Class::high:
      return "High";
    case Class::low:
      return "Low";
    case Class::nodata:
      return "Nodata";
    case Class::nodata_fail_metric:
      return "NodataFailMetric";
    case Class::error:
      break;
  }
  return "Error";
}

double common_language_effect(std::span<const double> experiment, std::span<const double> control) {
  const RankSum sum = rank_sum(experiment, control);
  return sum.wins / (sum.n_x * sum.n_y);
}

Classified classify(const std::string& name, const MetricRule& rule, std::vector<double> control,
                    std::vector<double> experiment) {
  Arms arms{clean(std::move(control), rule), clean(std::move(experiment), rule)};
  Classified out;
  out.control = arm_statistics(arms.control);
  out.experiment = arm_statistics(arms.experiment);
  if (arms.control.empty() || arms.experiment.empty()) {
    note_missing(name, rule, out);
    return out;
  }
  sort_values(arms.control);
  sort_values(arms.experiment);
  out.ratio = 1;
  if (arms.control == arms.experiment) {
    out.reason = "The Canary and Baseline data are identical";
    return out;
  }
  const bool one_value = is_constant(arms.control) && is_constant(arms.experiment) &&
                         arms.control.front() == arms.experiment.front();
  if (one_value) return out;
  out.ratio.reset();
  compare(name, rule, arms, out);
  return out;
}

}  // namespace haldane::analysis::kayenta
