#include "cli/simulate/nodes_csv.h"

#include <iterator>
#include <optional>

#include <fmt/format.h>

namespace haldane::cli {
namespace {

std::uint32_t slots_of(const models::Plan& plan, const models::NodeName& name) {
  if (name.worker) return plan.scenario.workers->concurrency;
  return plan.api[name.canary ? 1 : 0].concurrency;
}

const std::optional<models::MemorySpec>& memory_of(const models::Plan& plan, bool worker) {
  return worker ? plan.scenario.workers->memory : plan.scenario.api->memory;
}

// Empty where the scenario does not say what a node takes.
std::string memory_text(const std::optional<models::MemorySpec>& memory, double in_flight) {
  if (!memory) return "";
  return fmt::format(
      "{:.0f}", static_cast<double>(memory->base) + static_cast<double>(memory->each) * in_flight);
}

// Likewise.
std::string rows_text(const models::Plan& plan, bool worker, double served_per_s) {
  if (!worker || plan.scenario.workers->rows_per_job == 0) return "";
  return fmt::format("{:.6g}",
                     served_per_s * static_cast<double>(plan.scenario.workers->rows_per_job));
}

void append_node(std::string& text, const models::Plan& plan, const models::NodeSeries& node) {
  const models::NodeName& name = node.name;
  const std::string title = fmt::format("{},{},{},{}", name.worker ? "workers" : "api",
                                        name.worker ? "" : std::to_string(name.cell),
                                        name.canary ? "canary" : "baseline", name.number);
  const auto& bounds = plan.grid.bin_bounds;
  const auto& memory = memory_of(plan, name.worker);
  for (std::size_t bin = 0; bin < plan.grid.bins(); ++bin) {
    const auto width = static_cast<double>((bounds[bin + 1] - bounds[bin]).count_ns());
    const double in_flight = static_cast<double>(node.inside_ns[bin]) / width;
    const double served = static_cast<double>(node.served[bin]) * 1e9 / width;
    fmt::format_to(std::back_inserter(text), "{},{},{},{:.6g},{:.6g},{:.6g},{},{}\n", title,
                   bounds[bin].as_seconds(), bounds[bin + 1].as_seconds(),
                   static_cast<double>(node.busy_ns[bin]) / (width * slots_of(plan, name)),
                   in_flight, served, memory_text(memory, in_flight),
                   rows_text(plan, name.worker, served));
  }
}

}  // namespace

std::string nodes_csv(const models::Plan& plan, std::span<const models::NodeSeries> nodes) {
  std::string text =
      "tier,cell,release,node,from_s,to_s,cpu,in_flight,served_per_s,memory_bytes,rows_per_s\n";
  for (const models::NodeSeries& node : nodes) append_node(text, plan, node);
  return text;
}

}  // namespace haldane::cli
