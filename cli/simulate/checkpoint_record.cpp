#include "cli/simulate/checkpoint_record.h"

#include <bit>
#include <cstdint>
#include <vector>

#include "models/metrics.h"

namespace haldane::cli {
namespace {

using models::RequestSample;
using sim::LatencySlice;

/// Seven bits a byte, lowest first; the top bit says that more follow (LEB128).
class Writer {
 public:
  void word(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
  }
  /// Small negative numbers stay short: 0, -1, 1, -2 become 0, 1, 2, 3.
  void number(std::int64_t value) {
    word((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }
  void rows(const std::vector<std::vector<std::int64_t>>& table) {
    for (const auto& row : table) {
      for (const std::int64_t value : row) number(value);
    }
  }
  void slice(const LatencySlice& slice) {
    number(slice.count);
    number(slice.sum_ns);
    number(slice.max_ns);
    word(slice.buckets.size());
    std::int64_t last = 0;
    for (const sim::HistogramBucket& bucket : slice.buckets) {
      number(bucket.value_ns - last);
      number(bucket.count);
      last = bucket.value_ns;
    }
  }
  void samples(const std::vector<RequestSample>& samples) {
    word(samples.size());
    SimTime last = SimTime::zero();
    for (const RequestSample& sample : samples) {
      number((sample.asked - last).count_ns());
      number(sample.latency.count_ns());
      word(sample.canary ? 1 : 0);
      last = sample.asked;
    }
  }
  [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t word() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (bytes_.empty()) break;
      const auto byte = static_cast<unsigned char>(bytes_.front());
      bytes_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
      if (byte < 0x80) return value;
    }
    failed_ = true;
    return 0;
  }
  std::int64_t number() {
    const std::uint64_t folded = word();
    return static_cast<std::int64_t>(folded >> 1) ^ -static_cast<std::int64_t>(folded & 1);
  }
  /// How many elements follow, each of at least `bytes_each`.
  std::size_t count(std::size_t bytes_each) {
    const std::uint64_t count = word();
    if (count > bytes_.size() / bytes_each) failed_ = true;
    return failed_ ? 0 : static_cast<std::size_t>(count);
  }
  std::vector<std::vector<std::int64_t>> rows(std::size_t height, std::size_t width) {
    if (bytes_.size() < height * width) failed_ = true;
    if (failed_) return {};
    std::vector<std::vector<std::int64_t>> table(height, std::vector<std::int64_t>(width));
    for (auto& row : table) {
      for (std::int64_t& value : row) value = number();
    }
    return table;
  }
  LatencySlice slice() {
    LatencySlice slice;
    slice.count = number();
    slice.sum_ns = number();
    slice.max_ns = number();
    slice.buckets.resize(count(2));
    std::int64_t last = 0;
    for (sim::HistogramBucket& bucket : slice.buckets) {
      last = add(last, number());
      bucket = {last, number()};
    }
    return slice;
  }
  std::vector<RequestSample> samples() {
    std::vector<RequestSample> samples(count(3));
    std::int64_t last = 0;
    for (RequestSample& sample : samples) {
      last = add(last, number());
      sample.asked = SimTime::zero() + Duration::nanoseconds(last);
      sample.latency = Duration::nanoseconds(number());
      sample.canary = word() != 0;
    }
    return samples;
  }
  [[nodiscard]] bool finished() const { return !failed_ && bytes_.empty(); }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  // Bytes that are no record may overflow, which must stay defined.
  static std::int64_t add(std::int64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
  }

  std::string_view bytes_;
  bool failed_ = false;
};

std::size_t blocks_of(const models::Plan& plan) {
  return plan.arms() == 2 ? 3 : 1;
}

}  // namespace

std::string encode_replication(const models::ReplicationResult& result) {
  const sim::Measurements& m = result.measurements;
  Writer out;
  out.word(m.events);
  out.word(m.digest);
  out.word(std::bit_cast<std::uint64_t>(result.requests_per_window));
  out.word(result.windows);
  out.word(result.windows_on_one_thread);
  out.rows(m.counters);
  out.rows(m.maxima);
  for (const auto& histogram : m.latencies) {
    for (const LatencySlice& slice : histogram) out.slice(slice);
  }
  out.samples(result.samples);
  return out.take();
}

std::optional<models::ReplicationResult> decode_replication(std::string_view bytes,
                                                            const models::Plan& plan) {
  const std::size_t blocks = blocks_of(plan);
  Reader in(bytes);
  models::ReplicationResult result;
  sim::Measurements& m = result.measurements;
  m.grid = plan.grid;
  m.events = in.word();
  m.digest = in.word();
  result.requests_per_window = std::bit_cast<double>(in.word());
  result.windows = in.word();
  result.windows_on_one_thread = in.word();
  m.counters = in.rows(blocks * index(models::Counter::count), plan.grid.bins());
  m.maxima = in.rows(blocks * index(models::Gauge::count), plan.grid.bins());
  m.latencies.resize(blocks * index(models::Histogram::count));
  for (auto& histogram : m.latencies) {
    for (std::size_t s = 0; s < plan.grid.slices() && !in.failed(); ++s) {
      histogram.push_back(in.slice());
    }
  }
  result.samples = in.samples();
  if (!in.finished()) return std::nullopt;
  return result;
}

}  // namespace haldane::cli
