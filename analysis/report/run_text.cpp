#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "analysis/report/number_format.h"
#include "analysis/report/run_report.h"

namespace haldane::analysis {
namespace {

/// Drops the unit from a contract name ("latency_ms" -> "latency"): it has a column of its own.
std::string without_unit(std::string name) {
  static constexpr std::array<const char*, 6> suffixes = {"_per_s", "_per_hour", "_ms",
                                                          "_s",     "_mib",      "_ratio"};
  for (const std::string suffix : suffixes) {
    const bool ends = name.size() > suffix.size() && name.ends_with(suffix);
    if (!ends) continue;
    name.erase(name.size() - suffix.size());
    break;
  }
  return name;
}

std::string warmup_words(const RunResult& result) {
  if (result.warmup_s == 0) {
    return result.warmup_automatic ? "no warm-up needed (MSER-5)" : "no warm-up";
  }
  return fmt::format("first {} left out{}", format_seconds(result.warmup_s),
                     result.warmup_automatic ? " (MSER-5)" : "");
}

std::string heading(const RunResult& result, const TextStyle& style) {
  const std::string what = fmt::format(
      "{} simulated, {}, {} replication{}, seed {}", format_seconds(result.simulated_s),
      warmup_words(result), result.replications, result.replications == 1 ? "" : "s", result.seed);
  std::string cost =
      fmt::format("{} requests measured, {} events in {} on {} thread{}",
                  format_fixed(static_cast<double>(result.requests), 0),
                  format_short(static_cast<double>(result.events)), format_seconds(result.wall_s),
                  result.threads, result.threads == 1 ? "" : "s");
  return emphasize(fit_text(result.scenario, style.width), Emphasis::bold, style) + "\n" +
         fold_text(what, style.width, 0) + "\n" + fold_text(cost, style.width, 0) + "\n" +
         (result.digest.empty() ? "" : fit_text("digest " + result.digest, style.width) + "\n");
}

std::string interval_words(const FormattedEstimate& estimate) {
  const bool exact = estimate.low == estimate.value && estimate.high == estimate.value;
  if (exact || (estimate.low.empty() && estimate.high.empty())) return "";
  return fmt::format("{} .. {}", estimate.low.empty() ? "?" : estimate.low,
                     estimate.high.empty() ? "?" : estimate.high);
}

TextTable metric_table(const std::vector<MetricEstimate>& metrics) {
  TextTable table({{"", false, 0},
                   {"value", true, 0},
                   {"", false, 1},
                   {"95 % interval", true, 2},
                   {"+/-", true, 3}});
  std::string tier;
  for (const MetricEstimate& metric : metrics) {
    const MetricWords words = metric_words(metric.name);
    if (words.tier != tier) table.add_group(words.tier);
    tier = words.tier;
    const FormattedEstimate text = format_estimate(metric);
    table.add_row({words.name, text.value, text.value == "-" ? "" : text.unit, interval_words(text),
                   interval_words(text).empty() ? "" : text.relative});
  }
  return table;
}

/// Tiers that the scenario does not have are named once instead of being tables of dashes, and what
/// a tier does not have (a shield, hedges) is no row of its table.
std::vector<MetricEstimate> present(const std::vector<MetricEstimate>& metrics,
                                    std::string& absent) {
  std::vector<MetricEstimate> kept;
  std::vector<std::string> empty_tiers;
  for (const MetricEstimate& metric : metrics) {
    const std::string tier = metric_words(metric.name).tier;
    const bool any = std::any_of(metrics.begin(), metrics.end(), [&](const MetricEstimate& other) {
      return other.value && metric_words(other.name).tier == tier;
    });
    if (metric.value) {
      kept.push_back(metric);
    } else if (!any &&
               std::find(empty_tiers.begin(), empty_tiers.end(), tier) == empty_tiers.end()) {
      empty_tiers.push_back(tier);
    }
  }
  if (!empty_tiers.empty())
    absent = fmt::format("Nothing measured: {}.", fmt::join(empty_tiers, ", "));
  return kept;
}

/// What is worth a row although it is zero; else that nothing happened is said in one line for all.
bool is_told_at_zero(const std::string& metric) {
  static constexpr std::array<std::string_view, 6> groups = {
      "wait_ms", "latency_ms", "queue_depth", ".replicas", ".lag_s", "cost."};
  static constexpr std::array<std::string_view, 6> single = {"rate_per_s",      ".error_ratio",
                                                             ".hit_ratio",      ".utilization",
                                                             ".rejected_ratio", ".dead_letters"};
  return std::any_of(
             groups.begin(), groups.end(),
             [&](std::string_view part) { return metric.find(part) != std::string::npos; }) ||
         std::any_of(single.begin(), single.end(),
                     [&](std::string_view end) { return metric.ends_with(end); });
}

bool never_happened(const MetricEstimate& metric) {
  return *metric.value == 0 && metric.ci_low.value_or(0) == 0 && metric.ci_high.value_or(0) == 0 &&
         !is_told_at_zero(metric.name);
}

/// Takes the rows of what never happened out of `metrics`. **Returns** their names, by tier.
std::string take_zeros(std::vector<MetricEstimate>& metrics, const TextStyle& style) {
  std::string names;
  std::string tier;
  for (const MetricEstimate& metric : metrics) {
    if (!never_happened(metric)) continue;
    const MetricWords words = metric_words(metric.name);
    if (!names.empty()) names += words.tier == tier ? ", " : "; ";
    if (words.tier != tier) names += words.tier + " ";
    names += words.name;
    tier = words.tier;
  }
  std::erase_if(metrics, never_happened);
  return names.empty() ? "" : fold_text("At zero: " + names + ".", style.width, 2) + "\n";
}

std::string objective_lines(const RunResult& result, const TextStyle& style) {
  if (result.objectives.empty()) return "";
  std::string text = "\n" + emphasize("objectives", Emphasis::bold, style) + "\n";
  for (const ObjectiveResult& objective : result.objectives) {
    const bool met = objective.met.value_or(false);
    const std::string word = !objective.met ? "no data" : met ? "met" : "missed";
    const Emphasis emphasis = !objective.met ? Emphasis::warn
                              : met          ? Emphasis::good
                                             : Emphasis::bad;
    const std::string was = objective.value ? fmt::format("  (is {:.4g})", *objective.value) : "";
    text += "  " + emphasize(fmt::format("{:<8}", word), emphasis, style) +
            fit_text(objective.expr + was, std::max(8, style.width - 10)) + "\n";
  }
  return text;
}

std::string slo_lines(const RunResult& result, const TextStyle& style) {
  if (result.slos.empty()) return "";
  std::string text = "\n" + emphasize("error budgets", Emphasis::bold, style) + "\n";
  for (const SloResult& slo : result.slos)
    text += "  " + fold_text(budget_words(slo), style.width - 2, 4) + "\n";
  return text;
}

/// At most so many firings are listed; a rule that flaps fires hundreds of times.
constexpr std::size_t alerts_listed = 20;

std::string alert_lines(const RunResult& result, const TextStyle& style) {
  if (result.alerts.empty()) return "";
  std::string text = "\n" + emphasize("alerts", Emphasis::bold, style) + "\n";
  const std::size_t listed = std::min(result.alerts.size(), alerts_listed);
  for (std::size_t i = 0; i < listed; ++i) {
    const Alert& alert = result.alerts[i];
    const std::string line = fmt::format("{:<8}{}  {} .. {}", alert.severity, alert.rule,
                                         format_seconds(alert.from_s), format_seconds(alert.to_s));
    text += "  " + fold_text(line, style.width - 2, 10) + "\n";
  }
  if (listed < result.alerts.size())
    text += fmt::format("  and {} more\n", result.alerts.size() - listed);
  return text;
}

/// Both arms side by side: what a canary run is looked at for.
std::string arm_table(const RunResult& result, const TextStyle& style) {
  if (result.arms.empty()) return "";
  std::vector<TextTable::Column> columns = {{"arms", false, 0}};
  for (const ArmResult& arm : result.arms) columns.push_back({arm.name, true, 0});
  columns.push_back({"", false, 1});
  TextTable table(columns);
  for (std::size_t i = 0; i < result.arms.front().metrics.size(); ++i) {
    const MetricEstimate& first = result.arms.front().metrics[i];
    const bool headline = first.name == "requests.error_ratio" ||
                          first.name.starts_with("requests.latency_ms") ||
                          first.name == "api.utilization" || first.name == "workers.dead_letters" ||
                          first.name.ends_with("queue_depth.mean");
    if (!headline || !first.value) continue;
    std::vector<std::string> cells = {first.name};
    for (const ArmResult& arm : result.arms) cells.push_back(format_estimate(arm.metrics[i]).value);
    cells.push_back(format_estimate(first).unit);
    table.add_row(std::move(cells));
  }
  return "\n" + table.render(style);
}

}  // namespace

std::string budget_words(const SloResult& slo) {
  const ErrorBudget& budget = slo.budget;
  const std::string head = fmt::format("{}: {:.6g} % {}", slo.name, 100 * slo.target, slo.good);
  if (!budget.burn_rate) return head + ": nothing was measured";
  std::string text =
      fmt::format("{}: {:.4g} % bad, burn rate {:.3g}, {:.3g} % of the budget of {} spent", head,
                  100 * *budget.bad_ratio, *budget.burn_rate, 100 * *budget.budget_used,
                  format_seconds(slo.window_s));
  const bool too_short = std::any_of(budget.burns.begin(), budget.burns.end(),
                                     [](const BurnOutcome& burn) { return !burn.worst; });
  if (too_short) text += " (the run is too short for some of its alerts)";
  return text;
}

std::string partial_words(const RunResult& result) {
  const PartialRun& asked = *result.partial;
  if (asked.cut) {
    return fmt::format(
        "PARTIAL: stopped by a signal after {} of {}; no replication had finished, so this is the "
        "beginning of {} of {}.",
        format_seconds(result.simulated_s), format_seconds(asked.asked_s), result.replications,
        asked.asked_replications);
  }
  return fmt::format(
      "PARTIAL: stopped by a signal; {} of {} replications had finished, and only they count.",
      result.replications, asked.asked_replications);
}

MetricWords metric_words(const std::string& metric) {
  const std::size_t dot = metric.find('.');
  if (dot == std::string::npos) return {"", metric};
  std::string name = metric.substr(dot + 1);
  const std::size_t second = name.find('.');
  const std::string statistic = second == std::string::npos ? "" : " " + name.substr(second + 1);
  name = without_unit(name.substr(0, second)) + statistic;
  std::replace(name.begin(), name.end(), '_', ' ');
  return {metric.substr(0, dot), name};
}

std::string run_text(const RunResult& result, const TextStyle& style) {
  std::string absent;
  std::vector<MetricEstimate> metrics = present(result.metrics, absent);
  const std::string zeros = take_zeros(metrics, style);
  std::string text = heading(result, style);
  if (result.partial) {
    text +=
        emphasize(fold_text(partial_words(result), style.width, 0), Emphasis::warn, style) + "\n";
  }
  text += "\n" + metric_table(metrics).render(style) + zeros;
  if (!absent.empty()) text += fold_text(absent, style.width, 2) + "\n";
  text += arm_table(result, style) + objective_lines(result, style) + slo_lines(result, style) +
          alert_lines(result, style);
  if (result.warmup_doubtful) {
    text += "\n" +
            fold_text(
                "Doubtful warm-up: the run settles in its second half or never. Make it longer, or "
                "state the warm-up.",
                style.width, 0) +
            "\n";
  }
  for (const std::string& note : result.notes) text += "\n" + fold_text(note, style.width, 2);
  if (!result.notes.empty()) text += "\n";
  return text;
}

}  // namespace haldane::analysis
