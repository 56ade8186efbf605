#include "cli/simulate/nodes_csv.h"

#include <iterator>
#include <optional>

#include <fmt/format.h>

namespace haldane::cli {
namespace {

using Tier = models::NodeName::Tier;

std::uint32_t slots_of(const models::Plan& plan, const models::NodeName& name) {
  if (name.tier == Tier::workers) return plan.scenario.workers->concurrency;
  return plan.api[name.canary ? 1 : 0].concurrency;
}

const std::optional<models::MemorySpec>& memory_of(const models::Plan& plan, Tier tier) {
  return tier == Tier::workers ? plan.scenario.workers->memory : plan.scenario.api->memory;
}

// Empty where the scenario does not say what a node takes.
std::string memory_text(const std::optional<models::MemorySpec>& memory, double in_flight) {
  if (!memory) return "";
  return fmt::format(
      "{:.0f}", static_cast<double>(memory->base) + static_cast<double>(memory->each) * in_flight);
}

// Likewise.
std::string rows_text(const models::Plan& plan, Tier tier, double served_per_s) {
  if (tier != Tier::workers || plan.scenario.workers->rows_per_job == 0) return "";
  return fmt::format("{:.6g}",
                     served_per_s * static_cast<double>(plan.scenario.workers->rows_per_job));
}

std::string title_of(const models::NodeName& name) {
  constexpr const char* names[] = {"api", "workers", "edge"};
  return fmt::format("{},{},{},{}", names[static_cast<std::size_t>(name.tier)],
                     name.tier == Tier::workers ? "" : std::to_string(name.cell),
                     name.canary ? "canary" : "baseline", name.number);
}

// What a node did in a bin: all columns behind the times, of one that works.
std::string work_of(const models::Plan& plan, const models::NodeSeries& node, std::size_t bin,
                    double width_ns) {
  const double in_flight = static_cast<double>(node.inside_ns[bin]) / width_ns;
  const double served = static_cast<double>(node.served[bin]) * 1e9 / width_ns;
  return fmt::format(
      "{:.6g},{:.6g},{:.6g},{},{},",
      static_cast<double>(node.busy_ns[bin]) / (width_ns * slots_of(plan, node.name)), in_flight,
      served, memory_text(memory_of(plan, node.name.tier), in_flight),
      rows_text(plan, node.name.tier, served));
}

// Likewise of one that looks things up. Nobody asked: no ratio.
std::string hits_of(const models::NodeSeries& node, std::size_t bin, double width_ns) {
  const auto hits = static_cast<double>(node.served[bin]);
  const auto all = static_cast<double>(node.looked_up[bin]);
  return fmt::format(",,{:.6g},,,{}", hits * 1e9 / width_ns,
                     all > 0 ? fmt::format("{:.6g}", hits / all) : "");
}

void append_node(std::string& text, const models::Plan& plan, const models::NodeSeries& node) {
  const std::string title = title_of(node.name);
  const auto& bounds = plan.grid.bin_bounds;
  for (std::size_t bin = 0; bin < plan.grid.bins(); ++bin) {
    const auto width = static_cast<double>((bounds[bin + 1] - bounds[bin]).count_ns());
    fmt::format_to(
        std::back_inserter(text), "{},{},{},{}\n", title, bounds[bin].as_seconds(),
        bounds[bin + 1].as_seconds(),
        node.name.tier == Tier::edge ? hits_of(node, bin, width) : work_of(plan, node, bin, width));
  }
}

}  // namespace

std::string nodes_csv(const models::Plan& plan, std::span<const models::NodeSeries> nodes) {
  std::string text =
      "tier,cell,release,node,from_s,to_s,cpu,in_flight,served_per_s,memory_bytes,rows_per_s,"
      "hit_ratio\n";
  for (const models::NodeSeries& node : nodes) append_node(text, plan, node);
  return text;
}

}  // namespace haldane::cli
