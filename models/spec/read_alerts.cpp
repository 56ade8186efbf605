// `alerts`: "api.error_ratio > 1% for 5m -> P1", what somebody would be woken for.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "config/quantity.h"
#include "models/spec/comparison.h"
#include "models/spec/metric_names.h"
#include "models/spec/sections.h"

namespace haldane::models {
namespace {

constexpr std::string_view form_hint =
    "for example api.error_ratio > 1% for 5m -> P1, or workers.queue_depth > 1.5 x baseline -> P1";

void fail_form(const Value& value, const std::string& rule) {
  value.fail("SCN-611",
             fmt::format("must be METRIC > BOUND [for DURATION] -> SEVERITY, but was \"{}\"",
                         config::excerpt(rule)),
             std::string(form_hint));
}

/// What stands after the last `mark`; cuts it off `text`. **Returns** nothing where there is no
/// mark.
std::optional<std::string_view> cut_after(std::string_view& text, std::string_view mark) {
  const std::size_t at = text.rfind(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = trim(text.substr(at + mark.size()));
  text = trim(text.substr(0, at));
  return rest;
}

bool is_severity(std::string_view text) {
  return !text.empty() && text.size() <= 40 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

/// "1.5 x baseline" or "baseline": cuts the words off. **Returns** whether they were there.
bool cut_baseline(std::string_view& bound) {
  constexpr std::string_view word = "baseline";
  if (!bound.ends_with(word)) return false;
  bound = trim(bound.substr(0, bound.size() - word.size()));
  if (bound.empty()) {
    bound = "1";
  } else if (bound.back() == 'x' || bound.back() == '*') {
    bound = trim(bound.substr(0, bound.size() - 1));
  }
  return true;
}

/// A queue depth without a statistic is its mean over each moment of the series.
std::string with_statistic(const std::string& metric) {
  const std::vector<std::string>& names = metric_names();
  const std::string mean = metric + ".mean";
  return std::find(names.begin(), names.end(), mean) != names.end() ? mean : metric;
}

bool read_bound(const Value& value, std::string_view text, AlertSpec& out) {
  out.of_baseline = cut_baseline(text);
  const auto number = out.of_baseline ? config::parse_number(text) : parse_bound(out.metric, text);
  if (!number || (out.of_baseline && *number <= 0)) {
    value.fail("SCN-611",
               number
                   ? fmt::format("the factor of the baseline must be above 0, but was {}", *number)
                   : fmt::format("the bound {}", number.error().message),
               std::string(form_hint));
    return false;
  }
  out.bound = *number;
  return true;
}

bool read_lasting(const Value& value, std::string_view text, AlertSpec& out) {
  const auto lasting = config::parse_duration(text);
  if (lasting && *lasting >= Duration{}) {
    out.lasting = *lasting;
    return true;
  }
  value.fail("SCN-611",
             lasting ? std::string("\"for\" must be a duration of at least 0")
                     : fmt::format("the duration after \"for\" {}", lasting.error().message),
             std::string(form_hint));
  return false;
}

std::optional<AlertSpec> read_alert(const Value& value) {
  AlertSpec out;
  if (!value.text(out.rule)) return std::nullopt;
  std::string_view text = out.rule;
  const auto severity = cut_after(text, "->");
  const auto lasting = cut_after(text, " for ");
  const auto comparison = split_comparison(text);
  if (!severity || !is_severity(*severity) || !comparison) {
    fail_form(value, out.rule);
    return std::nullopt;
  }
  out.severity = *severity;
  out.metric = with_statistic(comparison->metric);
  out.relation = comparison->relation;
  const bool known = is_known_metric(value, out.metric);
  const bool timed = !lasting || read_lasting(value, *lasting, out);
  if (!known || !timed || !read_bound(value, comparison->bound, out)) return std::nullopt;
  if (out.metric.ends_with(".max")) {
    value.fail("SCN-612",
               fmt::format("{} is one number of the whole run, not a series", out.metric),
               fmt::format("use {}mean", out.metric.substr(0, out.metric.size() - 3)));
    return std::nullopt;
  }
  return out;
}

}  // namespace

void read_alerts(const Value& value, std::vector<AlertSpec>& out) {
  const std::vector<Value> elements = value.elements();
  if (elements.size() > ScenarioLimits::alerts_max) {
    value.fail("CFG-107", fmt::format("must have at most {} elements, but has {}",
                                      ScenarioLimits::alerts_max, elements.size()));
    return;
  }
  for (const Value& element : elements) {
    if (auto alert = read_alert(element)) out.push_back(std::move(*alert));
  }
}

}  // namespace haldane::models
