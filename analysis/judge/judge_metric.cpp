#include "analysis/judge/judge_metric.h"

#include <cmath>
#include <optional>
#include <span>
#include <tuple>

#include <fmt/format.h>

#include "analysis/judge/arms.h"
#include "analysis/judge/distribution_pictures.h"
#include "analysis/judge/fixed_effects.h"
#include "analysis/judge/gauge_contrast.h"
#include "analysis/judge/sequential_effects.h"
#include "analysis/sequential/quantile_stairs.h"

namespace haldane::analysis {
namespace {

constexpr double default_quantiles[] = {0.5, 0.95, 0.99};

struct Scaled {
  Evidence::Scale scale = Evidence::Scale::relative;
  double margin = 0;
};

// The relative margin where there is one and the baseline is not zero; `positive` says so.
std::optional<Scaled> choose_scale(const Margin& margin, bool positive) {
  if (margin.relative && positive) return Scaled{Evidence::Scale::relative, *margin.relative};
  if (margin.absolute) return Scaled{Evidence::Scale::absolute, *margin.absolute};
  return std::nullopt;
}

Effect impossible(std::string why) {
  Effect effect;
  effect.method = "none";
  effect.obstacle = std::move(why);
  return effect;
}

constexpr const char* zero_baseline =
    "the baseline is not above zero, so its relative margin needs an absolute one beside it";

class MetricJudge {
 public:
  MetricJudge(const MetricPolicy& metric, Mode mode, const ErrorBudget& budget,
              const TablePair& tables, const Steps& steps)
      : metric_(metric),
        mode_(mode),
        share_(budget.share_of(metric)),
        tables_(tables),
        steps_(steps) {}

  MetricJudgement run() {
    columns_ = {tables_.baseline.find(metric_.name), tables_.canary.find(metric_.name)};
    note_left_out(columns_.baseline, "baseline");
    note_left_out(columns_.canary, "canary");
    if (const std::string missing = what_is_missing(); !missing.empty()) {
      for (const std::optional<double>& q : quantiles()) add(entry(q), impossible(missing), {});
      return std::move(result_);
    }
    if (report_summary() || refuse_bins()) return std::move(result_);
    switch (metric_.kind) {
      case MetricKind::samples:
        has_bins(columns_) ? judge_bins() : judge_samples();
        break;
      case MetricKind::ratio:
      case MetricKind::count:
        judge_rate();
        break;
      case MetricKind::gauge:
        judge_gauge();
        break;
    }
    return std::move(result_);
  }

 private:
  [[nodiscard]] bool by_quantile() const {
    return metric_.kind == MetricKind::samples &&
           (mode_ != Mode::fixed || !metric_.test || *metric_.test == FixedTest::quantile);
  }

  [[nodiscard]] std::vector<std::optional<double>> quantiles() const {
    if (!by_quantile()) return {std::nullopt};
    if (metric_.quantiles.empty())
      return {std::begin(default_quantiles), std::end(default_quantiles)};
    return {metric_.quantiles.begin(), metric_.quantiles.end()};
  }

  [[nodiscard]] Evidence entry(std::optional<double> quantile) const {
    Evidence evidence;
    evidence.name = metric_.name;
    evidence.quantile = quantile;
    evidence.role = metric_.role;
    evidence.kind = metric_.kind;
    if (columns_.baseline) {
      evidence.baseline.n = static_cast<std::int64_t>(observations_in(*columns_.baseline));
    }
    if (columns_.canary) {
      evidence.canary.n = static_cast<std::int64_t>(observations_in(*columns_.canary));
    }
    return evidence;
  }

  void add(Evidence evidence, const Effect& effect, std::optional<Scaled> scaled) {
    if (scaled) {
      evidence.scale = scaled->scale;
      evidence.margin = scaled->margin;
    } else if (metric_.margin.relative) {
      evidence.margin = *metric_.margin.relative;
    } else if (metric_.margin.absolute) {
      evidence.scale = Evidence::Scale::absolute;
      evidence.margin = *metric_.margin.absolute;
    }
    result_.assessments.push_back(assess(effect, std::move(evidence), metric_.worse, share_));
  }

  void note_left_out(const ObservationColumn* column, const char* arm) {
    if (!column || column->nan_cells + column->infinite_cells == 0) return;
    result_.remarks.push_back(fmt::format("{}, {}: {} NaN and {} infinite cells were left out", arm,
                                          metric_.name, column->nan_cells, column->infinite_cells));
  }

