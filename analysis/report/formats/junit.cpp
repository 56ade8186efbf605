#include <algorithm>

#include <fmt/format.h>

#include "analysis/report/formats/pipeline_reports.h"
#include "analysis/report/formats/safe_text.h"
#include "analysis/report/number_format.h"
#include "analysis/report/verdict_report.h"

namespace haldane::analysis {
namespace {

std::string property(std::string_view name, std::string_view value) {
  return fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", xml_escape(name),
                     xml_escape(value));
}

std::string properties(const Verdict& verdict) {
  std::string xml = property("verdict", decision_name(verdict.decision));
  xml += property("score", fmt::format("{}", verdict.score));
  xml += property("alpha", fmt::format("{}", verdict.policy.alpha));
  xml += property("beta", fmt::format("{}", verdict.policy.beta));
  for (const InputFile& input : verdict.inputs) {
    xml += property("input", input.path);
    xml += property("input.sha256", input.sha256);
  }
  return "    <properties>\n" + xml + "    </properties>\n";
}

std::string number(const std::optional<double>& value) {
  return value ? fmt::format("{}", *value) : "-";
}

// Test cases may hold no properties, but every reader shows their output.
std::string numbers_of(const Evidence& e) {
  return fmt::format(
      "role: {}\nkind: {}\nmethod: {}\nbaseline: {} (n = {})\ncanary: {} (n = {})\n"
      "change: {} ({})\ninterval: {} .. {}\nmargin: {}\ndecision: {}\n",
      role_name(e.role), kind_name(e.kind), e.method, number(e.baseline.value), e.baseline.n,
      number(e.canary.value), e.canary.n, number(e.estimate),
      e.scale == Evidence::Scale::relative ? "relative" : "absolute", number(e.ci_low),
      number(e.ci_high), e.margin, outcome_name(e.outcome));
}

std::string state_element(const ReportEntry& entry) {
  const std::string type = entry.evidence ? outcome_name(entry.evidence->outcome) : "verdict";
  const std::string why = xml_escape(entry.why);
  switch (entry.state) {
    case EntryState::failed:
      return fmt::format("      <failure type=\"{}\" message=\"{}\">{}</failure>\n", type, why,
                         why);
    case EntryState::skipped:
      return fmt::format("      <skipped type=\"{}\" message=\"{}\"/>\n", type, why);
    case EntryState::passed:
      break;
  }
  return "";
}

std::string test_case(const ReportEntry& entry) {
  std::string xml =
      fmt::format("    <testcase classname=\"haldane.judge\" name=\"{}\" time=\"0\">\n",
                  xml_escape(entry.name));
  xml += state_element(entry);
  const std::string details =
      (entry.evidence ? numbers_of(*entry.evidence) : std::string()) + entry.why;
  return xml + "      <system-out>" + xml_escape(details) + "</system-out>\n    </testcase>\n";
}

}  // namespace

std::string verdict_junit(const Verdict& verdict) {
  const std::vector<ReportEntry> entries = report_entries(verdict);
  const auto count = [&entries](EntryState state) {
    return std::count_if(entries.begin(), entries.end(),
                         [=](const ReportEntry& entry) { return entry.state == state; });
  };
  const std::string totals =
      fmt::format("name=\"haldane.judge\" tests=\"{}\" failures=\"{}\" errors=\"0\" time=\"0\"",
                  entries.size(), count(EntryState::failed));
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites " + totals + ">\n";
  xml += fmt::format("  <testsuite {} skipped=\"{}\">\n", totals, count(EntryState::skipped));
  xml += properties(verdict);
  for (const ReportEntry& entry : entries) xml += test_case(entry);
  xml += "    <system-out>" + xml_escape(verdict_headline(verdict));
  for (const std::string& reason : verdict.reasons) xml += xml_escape("\n" + reason);
  return xml + "</system-out>\n  </testsuite>\n</testsuites>\n";
}

}  // namespace haldane::analysis
