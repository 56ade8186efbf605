#include <algorithm>

#include <fmt/format.h>

#include "analysis/report/formats/pipeline_reports.h"
#include "analysis/report/formats/safe_text.h"
#include "analysis/report/verdict_report.h"

namespace haldane::analysis {
namespace {

// GitHub shows ten annotations of a level a step; the verdict itself is the first.
constexpr std::size_t entries_max = 9;
// Messages beyond 4 KiB are cut by GitHub somewhere; these are cut at a character.
constexpr std::size_t message_characters_max = 1000;
constexpr std::size_t name_characters_max = 200;

std::string_view level_of(Decision decision) {
  if (decision == Decision::rollback) return "error";
  return decision == Decision::promote ? "notice" : "warning";
}

std::string command(std::string_view level, const std::string& title, const std::string& message) {
  return fmt::format("::{} title={}::{}\n", level,
                     workflow_property(shorten(title, name_characters_max)),
                     workflow_message(shorten(message, message_characters_max)));
}

// What the decision rests on: failures of a rollback, and the critical entries that are still open.
bool has_decided(const ReportEntry& entry, Decision decision) {
  if (entry.evidence == nullptr || entry.evidence->role == Role::informational) return false;
  if (decision == Decision::rollback) return entry.state == EntryState::failed;
  return decision == Decision::inconclusive && entry.state == EntryState::skipped &&
         entry.evidence->role == Role::critical;
}

// A delimiter that no line of the value is, chosen without chance: the value is known.
std::string delimiter_for(const std::string& value) {
  std::string delimiter = "HALDANE_END";
  while (value.find(delimiter) != std::string::npos) delimiter += "_";
  return delimiter;
}

}  // namespace

std::string verdict_github(const Verdict& verdict) {
  const std::string_view level = level_of(verdict.decision);
  const std::string title = "haldane " + decision_name(verdict.decision);
  std::string first = verdict_headline(verdict);
  for (const std::string& reason : verdict.reasons) first += "\n" + reason;
  std::string text = command(level, title, first);
  std::size_t written = 0;
  for (const ReportEntry& entry : report_entries(verdict)) {
    if (written == entries_max || !has_decided(entry, verdict.decision)) continue;
    text += command(level, title + ": " + entry.name, entry.why);
    ++written;
  }
  return text;
}

std::string verdict_github_outputs(const Verdict& verdict) {
  const auto truth = [](bool value) { return value ? "true" : "false"; };
  std::string reasons;
  for (const std::string& reason : verdict.reasons) {
    std::string line = clean_text(reason);
    std::replace_if(line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    reasons += line + "\n";
  }
  const std::string delimiter = delimiter_for(reasons);
  return fmt::format("verdict={}\nscore={}\npassed={}\nfailed={}\nreasons<<{}\n{}{}\n",
                     decision_name(verdict.decision), verdict.score,
                     truth(verdict.decision == Decision::promote),
                     truth(verdict.decision == Decision::rollback), delimiter, reasons, delimiter);
}

}  // namespace haldane::analysis