  [[nodiscard]] std::string what_is_missing() const {
    const auto is_empty = [](const ObservationColumn* c) {
      return !c || (c->values.empty() && c->bins.empty() && c->summary.empty());
    };
    const bool no_b = is_empty(columns_.baseline);
    const bool no_c = is_empty(columns_.canary);
    if (no_b && no_c) return "neither arm has data";
    if (no_b) return "the baseline has no data";
    if (no_c) return "the canary has no data";
    if (steps_ && steps_->empty()) return "the policy has steps, but not every value has its time";
    if (steps_ && column_parts().empty()) return "no step has data of both arms";
    return {};
  }

  // Percentiles without counts carry no evidence: shown, never decided on.
  bool report_summary() {
    const auto is_summary = [](const ObservationColumn& c) {
      return c.quality == Quality::summary;
    };
    if (!is_summary(*columns_.baseline) && !is_summary(*columns_.canary)) return false;
    for (const std::optional<double>& quantile : quantiles()) {
      Evidence evidence = entry(quantile);
      evidence.baseline.value = summary_value(*columns_.baseline, quantile);
      evidence.canary.value = summary_value(*columns_.canary, quantile);
      add(std::move(evidence),
          impossible("the input is a summary: percentiles alone can be shown, not judged"), {});
    }
    return true;
  }

  static std::optional<double> summary_value(const ObservationColumn& column,
                                             std::optional<double> quantile) {
    for (const SummaryPoint& point : column.summary) {
      if (quantile && std::abs(point.probability - *quantile) < 1e-9) return point.value;
    }
    return std::nullopt;
  }

  bool refuse_bins() {
    if (!has_bins(columns_) || by_quantile()) return false;
    add(entry(std::nullopt),
        impossible("the input is binned, which is judged by quantiles only (kind: samples, without "
                   "another test)"),
        {});
    return true;
  }

  // Bounds at either end of the bins instead of values: what is between is not known.
  void judge_bins() {
    const SampleEnvelope envelope = sample_envelope(columns_);
    if (envelope.least.baseline.empty() || envelope.least.canary.empty()) {
      add(entry(quantiles().front()), impossible("the bins of an arm hold nothing"), {});
      return;
    }
    result_.remarks.push_back(fmt::format(
        "{}: the input is binned; intervals are as wide as its bins make them", metric_.name));
    for (const std::optional<double>& quantile : quantiles()) {
      const double p = *quantile;
      const double b_low = sample_quantile(envelope.greatest.baseline, p);
      const double b_high = sample_quantile(envelope.least.baseline, p);
      const double c_low = sample_quantile(envelope.least.canary, p);
      const double c_high = sample_quantile(envelope.greatest.canary, p);
      Evidence evidence = entry(p);
      evidence.baseline.value = (b_low + b_high) / 2;
      evidence.canary.value = (c_low + c_high) / 2;
      const auto scaled = choose_scale(metric_.margin, b_low > 0);
      add(std::move(evidence),
          scaled ? effect_between(quantile_effect(envelope.least, p, 1, scaled->scale),
                                  quantile_effect(envelope.greatest, p, 1, scaled->scale))
                 : impossible(zero_baseline),
          scaled);
    }
  }

  static Effect effect_between(Effect least, const Effect& greatest) {
    least.high = greatest.high;
    least.log_e_below = greatest.log_e_below;
    least.p_below = greatest.p_below;
    if (least.estimate && greatest.estimate) {
      least.estimate = (*least.estimate + *greatest.estimate) / 2;
    }
    return least;
  }

  // Columns of the whole, or of each step that both arms have data of.
  [[nodiscard]] std::vector<ColumnPair> column_parts() const {
    if (!steps_) return {columns_};
    std::vector<ColumnPair> parts;
    for (const StepTables& step : *steps_) {
      const ColumnPair pair{step.baseline.find(metric_.name), step.canary.find(metric_.name)};
      const bool there = pair.baseline && pair.canary && !pair.baseline->values.empty() &&
                         !pair.canary->values.empty();
      if (there) parts.push_back(pair);
    }
    return parts;
  }

  struct SamplePart {
    ColumnPair columns;
    SampleArms arms;
  };

  [[nodiscard]] std::vector<SamplePart> sample_parts() {
    std::vector<SamplePart> parts;
    for (const ColumnPair& columns : column_parts())
      parts.push_back({columns, sample_arms(columns)});
    if (!steps_) {
      result_.distributions = draw_distributions(metric_.name, parts[0].arms, result_.remarks);
      return parts;
    }
    // A picture of all steps together; what differs in it may be the steps.
    std::vector<std::string> of_steps_together;
    result_.distributions =
        draw_distributions(metric_.name, sample_arms(columns_), of_steps_together);
    return parts;
  }

