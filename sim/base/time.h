// Simulated time: points and spans as two distinct integer-nanosecond types.
//
// Integers make ties exact and sums associative, so the order of events and every total are the
// same on any machine and for any number of threads; floating-point time needs tolerances and has
// neither property.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace haldane {

/// A span of simulated time. **Units** nanoseconds. **Domain** any int64; negative spans arise only
/// as differences.
class Duration {
 public:
  constexpr Duration() = default;
  static constexpr Duration nanoseconds(std::int64_t count) { return Duration{count}; }
  static constexpr Duration microseconds(std::int64_t count) { return Duration{count * 1'000}; }
  static constexpr Duration milliseconds(std::int64_t count) { return Duration{count * 1'000'000}; }
  static constexpr Duration seconds(std::int64_t count) { return Duration{count * 1'000'000'000}; }
  /// Nearest nanosecond. **Domain** |seconds| < 9.2e9.
  static constexpr Duration from_seconds(double seconds) {
    const double ns = seconds * 1e9;
    return Duration{static_cast<std::int64_t>(ns < 0 ? ns - 0.5 : ns + 0.5)};
  }
  static constexpr Duration max() { return Duration{std::numeric_limits<std::int64_t>::max()}; }

  [[nodiscard]] constexpr std::int64_t count_ns() const { return ns_; }
  [[nodiscard]] constexpr double as_seconds() const { return static_cast<double>(ns_) / 1e9; }
  [[nodiscard]] constexpr double as_milliseconds() const { return static_cast<double>(ns_) / 1e6; }

  constexpr auto operator<=>(const Duration&) const = default;
  constexpr Duration operator-() const { return Duration{-ns_}; }
  constexpr Duration& operator+=(Duration other) {
    ns_ += other.ns_;
    return *this;
  }
  constexpr Duration& operator-=(Duration other) {
    ns_ -= other.ns_;
    return *this;
  }
  friend constexpr Duration operator+(Duration a, Duration b) { return Duration{a.ns_ + b.ns_}; }
  friend constexpr Duration operator-(Duration a, Duration b) { return Duration{a.ns_ - b.ns_}; }
  friend constexpr Duration operator*(Duration a, std::int64_t factor) {
    return Duration{a.ns_ * factor};
  }
  friend constexpr std::int64_t operator/(Duration a, Duration b) { return a.ns_ / b.ns_; }

 private:
  constexpr explicit Duration(std::int64_t ns) : ns_(ns) {}
  std::int64_t ns_ = 0;
};

/// A point in simulated time. **Units** nanoseconds since the start of the run. Two points cannot
/// be added (tests/compile_fail proves it).
class SimTime {
 public:
  constexpr SimTime() = default;
  static constexpr SimTime zero() { return SimTime{}; }
  /// Later than any event; "never".
  static constexpr SimTime never() { return SimTime{std::numeric_limits<std::int64_t>::max()}; }
  static constexpr SimTime at_nanoseconds(std::int64_t ns) { return SimTime{ns}; }

  [[nodiscard]] constexpr std::int64_t count_ns() const { return ns_; }
  [[nodiscard]] constexpr double as_seconds() const { return static_cast<double>(ns_) / 1e9; }

  constexpr auto operator<=>(const SimTime&) const = default;
  constexpr SimTime& operator+=(Duration span) {
    ns_ += span.count_ns();
    return *this;
  }
  friend constexpr SimTime operator+(SimTime point, Duration span) {
    return SimTime{point.ns_ + span.count_ns()};
  }
  friend constexpr SimTime operator-(SimTime point, Duration span) {
    return SimTime{point.ns_ - span.count_ns()};
  }
  friend constexpr Duration operator-(SimTime a, SimTime b) {
    return Duration::nanoseconds(a.ns_ - b.ns_);
  }

 private:
  constexpr explicit SimTime(std::int64_t ns) : ns_(ns) {}
  std::int64_t ns_ = 0;
};

}  // namespace haldane
