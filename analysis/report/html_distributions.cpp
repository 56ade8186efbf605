// The two distributions quantile by quantile: the shift function and a percentile ladder, from the
// same curves and bands as the picture of the distributions.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "analysis/report/html_sections.h"
#include "analysis/report/number_format.h"
#include "analysis/report/plot/svg.h"
#include "analysis/report/verdict_report.h"

namespace haldane::analysis {
namespace {

using Number = std::optional<double>;
using Curve = std::vector<EcdfPoint>;

/// The smallest drawn value whose `share` reaches `probability`, or nothing.
Number first_reaching(const Curve& curve, double EcdfPoint::* share, double probability) {
  const auto found = std::find_if(curve.begin(), curve.end(), [=](const EcdfPoint& point) {
    return point.*share >= probability - 1e-12;
  });
  return found == curve.end() ? std::nullopt : Number(found->value);
}

/// The largest drawn value that is still below the quantile whatever the band allows: curves are
/// thinned, so the value that first reaches it may be too large.
Number last_below(const Curve& curve, double probability) {
  Number below;
  for (const EcdfPoint& point : curve) {
    if (point.band_high >= probability) break;
    below = point.value;
  }
  return below;
}

struct Quantile {
  Number value;
  Number low;   ///< empty = not bounded by the data
  Number high;  ///< likewise
};

Quantile quantile_of(const Curve& curve, double probability) {
  return {first_reaching(curve, &EcdfPoint::probability, probability),
          last_below(curve, probability), first_reaching(curve, &EcdfPoint::band_low, probability)};
}

plot::Line shift_line(const EcdfPair& pair) {
  plot::Line line;
  line.name = "canary - baseline";
  line.color = 2;
  for (int percent = 1; percent <= 99; ++percent) {
    const Quantile b = quantile_of(pair.baseline, percent / 100.0);
    const Quantile c = quantile_of(pair.canary, percent / 100.0);
    if (!b.value || !c.value) continue;
    line.points.push_back({static_cast<double>(percent), *c.value - *b.value});
    if (!b.low || !b.high || !c.low || !c.high) continue;
    line.band.push_back({static_cast<double>(percent), *c.low - *b.high, *c.high - *b.low});
  }
  return line;
}

std::string ladder_row(const EcdfPair& pair, double probability) {
  const Number b = quantile_of(pair.baseline, probability).value;
  const Number c = quantile_of(pair.canary, probability).value;
  if (!b || !c) return "";
  const std::string change =
      *b > 0 ? format_change(*c / *b - 1, Evidence::Scale::relative) : std::string("-");
  return fmt::format(
      "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
      quantile_name(probability), format_plain(*b), format_plain(*c), change);
}

}  // namespace

std::string shift_figure(const EcdfPair& pair) {
  plot::LineChart chart;
  chart.title = "Shift of " + pair.name + " by percentile";
  chart.description =
      "Canary minus baseline at each percentile, with a band that holds at every look where the "
      "data bound both arms.";
  chart.x_label = "percentile";
  chart.y_label = "shift";
  chart.lines = {shift_line(pair)};
  return figure(chart);
}

std::string percentile_ladder(const EcdfPair& pair) {
  constexpr std::array<double, 7> steps = {0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99};
  std::string rows;
  for (const double probability : steps) rows += ladder_row(pair, probability);
  if (rows.empty()) return "";
  return section_title("Percentiles of " + pair.name) +
         "<div class=\"scroll\"><table>\n<thead><tr><th>percentile</th><th "
         "class=\"n\">baseline</th><th class=\"n\">canary</th><th class=\"n\">change</th></tr>"
         "</thead>\n<tbody>\n" +
         rows + "</tbody>\n</table></div>\n";
}

}  // namespace haldane::analysis