  // A step's values count by its canary's size for both arms, so that their difference is that
  // within steps.
  template <class Part, class Value>
  static void set_values(const std::vector<Part>& parts, const Value& value, Evidence& evidence) {
    double size = 0;
    double baseline = 0;
    double canary = 0;
    for (const Part& part : parts) {
      const auto [weight, b, c] = value(part);
      const double counted = parts.size() == 1 ? 1.0 : weight;
      size += counted;
      baseline += counted * b;
      canary += counted * c;
    }
    evidence.baseline.value = baseline / size;
    evidence.canary.value = canary / size;
  }

  [[nodiscard]] Effect quantile_effect(const SampleArms& arms, double p, double dispersion,
                                       Evidence::Scale scale) const {
    return mode_ == Mode::fixed ? fixed_quantile(arms, p, dispersion, scale)
                                : sequential_quantile(arms, p, dispersion, scale);
  }

  void judge_samples() {
    const std::vector<SamplePart> parts = sample_parts();
    if (!by_quantile()) {
      judge_whole_samples(parts);
      return;
    }
    for (const std::optional<double>& quantile : quantiles()) judge_quantile(parts, *quantile);
  }

  void judge_quantile(const std::vector<SamplePart>& parts, double p) {
    Evidence evidence = entry(p);
    bool positive = true;
    set_values(
        parts,
        [&](const SamplePart& part) {
          const double b = sample_quantile(part.arms.baseline, p);
          positive = positive && b > 0;
          return std::tuple(static_cast<double>(part.arms.canary.size()), b,
                            sample_quantile(part.arms.canary, p));
        },
        evidence);
    const auto scaled = choose_scale(metric_.margin, positive);
    if (!scaled) {
      add(std::move(evidence), impossible(zero_baseline), {});
      return;
    }
    std::vector<Effect> effects;
    for (const SamplePart& part : parts) {
      const double middle =
          (sample_quantile(part.arms.baseline, p) + sample_quantile(part.arms.canary, p)) / 2;
      effects.push_back(
          quantile_effect(part.arms, p, sample_dispersion(part.columns, middle, p), scaled->scale));
      const bool waits = mode_ != Mode::fixed && has_times(part.columns);
      if (waits) wait_for_effective_size(effects.back());
    }
    add(std::move(evidence), join_steps(std::move(effects)), scaled);
  }

  void judge_whole_samples(const std::vector<SamplePart>& parts) {
    Evidence evidence = entry(std::nullopt);
    std::vector<WholeSampleTest> tests;
    bool relative_possible = true;
    set_values(
        parts,
        [&](const SamplePart& part) {
          tests.push_back(fixed_whole_sample(*metric_.test, part.arms));
          const WholeSampleTest& test = tests.back();
          relative_possible = relative_possible && test.relative_possible;
          return std::tuple(static_cast<double>(part.arms.canary.size()), test.baseline_value,
                            test.canary_value);
        },
        evidence);
    const auto scaled = choose_scale(metric_.margin, relative_possible);
    if (!scaled) {
      add(std::move(evidence), impossible(zero_baseline), {});
      return;
    }
    std::vector<Effect> effects;
    effects.reserve(tests.size());
    for (const WholeSampleTest& test : tests) effects.push_back(test.effect(scaled->scale));
    add(std::move(evidence), join_steps(std::move(effects)), scaled);
  }

  // The exposure column of both arms, or rows where neither has one.
  [[nodiscard]] std::optional<ColumnPair> exposure_columns() {
    if (metric_.exposure.empty()) return ColumnPair{};
    const ColumnPair pair{tables_.baseline.find(metric_.exposure),
                          tables_.canary.find(metric_.exposure)};
    if (pair.baseline && pair.canary) return pair;
    if (pair.baseline || pair.canary) return std::nullopt;
    result_.remarks.push_back(
        fmt::format("{}: there is no column \"{}\", so each row counts as one", metric_.name,
                    metric_.exposure));
    return ColumnPair{};
  }

  void judge_rate() {
    Evidence evidence = entry(std::nullopt);
    const std::optional<ColumnPair> exposure = exposure_columns();
    if (!exposure) {
      add(std::move(evidence),
          impossible(fmt::format("only one arm has the column \"{}\"", metric_.exposure)), {});
      return;
    }
    const RateArms arms = rate_arms(columns_, *exposure);
    fill_rate(arms, evidence);
    if (const std::string problem = rate_problem(arms); !problem.empty()) {
      add(std::move(evidence), impossible(problem), {});
      return;
    }
    // Evidence of a rise needs no baseline events, only an estimate of the ratio does.
    const bool positive = arms.baseline.events > 0 || !metric_.margin.absolute;
    const auto scaled = choose_scale(metric_.margin, positive);
    if (!scaled) {
      add(std::move(evidence), impossible("it has no margin"), {});
      return;
    }
    add(std::move(evidence), rate_effect(*exposure, scaled->scale), scaled);
  }

