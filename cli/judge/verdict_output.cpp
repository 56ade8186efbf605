#include "cli/judge/verdict_output.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string_view>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "analysis/report/formats/pipeline_reports.h"
#include "analysis/report/verdict_report.h"
#include "cli/command.h"

namespace haldane::cli {
namespace {

// **Returns** why it failed, or nothing.
std::optional<std::string> write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return std::strerror(errno);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return std::nullopt;
}

std::optional<std::string> append(const char* path, std::string_view text) {
  const int descriptor = ::open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) return std::strerror(errno);
  std::optional<std::string> problem = write_all(descriptor, text);
  if (::close(descriptor) != 0 && !problem) problem = std::strerror(errno);
  return problem;
}

// To the file that the variable names, or nowhere.
ExitCode append_to(const char* variable, std::string_view text) {
  const char* path = std::getenv(variable);
  if (path == nullptr || *path == '\0') return ExitCode::success;
  const auto problem = append(path, text);
  if (!problem) return ExitCode::success;
  return fail(ExitCode::output_failed,
              fmt::format("{}: {} could not be written: {}", variable, path, *problem));
}

}  // namespace

const std::vector<std::string>& verdict_formats() {
  static const std::vector<std::string> names = {"text",     "json",   "junit",
                                                 "markdown", "github", "openmetrics"};
  return names;
}

std::string render_verdict(const analysis::Verdict& verdict, const std::string& format,
                           const analysis::TextStyle& style) {
  if (format == "json") return analysis::verdict_json(verdict);
  if (format == "junit") return analysis::verdict_junit(verdict);
  if (format == "markdown") return analysis::verdict_markdown(verdict);
  if (format == "github") return analysis::verdict_github(verdict);
  if (format == "openmetrics") return analysis::verdict_openmetrics(verdict);
  return analysis::verdict_text(verdict, style);
}

ExitCode append_github_files(const analysis::Verdict& verdict) {
  const ExitCode written =
      append_to("GITHUB_STEP_SUMMARY", analysis::verdict_markdown(verdict) + "\n");
  if (written != ExitCode::success) return written;
  return append_to("GITHUB_OUTPUT", analysis::verdict_github_outputs(verdict));
}

}  // namespace haldane::cli
