#include "cli/progress.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "analysis/report/number_format.h"
#include "cli/output.h"
#include "cli/terminal.h"

namespace haldane::cli {
namespace {

constexpr int bar_width = 20;
constexpr const char* erase_line = "\r\x1b[K";

std::string bar(double share) {
  const auto filled = static_cast<std::size_t>(std::floor(share * bar_width));
  return "[" + std::string(filled, '#') + std::string(bar_width - filled, ' ') + "]";
}

/// How much of the total is done, from 0 to 1.
double share_of(double done, double total) {
  return total > 0 ? std::clamp(done / total, 0.0, 1.0) : 0.0;
}

std::vector<std::string> parts_of(const Progress& progress, double elapsed_s) {
  const double share = share_of(progress.done_s, progress.total_s);
  const double simulated_s = progress.done_s - progress.restored_s;
  std::vector<std::string> parts = {fmt::format("{:3.0f} %", std::floor(100 * share))};
  if (elapsed_s >= 1 && simulated_s > 0) {
    const double left_s = (progress.total_s - progress.done_s) * elapsed_s / simulated_s;
    parts.push_back(analysis::format_seconds(std::round(std::max(0.0, left_s))) + " left");
  }
  if (progress.total_s > 0) {
    parts.push_back(fmt::format("{} of {}", analysis::format_seconds(std::round(progress.done_s)),
                                analysis::format_seconds(progress.total_s)));
  }
  if (progress.replications > 1) {
    parts.push_back(
        fmt::format("{} of {} runs", progress.replications_done, progress.replications));
  }
  if (elapsed_s > 0 && progress.events > 0) {
    const double speed = std::round(static_cast<double>(progress.events) / elapsed_s);
    parts.push_back(analysis::format_short(speed) + " events/s");
  }
  if (elapsed_s > 0 && simulated_s > 0) {
    parts.push_back(analysis::format_short(std::round(simulated_s / elapsed_s)) + "x real time");
  }
  parts.push_back(bar(share));
  return parts;
}

}  // namespace

std::string progress_line(const Progress& progress, double elapsed_s, int width) {
  std::string line;
  for (const std::string& part : parts_of(progress, elapsed_s)) {
    const std::string longer = line.empty() ? part : line + "  " + part;
    if (longer.size() > static_cast<std::size_t>(std::max(0, width))) break;
    line = longer;
  }
  return line;
}

ProgressBar::ProgressBar()
    : enabled_(progress_is_welcome()), start_(std::chrono::steady_clock::now()) {}

ProgressBar::~ProgressBar() {
  erase();
}

void ProgressBar::erase() {
  if (drawn_) write_message(erase_line);
  drawn_ = false;
}

void ProgressBar::show(const Progress& progress) {
  if (!enabled_) return;
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
  // One column is left free: some terminals wrap when the last one is written.
  write_message(erase_line + progress_line(progress, elapsed.count(), message_width() - 1));
  drawn_ = true;
}

}  // namespace haldane::cli
