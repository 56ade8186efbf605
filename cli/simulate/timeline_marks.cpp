#include "cli/simulate/timeline_marks.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace haldane::cli {
namespace {

using Kind = models::TimelineEvent::Kind;

const char* tier_of(const models::TimelineEvent& event) {
  return event.tier == models::TimelineEvent::Tier::api ? "api" : "workers";
}

std::string some_of(const models::TimelineEvent& event) {
  return event.replicas > 0 ? fmt::format("{} ", event.replicas) : "";
}

// Of the edge's nodes.
std::string label_of_nodes(const models::TimelineEvent& event) {
  if (event.kind == Kind::nodes) return fmt::format("{} nodes", event.count);
  return fmt::format("warm-up of {}", event.count);
}

std::string label_of_load(const models::TimelineEvent& event) {
  const char* what = event.kind == Kind::surge  ? "surge"
                     : event.kind == Kind::ramp ? "ramp to"
                                                : "flash crowd";
  return fmt::format("{} x{:.3g}", what, event.factor);
}

std::string label_of(const models::TimelineEvent& event) {
  switch (event.kind) {
    case Kind::purge:
      return fmt::format("{}purge {:.3g} %", event.soft ? "soft " : "", 100 * event.share);
    case Kind::surge:
    case Kind::ramp:
    case Kind::flash_crowd:
      return label_of_load(event);
    case Kind::site_failure:
      return fmt::format("site {} lost", event.site.value_or(0));
    case Kind::replica_failure:
      return fmt::format("{} {} down", event.count, tier_of(event));
    case Kind::nodes:
    case Kind::warm_up:
      return label_of_nodes(event);
    case Kind::bad_release:
      return fmt::format("bad release on {:.3g} %", 100 * event.share);
    case Kind::slow_down:
      return fmt::format("{}{} x{:.3g} slower", some_of(event), tier_of(event), event.factor);
    case Kind::deploy:
      return "workers deployed";
    case Kind::rollback:
      return "canary rolled back";
    case Kind::packet_loss:
      return fmt::format("{:.3g} % of packets lost", 100 * event.probability);
    case Kind::failures:
      break;
  }
  return fmt::format("{} fail {:.3g} %", tier_of(event), 100 * event.probability);
}

}  // namespace

std::vector<analysis::TimelineMark> timeline_marks(const models::Scenario& scenario) {
  std::vector<analysis::TimelineMark> marks;
  const double end_s = scenario.duration.as_seconds();
  for (const models::TimelineEvent& event : scenario.timeline) {
    const double from_s = event.at.as_seconds();
    const bool moment = event.kind == Kind::purge || event.kind == Kind::deploy ||
                        event.kind == Kind::nodes || event.kind == Kind::warm_up;
    const bool crowd = event.kind == Kind::flash_crowd;
    const bool for_ever = event.lasting == Duration::max() && !crowd;
    const double to_s = moment     ? from_s
                        : for_ever ? end_s
                        : crowd ? std::min(end_s, from_s + (event.rise + event.decay).as_seconds())
                                : std::min(end_s, from_s + event.lasting.as_seconds());
    marks.push_back({from_s, to_s, label_of(event)});
  }
  return marks;
}

}  // namespace haldane::cli
