// The parts of the page that html_report puts together.
#pragma once

#include <string>

#include "analysis/estimate/run_result.h"
#include "analysis/judge/verdict.h"
#include "analysis/report/plot/line_chart.h"

namespace haldane::analysis {

/// The verdict, why, the forest of metrics, the two distributions, inputs.
[[nodiscard]] std::string verdict_section(const Verdict& verdict);

/// Key numbers, objectives, pictures over time, percentile ladder, all metrics.
[[nodiscard]] std::string run_section(const RunResult& run);

/// Canary minus baseline at each percentile, with its band; nothing for empty arms.
[[nodiscard]] std::string shift_figure(const EcdfPair& pair);

/// Each entry's change and e-value, look by look; nothing where the verdict holds no series.
[[nodiscard]] std::string over_time_figures(const Verdict& verdict);

/// Both arms at p10 to p99 as a table; nothing for empty arms.
[[nodiscard]] std::string percentile_ladder(const EcdfPair& pair);

/// A picture with its caption, or nothing when the chart has no points.
[[nodiscard]] std::string figure(const plot::LineChart& chart);

/// A whole self-contained document around `body`, in the style of page_style(); the title is
/// escaped here. It names no other resource and runs no script.
[[nodiscard]] std::string html_page(const std::string& title, const std::string& body);

/// "<h2>title</h2>".
[[nodiscard]] std::string section_title(const std::string& title);

/// Palette, layout and the classes that the pictures use; light and dark.
[[nodiscard]] std::string page_style();

}  // namespace haldane::analysis
