#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "analysis/kayenta/remote/request.h"
#include "config/json_field.h"
#include "config/json_text.h"
#include "config/problems.h"

namespace haldane::analysis::kayenta {
namespace {

using config::JsonField;

// Words that Kayenta does not know mean its default, silently; so they do here.
void read_words(const JsonField& canary, MetricRule& rule) {
  std::string word;
  if (canary["direction"].text(word)) {
    if (word == "increase") rule.direction = Direction::increase;
    if (word == "decrease") rule.direction = Direction::decrease;
  }
  if (canary["nanStrategy"].text(word) && word == "replace") {
    rule.nan_strategy = NanStrategy::replace;
  }
  if (canary["outliers"]["strategy"].text(word)) rule.remove_outliers = word == "remove";
  if (canary["effectSize"]["measure"].text(word) && word == "cles") {
    rule.measure = EffectMeasure::cles;
  }
}

void read_limits(const JsonField& effect, MetricConfig& metric) {
  const double none = metric.rule.measure == EffectMeasure::cles ? 0.5 : 1.0;
  EffectLimits& limits = metric.rule.limits;
  limits = {none, none, none, none};
  effect["allowedIncrease"].number(metric.allowed_increase);
  effect["allowedDecrease"].number(metric.allowed_decrease);
  limits.allowed_increase = metric.allowed_increase.value_or(none);
  limits.allowed_decrease = metric.allowed_decrease.value_or(none);
  effect["criticalIncrease"].number(limits.critical_increase);
  effect["criticalDecrease"].number(limits.critical_decrease);
}

void read_rule(const JsonField& canary, MetricConfig& metric) {
  if (canary.present() && !canary.is_object()) return;
  for (const char* part : {"outliers", "effectSize"}) static_cast<void>(canary[part].is_object());
  MetricRule& rule = metric.rule;
  read_words(canary, rule);
  canary["critical"].flag(rule.critical);
  canary["mustHaveData"].flag(rule.must_have_data);
  canary["muted"].flag(rule.muted);
  const JsonField factor = canary["outliers"]["outlierFactor"];
  if (factor.number(rule.outlier_factor) && rule.remove_outliers && !(rule.outlier_factor > 0)) {
    factor.fail("KAY-203", fmt::format("must be > 0, but was {}", rule.outlier_factor));
  }
  read_limits(canary["effectSize"], metric);
}

void read_metric(const JsonField& field, MetricConfig& metric) {
  if (!field.is_object()) return;
  field.required("name").text(metric.name);
  for (const JsonField& group : field["groups"].elements()) {
    std::string name;
    if (group.text(name)) metric.groups.push_back(std::move(name));
  }
  const JsonField configurations = field["analysisConfigurations"];
  if (configurations.present()) static_cast<void>(configurations.is_object());
  read_rule(configurations["canary"], metric);
}

void read_weights(const JsonField& weights, std::map<std::string, double>& out) {
  if (!weights.is_object()) return;
  for (const auto& [name, json] : weights.json()->items()) {
    double weight = 0;
    if (weights[name].number(weight)) out[name] = weight;
  }
}

void read_config(const JsonField& config, JudgeRequest& request,
                 std::map<std::string, std::size_t>& places) {
  if (!config.is_object()) return;
  for (const JsonField& field : config.required("metrics").elements()) {
    MetricConfig metric;
    read_metric(field, metric);
    if (!metric.name.empty() && !places.emplace(metric.name, request.metrics.size()).second) {
      field.fail("KAY-201", fmt::format("{} is configured twice", config::excerpt(metric.name)));
    }
    request.metrics.push_back(std::move(metric));
  }
  const JsonField classifier = config["classifier"];
  if (classifier.present()) static_cast<void>(classifier.is_object());
  read_weights(classifier["groupWeights"], request.group_weights);
}

void read_thresholds(const JsonField& field, Thresholds& out) {
  if (!field.is_object()) return;
  field.required("pass").number(out.pass);
  field.required("marginal").number(out.marginal);
}

// When the steps were, which Kayenta's rule does not ask and pairing by time does. No step:
// unknown.
void read_scope(const JsonField& scope, ArmSeries& arm) {
  double millis = 0;
  if (!scope.present() || !scope.is_object()) return;
  if (scope["startTimeMillis"].number(millis)) arm.start_s = millis / 1000;
  if (scope["stepMillis"].number(millis) && millis > 0) arm.step_s = millis / 1000;
}

void read_pair(const JsonField& field, const std::map<std::string, std::size_t>& places,
               MetricPair& pair) {
  if (!field.is_object()) return;
  const JsonField name = field.required("name");
  if (name.text(pair.name)) {
    const auto found = places.find(pair.name);
    if (found == places.end()) {
      name.fail("KAY-202", fmt::format("\"{}\" has no entry in canaryConfig.metrics",
                                       config::excerpt(pair.name)));
    } else {
      pair.config = found->second;
    }
  }
  if (field["id"].present()) pair.id = *field["id"].json();
  if (field["tags"].present()) pair.tags = *field["tags"].json();
  const JsonField values = field.required("values");
  if (values.present()) static_cast<void>(values.is_object());
  values.required("control").values(pair.control.values);
  values.required("experiment").values(pair.experiment.values);
  read_scope(field["scopes"]["control"], pair.control);
  read_scope(field["scopes"]["experiment"], pair.experiment);
}

void read_root(const JsonField& root, JudgeRequest& request) {
  if (!root.present()) root.fail("KAY-102", "must be an object, but was null");
  if (!root.is_object()) return;
  std::map<std::string, std::size_t> places;
  read_config(root.required("canaryConfig"), request, places);
  read_thresholds(root.required("scoreThresholds"), request.thresholds);
  for (const JsonField& field : root.required("metricSetPairList").elements()) {
    MetricPair pair;
    read_pair(field, places, pair);
    request.pairs.push_back(std::move(pair));
  }
}

}  // namespace

Parsed<JudgeRequest> read_judge_request(std::string_view text, const std::string& file) {
  const auto document = config::parse_json(text, file, "KAY");
  if (!document) return Unexpected{document.error()};
  config::JsonProblems problems(file, "KAY");
  JudgeRequest request;
  read_root(JsonField(&*document, "", &problems), request);
  if (!problems.empty()) return Unexpected{problems.take()};
  return request;
}

}  // namespace haldane::analysis::kayenta
