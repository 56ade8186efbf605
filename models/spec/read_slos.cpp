// `slos`: what share of requests has to be good, over which window.
#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "config/quantity.h"
#include "models/spec/comparison.h"
#include "models/spec/metric_names.h"
#include "models/spec/sections.h"

namespace haldane::models {
namespace {

using config::Mapping;

void fail_good(const Value& value, const std::string& written) {
  value.fail("SCN-480",
             fmt::format("must be success or LATENCY < MILLISECONDS, but was \"{}\"",
                         config::excerpt(written)),
             "for example requests.latency_ms < 300");
}

void read_good(const Value& value, SloSpec& out) {
  if (!value.text(out.good) || out.good == "success") return;
  const auto comparison = split_comparison(out.good);
  const bool upper = comparison && (comparison->relation == ObjectiveSpec::Relation::less ||
                                    comparison->relation == ObjectiveSpec::Relation::less_equal);
  if (!upper) return fail_good(value, out.good);
  const auto limit = config::parse_number(comparison->bound);
  if (!limit || !(*limit > 0)) return fail_good(value, out.good);
  // A law of latencies has percentiles; what has none is no latency.
  if (!is_known_metric(value, comparison->metric + ".p99")) return;
  out.metric = comparison->metric;
  out.limit_ms = *limit;
}

void read_slo(const Value& value, SloSpec& out) {
  Mapping slo = value.mapping();
  const Value name = slo.required("name");
  if (name.text(out.name) && (out.name.empty() || out.name.size() > 100)) {
    name.fail("SCN-481", "must be 1 to 100 bytes long");
  }
  read_good(slo.required("good"), out);
  slo.required("target").share(out.target, config::inside(0.0, 1.0));
  slo.optional("window").duration(out.window,
                                  config::inside(Duration{}, ScenarioLimits::duration_max));
  slo.finish();
}

}  // namespace

void read_slos(const Value& value, std::vector<SloSpec>& out) {
  const std::vector<Value> elements = value.elements();
  if (elements.size() > ScenarioLimits::slos_max) {
    value.fail("CFG-107", fmt::format("must have at most {} elements, but has {}",
                                      ScenarioLimits::slos_max, elements.size()));
    return;
  }
  for (const Value& element : elements) read_slo(element, out.emplace_back());
}

}  // namespace haldane::models
