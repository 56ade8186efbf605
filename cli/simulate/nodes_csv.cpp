#include "cli/simulate/nodes_csv.h"

#include <iterator>

#include <fmt/format.h>

namespace haldane::cli {
namespace {

std::uint32_t slots_of(const models::Plan& plan, const models::NodeName& name) {
  if (name.worker) return plan.scenario.workers->concurrency;
  return plan.api[name.canary ? 1 : 0].concurrency;
}

void append_node(std::string& text, const models::Plan& plan, const models::NodeSeries& node) {
  const models::NodeName& name = node.name;
  const std::string title = fmt::format("{},{},{},{}", name.worker ? "workers" : "api",
                                        name.worker ? "" : std::to_string(name.cell),
                                        name.canary ? "canary" : "baseline", name.number);
  const auto& bounds = plan.grid.bin_bounds;
  for (std::size_t bin = 0; bin < plan.grid.bins(); ++bin) {
    const auto width = static_cast<double>((bounds[bin + 1] - bounds[bin]).count_ns());
    fmt::format_to(std::back_inserter(text), "{},{},{},{:.6g},{:.6g},{:.6g}\n", title,
                   bounds[bin].as_seconds(), bounds[bin + 1].as_seconds(),
                   static_cast<double>(node.busy_ns[bin]) / (width * slots_of(plan, name)),
                   static_cast<double>(node.inside_ns[bin]) / width,
                   static_cast<double>(node.served[bin]) * 1e9 / width);
  }
}

}  // namespace

std::string nodes_csv(const models::Plan& plan, std::span<const models::NodeSeries> nodes) {
  std::string text = "tier,cell,release,node,from_s,to_s,cpu,in_flight,served_per_s\n";
  for (const models::NodeSeries& node : nodes) append_node(text, plan, node);
  return text;
}

}  // namespace haldane::cli
