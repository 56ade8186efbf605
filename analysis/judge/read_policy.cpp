#include "analysis/judge/read_policy.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "config/load.h"
#include "config/quantity.h"
#include "config/value.h"

namespace haldane::analysis {
namespace {

using config::Mapping;
using config::Value;

constexpr std::string_view schema_name = "haldane.policy/1";

void read_schema(const Value& value) {
  std::string schema;
  if (value.text(schema) && schema != schema_name) {
    value.fail("POL-101",
               fmt::format("must be {}, but was \"{}\"", schema_name, config::excerpt(schema)));
  }
}

void read_mode(const Value& value, Mode& out) {
  value.choice<Mode>(
      out, {{"sequential", Mode::sequential}, {"fixed", Mode::fixed}, {"kayenta", Mode::kayenta}});
}

void read_step(const Value& value, JudgePolicy& policy) {
  Mapping mapping = value.mapping();
  CanaryStep step;
  const Value after = mapping.required("after");
  if (after.seconds(step.after_s, config::at_least(0.0))) {
    const bool first = policy.steps.empty();
    if (first && step.after_s > 0) after.fail("POL-107", "the first step must begin at 0s");
    if (!first && !(step.after_s > policy.steps.back().after_s)) {
      after.fail("POL-107", "must be later than the step before it");
    }
  }
  mapping.required("canary_share").share(step.canary_share, config::inside(0.0, 1.0));
  mapping.finish();
  policy.steps.push_back(step);
}

void read_steps(const Value& value, JudgePolicy& policy) {
  for (const Value& element : value.elements()) read_step(element, policy);
  if (!value.present()) return;
  if (policy.mode == Mode::kayenta) {
    value.fail("POL-108", "Kayenta knows no steps", "write mode: sequential or fixed");
  }
  if (policy.share_stated) {
    value.fail("POL-109", "each step has its own canary_share, so that of the policy has no place");
  }
}

void read_pre_period(const Value& value, JudgePolicy& policy) {
  value.seconds(policy.pre_period_s, config::at_least(0.0));
  if (value.present() && policy.mode == Mode::kayenta) {
    value.fail("POL-110", "Kayenta knows no pre-period", "write mode: sequential or fixed");
  }
}

void read_horizon(const Value& value, JudgePolicy& policy) {
  value.seconds(policy.horizon_s, config::positive<double>());
  if (value.present() && policy.mode != Mode::sequential) {
    value.fail("POL-111", "belongs to mode sequential only", "write mode: sequential");
  }
}

void read_multiplicity(const Value& value, JudgePolicy& policy) {
  value.choice<Multiplicity>(
      policy.multiplicity,
      {{"holm", Multiplicity::holm}, {"benjamini_hochberg", Multiplicity::benjamini_hochberg}});
  if (value.present() && policy.mode != Mode::fixed) {
    value.fail("POL-106", "belongs to mode fixed only", "write mode: fixed");
  }
}

void read_score(const Value& value, Mode mode, ScoreThresholds& out) {
  if (!value.present()) return;
  if (mode != Mode::kayenta) {
    value.fail("POL-102", "belongs to mode kayenta only", "write mode: kayenta");
  }
  Mapping score = value.mapping();
  score.optional("pass").number(out.pass, config::between(0.0, 100.0));
  score.optional("marginal").number(out.marginal, config::between(0.0, 100.0));
  if (value.is_mapping() && out.pass < out.marginal) {
    value.fail("POL-105", fmt::format("pass must be at least marginal, but {:g} is below {:g}",
                                      out.pass, out.marginal));
  }
  score.finish();
}

// "p99" or "p99.9" as a probability.
std::optional<double> parse_quantile(std::string_view text) {
  if (text.size() < 2 || text.front() != 'p') return std::nullopt;
  const auto percent = config::parse_share(std::string(text.substr(1)) + "%");
  if (!percent || !(percent.value() > 0) || !(percent.value() < 1)) return std::nullopt;
  return percent.value();
}

void read_quantiles(const Value& value, std::vector<double>& out) {
  for (const Value& element : value.elements()) {
    std::string text;
    if (!element.text(text)) continue;
    const auto quantile = parse_quantile(text);
    if (!quantile) {
      element.fail("POL-201",
                   fmt::format("must be a quantile between p0 and p100, but was \"{}\"",
                               config::excerpt(text)),
                   "write p50, p99 or p99.9");
    } else if (std::find(out.begin(), out.end(), *quantile) != out.end()) {
      element.fail("POL-202", fmt::format("{} is there twice", text));
    } else {
      out.push_back(*quantile);
    }
  }
  if (value.present() && out.empty() && value.node().is_sequence() && value.node().items.empty()) {
    value.fail("POL-203", "must name at least one quantile");
  }
}

void read_margin(const Value& value, Margin& out) {
  if (!value.present()) return;
  Mapping margin = value.mapping();
  const Value relative = margin.optional("relative");
  const Value absolute = margin.optional("absolute");
  double number = 0;
  if (relative.share(number, config::at_least(0.0))) out.relative = number;
  if (absolute.share(number, config::at_least(0.0))) out.absolute = number;
  if (value.is_mapping() && !relative.present() && !absolute.present()) {
    value.fail("POL-204", "must hold relative, absolute or both");
  }
  margin.finish();
}

// A key that belongs to another kind of metric.
void refuse(const Value& value, bool allowed, std::string_view kinds) {
  if (value.present() && !allowed) {
    value.fail("POL-205", fmt::format("belongs to metrics of kind {} only", kinds));
  }
}

bool test_fits(FixedTest test, MetricKind kind) {
  switch (test) {
    case FixedTest::mann_whitney:
    case FixedTest::welch:
    case FixedTest::ks:
    case FixedTest::quantile:
      return kind == MetricKind::samples;
    case FixedTest::two_proportion:
    case FixedTest::fisher:
      return kind == MetricKind::ratio;
    case FixedTest::poisson_rate:
      return kind == MetricKind::ratio || kind == MetricKind::count;
    case FixedTest::bootstrap:
      return kind == MetricKind::samples || kind == MetricKind::gauge;
  }
  return false;
}

void read_test(const Value& value, Mode mode, MetricPolicy& metric) {
  FixedTest test{};
  if (!value.choice<FixedTest>(test, {{"mann_whitney", FixedTest::mann_whitney},
                                      {"welch", FixedTest::welch},
                                      {"ks", FixedTest::ks},
                                      {"two_proportion", FixedTest::two_proportion},
                                      {"fisher", FixedTest::fisher},
                                      {"poisson_rate", FixedTest::poisson_rate},
                                      {"quantile", FixedTest::quantile},
                                      {"bootstrap", FixedTest::bootstrap}})) {
    return;
  }
  metric.test = test;
  if (mode != Mode::fixed) {
    value.fail("POL-206", "a test is chosen in mode fixed only", "write mode: fixed");
  } else if (!test_fits(test, metric.kind)) {
    value.fail("POL-207", "does not fit this kind of metric",
               "samples: mann_whitney, welch, ks, quantile, bootstrap; ratio: two_proportion, "
               "fisher, poisson_rate; count: poisson_rate; gauge: bootstrap");
  } else if (test == FixedTest::bootstrap && metric.from_pre_period) {
    value.fail("POL-210", "does not go with adjust: pre_period");
  } else if ((test == FixedTest::fisher || test == FixedTest::poisson_rate) &&
             metric.margin.absolute && !metric.margin.relative) {
    value.fail("POL-208", "compares by ratio, so it needs a relative margin");
  }
}

void read_exposure(Mapping& mapping, MetricPolicy& metric) {
  const Value of = mapping.optional("of");
  const Value per = mapping.optional("per");
  refuse(of, metric.kind == MetricKind::ratio, "ratio");
  refuse(per, metric.kind == MetricKind::count, "count");
  of.text(metric.exposure);
  per.text(metric.exposure);
}

void read_adjustment(Mapping& mapping, const JudgePolicy& policy, MetricPolicy& metric) {
  const Value adjust = mapping.optional("adjust");
  const Value covariate = mapping.optional("covariate");
  refuse(covariate, metric.kind == MetricKind::gauge, "gauge");
  adjust.choice<bool>(metric.from_pre_period, {{"pre_period", true}});
  if (metric.from_pre_period && !(policy.pre_period_s > 0)) {
    adjust.fail("POL-211", "needs a pre_period in the policy", "write pre_period: 15m");
  }
  if (metric.from_pre_period && metric.kind != MetricKind::gauge && policy.mode == Mode::fixed) {
    adjust.fail("POL-214", "is for gauges in mode fixed", "write mode: sequential");
  }
  if (covariate.text(metric.covariate) && !adjust.present()) {
    covariate.fail("POL-212", "is fitted in the pre-period", "write adjust: pre_period beside it");
  }
  if (metric.covariate == metric.name && covariate.present()) {
    covariate.fail("POL-213", "must be another column than the metric");
  }
}

void read_unhealthy_above(const Value& value, MetricPolicy& metric) {
  refuse(value, metric.kind == MetricKind::ratio, "ratio");
  double limit = 0;
  if (value.share(limit, config::inside(0.0, 1.0))) metric.unhealthy_above = limit;
}

void read_metric(const Value& value, const JudgePolicy& policy, MetricPolicy& metric) {
  Mapping mapping = value.mapping();
  const Value name = mapping.required("name");
  if (name.text(metric.name) && metric.name.empty()) name.fail("POL-209", "must not be empty");
  mapping.required("kind").choice<MetricKind>(metric.kind, {{"samples", MetricKind::samples},
                                                            {"ratio", MetricKind::ratio},
                                                            {"count", MetricKind::count},
                                                            {"gauge", MetricKind::gauge}});
  mapping.optional("worse").choice<Worse>(
      metric.worse,
      {{"higher", Worse::higher}, {"lower", Worse::lower}, {"either", Worse::either}});
  const Value quantiles = mapping.optional("quantiles");
  refuse(quantiles, metric.kind == MetricKind::samples, "samples");
  read_quantiles(quantiles, metric.quantiles);
  read_exposure(mapping, metric);
  read_margin(mapping.optional("margin"), metric.margin);
  mapping.optional("role").choice<Role>(metric.role, {{"critical", Role::critical},
                                                      {"guardrail", Role::guardrail},
                                                      {"informational", Role::informational}});
  read_adjustment(mapping, policy, metric);
  read_unhealthy_above(mapping.optional("unhealthy_above"), metric);
  read_test(mapping.optional("test"), policy.mode, metric);
  mapping.finish();
}

// A metric may be listed again (another quantile, another margin), but only as another kind of
// entry; the same entry twice would spend the error budget twice for nothing.
bool same_entry(const MetricPolicy& a, const MetricPolicy& b) {
  return a.name == b.name && a.kind == b.kind && a.quantiles == b.quantiles && a.test == b.test;
}

void read_metrics(const Value& value, JudgePolicy& policy) {
  const std::vector<Value> elements = value.elements();
  if (value.present() && value.node().is_sequence() && elements.empty()) {
    value.fail("POL-103", "must name at least one metric");
  }
  for (const Value& element : elements) {
    MetricPolicy metric;
    read_metric(element, policy, metric);
    const bool twice =
        std::any_of(policy.metrics.begin(), policy.metrics.end(),
                    [&metric](const MetricPolicy& other) { return same_entry(metric, other); });
    if (twice && !metric.name.empty()) {
      element.fail("POL-104",
                   fmt::format("{} is judged the same way twice", config::excerpt(metric.name)));
    }
    policy.metrics.push_back(std::move(metric));
  }
}

void read_root(Mapping root, JudgePolicy& policy) {
  read_schema(root.required("schema"));
  read_mode(root.optional("mode"), policy.mode);
  root.optional("alpha").share(policy.alpha, config::above_to(0.0, 0.5));
  root.optional("beta").share(policy.beta, config::above_to(0.0, 0.5));
  const Value share = root.optional("canary_share");
  share.share(policy.canary_share, config::inside(0.0, 1.0));
  policy.share_stated = share.present();
  read_pre_period(root.optional("pre_period"), policy);
  read_horizon(root.optional("horizon"), policy);
  read_steps(root.optional("steps"), policy);
  read_multiplicity(root.optional("multiplicity"), policy);
  read_score(root.optional("score"), policy.mode, policy.score);
  read_metrics(root.required("metrics"), policy);
  root.finish();
}

}  // namespace

Parsed<JudgePolicy> read_policy(std::string_view text, const std::string& file) {
  config::Problems problems;
  JudgePolicy policy;
  const config::Node root = config::load_document(text, file, {}, {}, problems);
  if (root.is_mapping()) read_root(config::Value(&root, "", &problems).mapping(), policy);
  if (!problems.empty()) return Unexpected{problems.take()};
  return policy;
}

}  // namespace haldane::analysis