  [[nodiscard]] Effect rate_effect(const ColumnPair& exposure, Evidence::Scale scale) const {
    if (!steps_) return rate_effect_of(columns_, exposure, scale);
    std::vector<Effect> effects;
    for (const StepTables& step : *steps_) {
      const ColumnPair events{step.baseline.find(metric_.name), step.canary.find(metric_.name)};
      ColumnPair exposed;
      if (exposure.baseline) {
        exposed = {step.baseline.find(metric_.exposure), step.canary.find(metric_.exposure)};
      }
      if (rate_problem(rate_arms(events, exposed)).empty()) {
        effects.push_back(rate_effect_of(events, exposed, scale));
      }
    }
    return effects.empty() ? impossible("no step has exposure of both arms")
                           : join_steps(std::move(effects));
  }

  [[nodiscard]] Effect rate_effect_of(const ColumnPair& events, const ColumnPair& exposure,
                                      Evidence::Scale scale) const {
    const RateArms arms = rate_arms(events, exposure);
    const double dispersion = rate_dispersion(events, exposure);
    const EventLaw law =
        metric_.kind == MetricKind::ratio ? EventLaw::bernoulli : EventLaw::poisson;
    return mode_ == Mode::fixed ? fixed_rate(arms, metric_.test, law, dispersion, scale)
                                : sequential_rate(arms, law, dispersion, scale);
  }

  static void fill_rate(const RateArms& arms, Evidence& evidence) {
    const auto fill = [](const RateArm& arm, ArmSummary& summary) {
      summary.n = static_cast<std::int64_t>(arm.exposure);
      summary.events = arm.events;
      summary.exposure = arm.exposure;
      if (arm.exposure > 0) summary.value = arm.events / arm.exposure;
    };
    fill(arms.baseline, evidence.baseline);
    fill(arms.canary, evidence.canary);
  }

  [[nodiscard]] std::string rate_problem(const RateArms& arms) const {
    const auto problem = [this](const RateArm& arm) -> std::string {
      if (!(arm.exposure > 0)) return fmt::format("its exposure is {:g}", arm.exposure);
      if (arm.events < 0) return "its events are negative";
      if (metric_.kind == MetricKind::ratio && arm.events > arm.exposure) {
        return fmt::format("{:g} events of {:g} are no ratio; use kind: count", arm.events,
                           arm.exposure);
      }
      return {};
    };
    const std::string b = problem(arms.baseline);
    if (!b.empty()) return "baseline: " + b;
    const std::string c = problem(arms.canary);
    return c.empty() ? c : "canary: " + c;
  }

  void judge_gauge() {
    Evidence evidence = entry(std::nullopt);
    std::vector<GaugeArms> parts;
    for (const ColumnPair& columns : column_parts()) parts.push_back(gauge_arms(columns));
    const GaugeContrast gauges{std::span<const GaugeArms>(parts)};
    evidence.baseline.value = gauges.baseline_mean();
    evidence.canary.value = gauges.canary_mean();
    const auto scaled = choose_scale(metric_.margin, *evidence.baseline.value > 0);
    if (!scaled) {
      add(std::move(evidence), impossible(zero_baseline), {});
      return;
    }
    add(std::move(evidence), gauge_effect(parts, scaled->scale), scaled);
  }

  [[nodiscard]] Effect gauge_effect(const std::vector<GaugeArms>& parts,
                                    Evidence::Scale scale) const {
    if (mode_ != Mode::fixed) return sequential_gauge(parts, scale);
    if (metric_.test != FixedTest::bootstrap) return fixed_gauge(parts, scale);
    std::vector<Effect> effects;
    effects.reserve(parts.size());
    for (const GaugeArms& arms : parts) effects.push_back(bootstrap_gauge(arms, scale));
    return join_steps(std::move(effects));
  }

  const MetricPolicy& metric_;
  Mode mode_;
  ErrorShare share_;
  const TablePair& tables_;
  const Steps& steps_;
  ColumnPair columns_;
  MetricJudgement result_;
};

}  // namespace

MetricJudgement judge_metric(const MetricPolicy& metric, Mode mode, const ErrorBudget& budget,
                             const TablePair& tables, const Steps& steps) {
  return MetricJudge(metric, mode, budget, tables, steps).run();
}

}  // namespace haldane::analysis
