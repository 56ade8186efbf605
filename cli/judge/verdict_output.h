// A verdict in the format that --format names, and the files that a GitHub job hands to its steps.
#pragma once

#include <string>
#include <vector>

#include "analysis/judge/verdict.h"
#include "analysis/report/text_table.h"
#include "cli/exit_code.h"

namespace haldane::cli {

/// What --format of a verdict may be: text (the default), json, junit, markdown, github,
/// openmetrics.
[[nodiscard]] const std::vector<std::string>& verdict_formats();

/// **Domain** `format` one of verdict_formats(). `style` is for text alone.
[[nodiscard]] std::string render_verdict(const analysis::Verdict& verdict,
                                         const std::string& format,
                                         const analysis::TextStyle& style);

/// Appends the Markdown report to the file that $GITHUB_STEP_SUMMARY names and the outputs to that
/// of $GITHUB_OUTPUT, where they are set; other steps write there too. **Errors** output_failed
/// after a message.
[[nodiscard]] ExitCode append_github_files(const analysis::Verdict& verdict);

}  // namespace haldane::cli
