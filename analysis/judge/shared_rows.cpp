#include "analysis/judge/shared_rows.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

#include "analysis/judge/compacted_arms.h"
#include "analysis/judge/thinning.h"

namespace haldane::analysis {
namespace {

constexpr std::size_t rows_max = 8'192;
constexpr double share_min = 0.01;

using Row = std::pair<double, double>;  // time and value

std::vector<Row> rows_of(const ObservationColumn& column, std::uint64_t one_in) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < column.values.size(); ++i) {
    if (!is_kept(column.values[i], one_in)) continue;
    rows.emplace_back(column.times_s[i], column.values[i]);
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

// Pairs of one row of each arm with the same key.
template <class Key>
double matching_pairs(const std::vector<Row>& a, const std::vector<Row>& b, const Key& key) {
  double pairs = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (key(a[i]) < key(b[j])) {
      ++i;
    } else if (key(b[j]) < key(a[i])) {
      ++j;
    } else {
      const auto same = key(a[i]);
      double in_a = 0;
      double in_b = 0;
      for (; i < a.size() && key(a[i]) == same; ++i) ++in_a;
      for (; j < b.size() && key(b[j]) == same; ++j) ++in_b;
      pairs += in_a * in_b;
    }
  }
  return pairs;
}

// How likely two rows of one arm have one value. A row that was recorded twice counts as chance,
// too.
double chance_of_one_value(std::vector<Row> rows) {
  for (Row& row : rows) row.first = 0;
  std::sort(rows.begin(), rows.end());
  const double n = static_cast<double>(rows.size());
  if (n < 2) return 1;
  const double pairs = matching_pairs(rows, rows, [](const Row& row) { return row.second; });
  return (pairs - n) / (n * (n - 1));
}

}  // namespace

SharedRows shared_rows(const ColumnPair& columns) {
  if (is_compacted(columns) || !has_times(columns)) return {};
  const std::size_t smaller =
      std::min(columns.baseline->values.size(), columns.canary->values.size());
  const std::uint64_t one_in = std::bit_ceil(std::max<std::size_t>(1, smaller / rows_max));
  const std::vector<Row> b = rows_of(*columns.baseline, one_in);
  const std::vector<Row> c = rows_of(*columns.canary, one_in);
  if (b.empty() || c.empty()) return {};
  SharedRows shared;
  shared.rows = matching_pairs(b, c, [](const Row& row) { return row; });
  const double together = matching_pairs(b, c, [](const Row& row) { return row.first; });
  shared.by_chance = together * std::max(chance_of_one_value(b), chance_of_one_value(c));
  shared.share = shared.rows / static_cast<double>(std::min(b.size(), c.size()));
  return shared;
}

bool is_contaminated(const SharedRows& shared) {
  return shared.share >= share_min && shared.rows >= 10 + 10 * shared.by_chance;
}

}  // namespace haldane::analysis
