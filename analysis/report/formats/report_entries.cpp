#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "analysis/report/formats/pipeline_reports.h"
#include "analysis/report/number_format.h"
#include "analysis/report/verdict_report.h"

namespace haldane::analysis {
namespace {

// Beyond its margin without a rollback happens under a score that still passes (mode kayenta).
EntryState state_of(const Evidence& evidence, Decision decision) {
  switch (evidence.outcome) {
    case Evidence::Outcome::beyond_margin:
      return decision == Decision::rollback ? EntryState::failed : EntryState::skipped;
    case Evidence::Outcome::undecided:
      return EntryState::skipped;
    case Evidence::Outcome::within_margin:
    case Evidence::Outcome::reported:
      break;
  }
  return EntryState::passed;
}

EntryState state_of(Decision decision) {
  if (decision == Decision::rollback) return EntryState::failed;
  return decision == Decision::promote ? EntryState::passed : EntryState::skipped;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

}  // namespace

std::vector<ReportEntry> report_entries(const Verdict& verdict) {
  std::vector<ReportEntry> entries;
  std::map<std::string, int> seen;
  for (const Evidence& evidence : verdict.metrics) {
    std::string name = evidence_name(evidence);
    if (const int times = ++seen[name]; times > 1) name += fmt::format(" ({})", times);
    entries.push_back(
        {&evidence, state_of(evidence, verdict.decision), std::move(name), evidence.reason});
  }
  const EntryState wanted = state_of(verdict.decision);
  const bool shown = std::any_of(entries.begin(), entries.end(),
                                 [=](const ReportEntry& entry) { return entry.state == wanted; });
  if (!shown) entries.push_back({nullptr, wanted, "verdict", joined(verdict.reasons)});
  return entries;
}

std::string verdict_headline(const Verdict& verdict) {
  std::string name = decision_name(verdict.decision);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char letter) { return static_cast<char>(letter - 32); });
  return fmt::format("{} (score {} of 100)", name, format_fixed(verdict.score, 0));
}

}  // namespace haldane::analysis
