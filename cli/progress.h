// A progress line on standard error: how far, how fast, how long still.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace haldane::cli {

/// How far a run is. **Units** simulated seconds over all replications.
struct Progress {
  double done_s = 0;
  double total_s = 0;
  std::uint32_t replications_done = 0;
  std::uint32_t replications = 0;
};

/// "[#####     ]  50 %  3 of 6 runs  120x real time  12 s left", at most `width` columns.
/// **Domain** elapsed_s >= 0. The time left is shown once a second has passed.
[[nodiscard]] std::string progress_line(const Progress& progress, double elapsed_s, int width);

/// Redraws the line a few times a second, and removes it in the end. Does nothing unless standard
/// error is a terminal.
class ProgressBar {
 public:
  ProgressBar();
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  void show(const Progress& progress);

 private:
  bool enabled_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace haldane::cli
