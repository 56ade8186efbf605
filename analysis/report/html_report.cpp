#include "analysis/report/html_report.h"

namespace haldane::analysis {

std::string html_report(const RunResult* run, const Verdict* verdict) {
  return run != nullptr || verdict != nullptr ? "<!doctype html>\n" : "";
}

}  // namespace haldane::analysis
