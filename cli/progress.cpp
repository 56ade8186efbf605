#include "cli/progress.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "analysis/report/number_format.h"
#include "cli/output.h"
#include "cli/terminal.h"

namespace haldane::cli {
namespace {

constexpr int bar_width = 24;
constexpr const char* erase_line = "\r\x1b[K";

std::string bar(double share) {
  const auto filled = static_cast<std::size_t>(std::floor(share * bar_width));
  return "[" + std::string(filled, '#') + std::string(bar_width - filled, ' ') + "]";
}

}  // namespace

std::string progress_line(const Progress& progress, double elapsed_s, int width) {
  const double share =
      progress.total_s > 0 ? std::clamp(progress.done_s / progress.total_s, 0.0, 1.0) : 0.0;
  std::string line = fmt::format("{} {:3.0f} %", bar(share), std::floor(100 * share));
  if (progress.replications > 1) {
    line += fmt::format("  {} of {} runs", progress.replications_done, progress.replications);
  }
  if (elapsed_s > 0 && share > 0) {
    line += fmt::format("  {}x real time",
                        analysis::format_short(std::round(progress.done_s / elapsed_s)));
  }
  if (elapsed_s >= 1 && share > 0) {
    line += fmt::format("  {} left",
                        analysis::format_seconds(std::round(elapsed_s * (1 - share) / share)));
  }
  return analysis::fit_text(line, width);
}

ProgressBar::ProgressBar()
    : enabled_(progress_is_welcome()), start_(std::chrono::steady_clock::now()) {}

ProgressBar::~ProgressBar() {
  if (drawn_) write_message(erase_line);
}

void ProgressBar::show(const Progress& progress) {
  if (!enabled_) return;
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
  // One column is left free: some terminals wrap when the last one is written.
  write_message(erase_line + progress_line(progress, elapsed.count(), message_width() - 1));
  drawn_ = true;
}

}  // namespace haldane::cli
