#include "analysis/ingest/column_sketch.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace haldane::analysis {
namespace {

constexpr int mantissa_bits = 52;
constexpr int cell_bits = 6;

// A floating-point number spells out its place on a log-linear scale: exponent and first bits of
// the mantissa. Complements order negative values, so that halving a key joins neighbours there
// too.
std::int64_t key_of(double value, int bits) {
  const auto magnitude =
      std::bit_cast<std::uint64_t>(std::abs(value)) >> static_cast<unsigned>(mantissa_bits - bits);
  const auto key = static_cast<std::int64_t>(magnitude);
  return value < 0 ? ~key : key;
}

void add_to(SketchSlice& slice, const SketchCell& cell, std::size_t& cells) {
  const auto at = std::lower_bound(slice.cells.begin(), slice.cells.end(), cell.key,
                                   [](const SketchCell& c, std::int64_t k) { return c.key < k; });
  if (at != slice.cells.end() && at->key == cell.key) {
    at->count += cell.count;
  } else {
    slice.cells.insert(at, cell);
    ++cells;
  }
}

}  // namespace

std::int64_t ColumnSketch::cell_key(double value) {
  return key_of(value, cell_bits);
}

std::size_t ColumnSketch::stored_numbers() const {
  return 3 * slices_.size() + 2 * cells_ + 4 * bins_.size();
}

void ColumnSketch::learn_order(std::size_t values, std::size_t times) {
  const Order seen = times == 0 ? Order::by_row : times == values ? Order::by_time : Order::unknown;
  if (order_ == Order::none) order_ = seen;
  if (order_ == seen) return;
  order_ = Order::unknown;
  slices_.clear();
  cells_ = 0;
}

void ColumnSketch::add(std::span<const double> values, std::span<const double> times_s) {
  if (values.empty()) return;
  learn_order(values.size(), times_s.size());
  if (order_ == Order::by_time) {
    const auto [first, last] = std::minmax_element(times_s.begin(), times_s.end());
    first_s_ = count_ > 0 ? std::min(first_s_, *first) : *first;
    last_s_ = count_ > 0 ? std::max(last_s_, *last) : *last;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    count_in_bin(values[i]);
    if (order_ != Order::unknown) {
      count_in_slice(values[i], order_ == Order::by_time ? times_s[i] : count_);
    }
    sum_ += values[i];
    ++count_;
  }
}

void ColumnSketch::count_in_bin(double value) {
  const std::int64_t key = key_of(value, bin_bits_);
  const auto found = std::lower_bound(bin_keys_.begin(), bin_keys_.end(), key);
  const auto at = found - bin_keys_.begin();
  if (found != bin_keys_.end() && *found == key) {
    ValueBin& bin = bins_[static_cast<std::size_t>(at)];
    bin.low = std::min(bin.low, value);
    bin.high = std::max(bin.high, value);
    ++bin.count;
    return;
  }
  bin_keys_.insert(found, key);
  bins_.insert(bins_.begin() + at, {value, value, 1});
  while (bins_.size() > limits_.bins && bin_bits_ > 0) join_bins();
}

void ColumnSketch::join_bins() {
  --bin_bits_;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < bins_.size(); ++i) {
    const std::int64_t key = bin_keys_[i] >> 1;
    if (kept > 0 && bin_keys_[kept - 1] == key) {
      bins_[kept - 1].high = bins_[i].high;
      bins_[kept - 1].count += bins_[i].count;
      continue;
    }
    bin_keys_[kept] = key;
    bins_[kept] = bins_[i];
    ++kept;
  }
  bin_keys_.resize(kept);
  bins_.resize(kept);
}

SketchSlice& ColumnSketch::slice_at(double index) {
  if (!slices_.empty() && slices_.back().index == index) return slices_.back();
  const auto at = std::lower_bound(slices_.begin(), slices_.end(), index,
                                   [](const SketchSlice& s, double i) { return s.index < i; });
  if (at != slices_.end() && at->index == index) return *at;
  return *slices_.insert(at, {index, 0, 0});
}

