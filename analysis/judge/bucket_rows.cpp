#include "analysis/judge/bucket_rows.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <vector>

namespace haldane::analysis {
namespace {

constexpr int rises_min = 20;
constexpr int rises_a_fall = 20;
constexpr int rises_of_rare_events_min = 3;
constexpr std::int64_t repeated_min = 10;
constexpr double repeated_share_min = 0.01;
constexpr double alike_share_min = 0.9;

std::vector<double> in_time_order(const ObservationColumn& column) {
  const std::vector<double>& times = column.times_s;
  if (times.size() != column.values.size() || std::is_sorted(times.begin(), times.end()))
    return column.values;
  std::vector<std::size_t> order(times.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return times[a] < times[b]; });
  std::vector<double> values;
  values.reserve(order.size());
  for (const std::size_t i : order) values.push_back(column.values[i]);
  return values;
}

double sum_of(const ObservationColumn& column) {
  return std::accumulate(column.values.begin(), column.values.end(), 0.0);
}

struct Course {
  int rises = 0;
  int falls = 0;

  [[nodiscard]] bool is_of_totals() const {
    return rises >= rises_min && falls <= rises / rises_a_fall;
  }
};

Course course_of(const ObservationColumn& column) {
  const std::vector<double> values = in_time_order(column);
  Course course;
  for (std::size_t i = 1; i < values.size(); ++i) {
    course.rises += values[i] > values[i - 1] ? 1 : 0;
    course.falls += values[i] < values[i - 1] ? 1 : 0;
  }
  return course;
}

}  // namespace

bool are_running_totals(const ObservationColumn& events, const ObservationColumn* exposure) {
  const Course counted = course_of(events);
  if (exposure == nullptr) return counted.is_of_totals();
  const Course exposed = course_of(*exposure);
  return exposed.is_of_totals() && counted.rises >= rises_of_rare_events_min &&
         counted.falls <= exposed.falls;
}

RepeatedRows repeated_rows(const ObservationColumn& events, const ObservationColumn& exposure) {
  const std::size_t rows = events.values.size();
  const bool timed = rows > 0 && events.times_s == exposure.times_s &&
                     events.times_s.size() == rows && exposure.values.size() == rows;
  if (!timed || !(sum_of(exposure) > static_cast<double>(rows))) return {};
  std::vector<std::tuple<double, double, double>> sorted;
  sorted.reserve(rows);
  for (std::size_t i = 0; i < rows; ++i)
    sorted.emplace_back(events.times_s[i], events.values[i], exposure.values[i]);
  std::sort(sorted.begin(), sorted.end());
  RepeatedRows found{0, static_cast<std::int64_t>(rows)};
  double sharing = 0;
  for (std::size_t i = 1; i < rows; ++i) {
    sharing += std::get<0>(sorted[i]) == std::get<0>(sorted[i - 1]) ? 1 : 0;
    found.repeated += sorted[i] == sorted[i - 1] ? 1 : 0;
  }
  const double repeated = static_cast<double>(found.repeated);
  const bool clear = found.repeated >= repeated_min &&
                     repeated >= repeated_share_min * static_cast<double>(rows) &&
                     repeated >= alike_share_min * sharing;
  return clear ? found : RepeatedRows{};
}

}  // namespace haldane::analysis
