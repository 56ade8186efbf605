#include <algorithm>

#include <fmt/format.h>

#include "analysis/report/html_sections.h"
#include "analysis/report/number_format.h"
#include "analysis/report/plot/svg.h"
#include "analysis/report/run_charts.h"
#include "analysis/report/run_report.h"

namespace haldane::analysis {
namespace {

using plot::escape;

std::string interval_words(const FormattedEstimate& text) {
  if (text.low.empty() && text.high.empty()) return "";
  if (text.low == text.value && text.high == text.value) return "exact";
  return fmt::format("{} .. {}", text.low.empty() ? "?" : text.low,
                     text.high.empty() ? "?" : text.high);
}

std::string tile(const RunResult& run, const char* name, const char* label) {
  for (const MetricEstimate& metric : run.metrics) {
    if (metric.name != name || !metric.value) continue;
    const FormattedEstimate text = format_estimate(metric);
    return fmt::format("<div class=\"tile\"><span>{}</span><b>{} {}</b><span>{}</span></div>\n",
                       label, text.value, escape(text.unit), escape(interval_words(text)));
  }
  return "";
}

std::string tiles(const RunResult& run) {
  return "<div class=\"tiles\">\n" + tile(run, "requests.rate_per_s", "requests") +
         tile(run, "requests.latency_ms.p50", "latency p50") +
         tile(run, "requests.latency_ms.p99", "latency p99") +
         tile(run, "requests.error_ratio", "errors") +
         tile(run, "edge.hit_ratio", "edge hit ratio") +
         tile(run, "api.utilization", "API utilization") +
         tile(run, "workers.lag_s.mean", "worker lag") + tile(run, "cost.per_hour", "cost") +
         "</div>\n";
}

std::string objective_list(const RunResult& run) {
  if (run.objectives.empty()) return "";
  std::string html = section_title("Objectives") + "<ul>\n";
  for (const ObjectiveResult& objective : run.objectives) {
    const char* css = !objective.met ? "warn" : *objective.met ? "good" : "bad";
    const char* word = !objective.met ? "no data" : *objective.met ? "met" : "missed";
    const std::string was = objective.value ? fmt::format(", is {:.4g}", *objective.value) : "";
    html += fmt::format("<li><b class=\"{}\">{}</b>: <code>{}</code>{}</li>\n", css, word,
                        escape(objective.expr), was);
  }
  return html + "</ul>\n";
}

std::string budget_list(const RunResult& run) {
  if (run.slos.empty()) return "";
  std::string html = section_title("Error budgets") + "<ul>\n";
  for (const SloResult& slo : run.slos) {
    const bool spent = slo.budget.burn_rate.value_or(0) > 1;
    html += fmt::format("<li><b class=\"{}\">{}</b></li>\n", spent ? "bad" : "good",
                        escape(budget_words(slo)));
  }
  return html + "</ul>\n";
}

std::string alert_list(const RunResult& run) {
  if (run.alerts.empty()) return "";
  std::string html = section_title("Alerts") +
                     "<div class=\"scroll\"><table>\n<thead><tr><th>severity</th><th>rule</th><th "
                     "class=\"n\">from</th><th class=\"n\">to</th></tr></thead>\n<tbody>\n";
  for (const Alert& alert : run.alerts) {
    html += fmt::format(
        "<tr><td class=\"bad\">{}</td><td><code>{}</code></td><td class=\"n\">{}</td><td "
        "class=\"n\">{}</td></tr>\n",
        escape(alert.severity), escape(alert.rule), format_seconds(alert.from_s),
        format_seconds(alert.to_s));
  }
  return html + "</tbody></table></div>\n";
}

std::string metric_table(const std::vector<MetricEstimate>& metrics) {
  std::string html =
      "<div class=\"scroll\"><table>\n<thead><tr><th>metric</th><th "
      "class=\"n\">value</th><th>unit</th>"
      "<th class=\"n\">95 % interval</th></tr></thead>\n<tbody>\n";
  std::string tier;
  for (const MetricEstimate& metric : metrics) {
    if (!metric.value) continue;
    const MetricWords words = metric_words(metric.name);
    if (words.tier != tier) {
      html +=
          fmt::format("<tr class=\"tier\"><th colspan=\"4\">{}</th></tr>\n", escape(words.tier));
    }
    tier = words.tier;
    const FormattedEstimate text = format_estimate(metric);
    html += fmt::format(
        "<tr><td>{}</td><td class=\"n\">{}</td><td>{}</td><td class=\"n\">{}</td></tr>\n",
        escape(words.name), text.value, escape(text.unit), interval_words(text));
  }
  return html + "</tbody>\n</table></div>\n";
}

std::string arm_table(const RunResult& run) {
  if (run.arms.empty()) return "";
  std::string html = section_title("Arms of the canary") +
                     "<div class=\"scroll\"><table>\n<thead><tr><th>metric</th>";
  for (const ArmResult& arm : run.arms)
    html += fmt::format("<th class=\"n\">{}</th>", escape(arm.name));
  html += "<th>unit</th></tr></thead>\n<tbody>\n";
  for (std::size_t i = 0; i < run.arms.front().metrics.size(); ++i) {
    const MetricEstimate& first = run.arms.front().metrics[i];
    if (!first.value) continue;
    html += fmt::format("<tr><td>{}</td>", escape(first.name));
    for (const ArmResult& arm : run.arms) {
      html += fmt::format("<td class=\"n\">{}</td>", format_estimate(arm.metrics[i]).value);
    }
    html += fmt::format("<td>{}</td></tr>\n", escape(format_estimate(first).unit));
  }
  return html + "</tbody>\n</table></div>\n";
}

std::string heading(const RunResult& run) {
  std::string html = fmt::format("<h1>{}</h1>\n<p class=\"meta\">", escape(run.scenario));
  html += fmt::format("{} simulated, {}{} left out as warm-up{}, {} replication{}, seed {}. ",
                      format_seconds(run.simulated_s), run.warmup_s > 0 ? "first " : "",
                      run.warmup_s > 0 ? format_seconds(run.warmup_s) : "nothing",
                      run.warmup_automatic ? " (MSER-5)" : "", run.replications,
                      run.replications == 1 ? "" : "s", run.seed);
  html += fmt::format("{} requests measured.", format_fixed(static_cast<double>(run.requests), 0));
  if (!run.digest.empty()) html += fmt::format(" Digest <code>{}</code>.", escape(run.digest));
  html += "</p>\n";
  if (run.partial) {
    html += fmt::format("<p class=\"warn\">{}</p>\n", partial_words(run));
  }
  if (run.warmup_doubtful) {
    html +=
        "<p class=\"warn\">Doubtful warm-up: the run settles in its second half or never.</p>\n";
  }
  for (const std::string& note : run.notes) html += "<p class=\"meta\">" + escape(note) + "</p>\n";
  return html;
}

}  // namespace

std::string run_section(const RunResult& run) {
  std::string html =
      heading(run) + tiles(run) + objective_list(run) + budget_list(run) + alert_list(run);
  html += section_title("Over time") + "<div class=\"figures\">\n";
  for (const plot::LineChart& chart : charts_over_time(run)) html += figure(chart);
  html += figure(percentile_ladder(run)) + "</div>\n";
  html += arm_table(run);
  return html + section_title("All metrics") + metric_table(run.metrics);
}

}  // namespace haldane::analysis