void ColumnSketch::count_in_slice(double value, double position) {
  SketchSlice& slice = slice_at(std::floor(std::ldexp(position, -exponent_)));
  ++slice.count;
  slice.sum += value;
  add_to(slice, {cell_key(value), 1}, cells_);
  keep_limits();
}

void ColumnSketch::keep_limits() {
  while (bins_.size() > limits_.bins && bin_bits_ > 0) join_bins();
  // Two slices that time zero lies between never become one.
  while (slices_.size() > limits_.slices || (cells_ > limits_.cells && slices_.size() > 2)) {
    join_slices();
  }
}

void ColumnSketch::join_slices() {
  ++exponent_;
  std::size_t kept = 0;
  for (SketchSlice& slice : slices_) {
    slice.index = std::floor(slice.index / 2);
    if (kept == 0 || slices_[kept - 1].index != slice.index) {
      if (&slices_[kept] != &slice) slices_[kept] = std::move(slice);
      ++kept;
      continue;
    }
    SketchSlice& into = slices_[kept - 1];
    into.count += slice.count;
    into.sum += slice.sum;
    cells_ -= slice.cells.size();
    for (const SketchCell& cell : slice.cells) add_to(into, cell, cells_);
  }
  slices_.resize(kept);
}

void ColumnSketch::join(const ColumnSketch& other) {
  if (other.count_ == 0) return;
  if (count_ == 0) {
    *this = other;
    return;
  }
  first_s_ = std::min(first_s_, other.first_s_);
  last_s_ = std::max(last_s_, other.last_s_);
  count_ += other.count_;
  sum_ += other.sum_;
  take_bins(other);
  take_slices(other);
  keep_limits();
}

// Both on the coarser grid of the two.
void ColumnSketch::take_bins(const ColumnSketch& other) {
  while (bin_bits_ > other.bin_bits_) join_bins();
  const int coarser = other.bin_bits_ - bin_bits_;
  std::vector<std::pair<std::int64_t, ValueBin>> all;
  for (std::size_t i = 0; i < bins_.size(); ++i) all.emplace_back(bin_keys_[i], bins_[i]);
  for (std::size_t i = 0; i < other.bins_.size(); ++i) {
    all.emplace_back(other.bin_keys_[i] >> coarser, other.bins_[i]);
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  bin_keys_.clear();
  bins_.clear();
  for (const auto& [key, bin] : all) {
    if (bin_keys_.empty() || bin_keys_.back() != key) {
      bin_keys_.push_back(key);
      bins_.push_back(bin);
      continue;
    }
    ValueBin& into = bins_.back();
    into = {std::min(into.low, bin.low), std::max(into.high, bin.high), into.count + bin.count};
  }
}

void ColumnSketch::take_slices(const ColumnSketch& other) {
  while (exponent_ < other.exponent_) join_slices();
  for (const SketchSlice& slice : other.slices_) {
    SketchSlice& into = slice_at(std::floor(std::ldexp(slice.index, other.exponent_ - exponent_)));
    into.count += slice.count;
    into.sum += slice.sum;
    for (const SketchCell& cell : slice.cells) add_to(into, cell, cells_);
  }
}

const std::vector<ValueBin>& bins_of(const ObservationColumn& column) {
  return column.sketch ? column.sketch->bins() : column.bins;
}

void compact_rows(ObservationColumn& column, std::size_t kept_max, const SketchLimits& limits) {
  if (column.quality == Quality::raw) {
    if (column.values.size() <= kept_max) return;
    column.quality = Quality::compacted;
    column.sketch = std::make_shared<ColumnSketch>(limits);
  }
  if (column.quality != Quality::compacted) return;
  column.sketch->add(column.values, column.times_s);
  // A block may have brought many more than are kept: their memory goes back.
  column.values = std::vector<double>();
  column.times_s = std::vector<double>();
}

}  // namespace haldane::analysis
