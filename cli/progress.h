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
  double restored_s = 0;     ///< of done_s, from a checkpoint: it cost no time
  std::uint64_t events = 0;  ///< simulated by this process
  std::uint32_t replications_done = 0;
  std::uint32_t replications = 0;
};

/// "50 %  12 s left  5 min of 10 min  3 of 6 runs  8.1 M events/s  30x real time  [#####     ]",
/// the most wanted first: what does not fit into `width` columns is left out from the right.
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
  /// Makes room for a message.
  void erase();

 private:
  bool enabled_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace haldane::cli
