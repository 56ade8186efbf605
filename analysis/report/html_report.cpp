#include "analysis/report/html_report.h"

#include "analysis/report/html_sections.h"
#include "analysis/report/plot/svg.h"
#include "analysis/report/verdict_report.h"
#include "sim/base/check.h"

namespace haldane::analysis {
namespace {

std::string title_of(const RunResult* run, const Verdict* verdict) {
  std::string title = "haldane";
  if (verdict != nullptr) title += ": " + decision_name(verdict->decision);
  if (run != nullptr) title += ": " + run->scenario;
  return title;
}

}  // namespace

std::string section_title(const std::string& title) {
  return "<h2>" + plot::escape(title) + "</h2>\n";
}

std::string figure(const plot::LineChart& chart) {
  if (!plot::has_points(chart)) return "";
  return "<figure>\n<figcaption>" + plot::escape(chart.title) + "</figcaption>\n" +
         plot::render(chart) + "</figure>\n";
}

std::string html_page(const std::string& title, const std::string& body) {
  return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         // The browser itself then guarantees that the page loads nothing and runs nothing.
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
         "'unsafe-inline'\">\n<title>" +
         plot::escape(title) + "</title>\n<style>\n" + page_style() +
         "</style>\n</head>\n<body>\n<main>\n" + body + "</main>\n</body>\n</html>\n";
}

std::string html_report(const RunResult* run, const Verdict* verdict) {
  HALDANE_CHECK(run != nullptr || verdict != nullptr);
  std::string body;
  if (verdict != nullptr) body += verdict_section(*verdict);
  if (run != nullptr) body += run_section(*run);
  return html_page(title_of(run, verdict), body);
}

}  // namespace haldane::analysis
