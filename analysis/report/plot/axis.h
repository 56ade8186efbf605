// Axes: from values to pixels, and the round numbers at which to put ticks.
#pragma once

#include <string>
#include <vector>

namespace haldane::analysis::plot {

enum class AxisKind { linear, logarithmic };

struct Tick {
  double value = 0;
  std::string label;
};

class Axis {
 public:
  /// **Domain** finite values; a range without width is widened, and a logarithmic one that reaches
  /// 0 is cut at a millionth of its end.
  Axis(AxisKind kind, double low, double high, double pixel_low, double pixel_high);

  [[nodiscard]] double to_pixel(double value) const;
  [[nodiscard]] double low() const { return low_; }
  [[nodiscard]] double high() const { return high_; }
  [[nodiscard]] AxisKind kind() const { return kind_; }

  /// Widens the range to the next round numbers.
  void widen_to_ticks();
  /// Round numbers within the range, about `wanted` of them.
  [[nodiscard]] std::vector<Tick> ticks(int wanted = 5) const;

 private:
  AxisKind kind_;
  double low_;
  double high_;
  double pixel_low_;
  double pixel_high_;
};

/// 1, 2 or 5 times a power of ten, so that about `wanted` steps fill the range. **Domain** range >
/// 0.
[[nodiscard]] double round_step(double range, int wanted);

/// "0", "250", "1.5k", "2M", "0.05": as many digits as the step needs.
[[nodiscard]] std::string tick_label(double value, double step);

}  // namespace haldane::analysis::plot
