#include "models/spec/read_scenario.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "config/load.h"
#include "config/value.h"
#include "models/spec/check_scenario.h"
#include "models/spec/read_law.h"
#include "models/spec/sections.h"

namespace haldane::models {
namespace {

using config::Mapping;

constexpr std::string_view schema_name = "haldane.scenario/1";

config::LoadOptions load_options(const config::FileReader& files) {
  config::LoadOptions options;
  options.allow_extends = true;
  options.files = files;
  options.alternatives = law_names();
  return options;
}

void read_schema(const Value& value) {
  std::string schema;
  if (value.text(schema) && schema != schema_name) {
    value.fail("SCN-101",
               fmt::format("must be {}, but was \"{}\"", schema_name, config::excerpt(schema)));
  }
}

void read_name(const Value& value, std::string& out) {
  if (!value.text(out)) return;
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  const bool good =
      !out.empty() && out.size() <= 100 && std::all_of(out.begin(), out.end(), is_plain);
  if (!good) {
    value.fail("SCN-102", "must be 1 to 100 letters, digits, dots, hyphens and underscores");
  }
}

void read_run(Mapping& root, Scenario& out) {
  read_schema(root.required("schema"));
  read_name(root.required("name"), out.name);
  root.optional("description").text(out.description);
  root.required("duration")
      .duration(out.duration,
                config::from_below(ScenarioLimits::duration_min, ScenarioLimits::duration_max));
  const Value warmup = root.optional("warmup");
  Duration fixed;
  if (!warmup.is_word("auto") &&
      warmup.duration(fixed, config::from_below(Duration{}, ScenarioLimits::duration_max))) {
    out.warmup = fixed;
  }
  root.optional("seed").seed(out.seed);
  root.optional("replications").count(out.replications, 1, 100'000);
}

void read_root(Mapping root, const config::FileReader& files, Scenario& out) {
  read_run(root, out);
  read_traffic(root.required("traffic"), files, out.traffic);
  read_edge(root.optional("edge"), files, out.edge);
  read_links(root.optional("links"), out.links);
  read_api(root.optional("api"), files, out.api);
  read_workers(root.optional("workers"), files, out.workers);
  read_timeline(root.optional("timeline"), files, out.timeline);
  read_faults(root.optional("faults"), files, out.faults);
  read_canary(root.optional("canary"), files, out.canary);
  read_cost(root.optional("cost"), out.cost);
  read_objectives(root.optional("objectives"), out.objectives);
  read_alerts(root.optional("alerts"), out.alerts);
  read_slos(root.optional("slos"), out.slos);
  root.finish();
}

/// Room for the one-hit wonders of a catalogue: as many as a site will probably ask for and a tenth
/// more; beyond that the oldest are asked for again, long after every cache forgot them.
void make_room_for_once(ObjectsSpec& objects, double requests) {
  if (objects.once_share <= 0) return;
  const double once = 1.1 * requests * objects.once_share + 1'000;
  const auto most = static_cast<double>(ScenarioLimits::objects_max - objects.count);
  objects.once_objects = static_cast<std::uint32_t>(std::min(once, most));
  objects.count += objects.once_objects;
}

void count_objects(Scenario& scenario) {
  TrafficSpec& traffic = scenario.traffic;
  if (traffic.arrivals.trace) {
    traffic.arrivals.rate_per_s /= scenario.edge ? scenario.edge->sites : 1;
    return;
  }
  double weight = traffic.arrivals.sites.empty() ? 1 : 0;
  for (const SiteTrafficSpec& site : traffic.arrivals.sites) weight = std::max(weight, site.weight);
  const double requests = traffic.arrivals.rate_per_s * weight * scenario.duration.as_seconds();
  make_room_for_once(traffic.objects, requests);
  for (TrafficClassSpec& each : traffic.classes)
    make_room_for_once(each.objects, requests * each.share);
  count_classes(traffic);
}

/// What follows from the rest once it is known to be good.
void settle(Scenario& scenario) {
  std::ranges::stable_sort(scenario.timeline, {}, &TimelineEvent::at);
  if (scenario.workers) return;
  // Jobs that nobody takes leave the system; the draws that decide about them are not needed.
  if (scenario.api) scenario.api->enqueue_probability = 0;
  if (scenario.canary) scenario.canary->api.enqueue_probability.reset();
}

}  // namespace

Scenario read_scenario_into(config::Problems& problems, std::string_view text,
                            const std::string& name, std::span<const std::string> overrides,
                            const config::FileReader& files) {
  Scenario scenario;
  const config::Node root =
      config::load_document(text, name, overrides, load_options(files), problems);
  if (!root.is_mapping()) return scenario;
  read_root(config::Value(&root, "", &problems).mapping(), files, scenario);
  count_objects(scenario);
  check_scenario(scenario, root, problems);
  settle(scenario);
  return scenario;
}

Parsed<Scenario> read_scenario(std::string_view text, const std::string& name,
                               std::span<const std::string> overrides,
                               const config::FileReader& files) {
  config::Problems problems;
  Scenario scenario = read_scenario_into(problems, text, name, overrides, files);
  if (!problems.empty()) return Unexpected{problems.take()};
  return scenario;
}

Parsed<Scenario> load_scenario(const std::string& path, std::span<const std::string> overrides) {
  const auto content = config::read_file(path, config::DocumentLimits{}.bytes_max);
  if (!content) return Unexpected{Diagnostics{content.error().to_diagnostic()}};
  return read_scenario(*content, path, overrides, config::read_file);
}

}  // namespace haldane::models
