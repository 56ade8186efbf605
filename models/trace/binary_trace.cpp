#include "models/trace/binary_trace.h"

#include <bit>
#include <cstring>
#include <vector>

#include <fmt/format.h>

namespace haldane::models {
namespace {

static_assert(std::endian::native == std::endian::little, "records are read as they lie in memory");

constexpr std::size_t record_bytes = 24;
constexpr std::size_t block_records = 8192;

template <class T>
T load(const char* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

/// Times of a trace rise, but for a few records that were merged or written late.
struct TimeCheck {
  std::uint64_t records = 0;
  std::uint64_t back = 0;
  std::uint32_t last = 0;

  void see(std::uint32_t time) {
    ++records;
    back += time < last ? 1 : 0;
    last = time;
  }
  [[nodiscard]] bool fails() const { return records >= 100 && back > records / 4; }
};

TraceError cut_off(const std::string& name, std::uint64_t whole, std::size_t rest) {
  return trace_error(TraceFailure::bad_content, "TRC-102", name,
                     fmt::format("must be records of 24 bytes, but ends {} bytes after the last "
                                 "whole one, at offset {}",
                                 rest, whole * record_bytes));
}

TraceError no_trace(const std::string& name, const TimeCheck& times) {
  return trace_error(TraceFailure::bad_content, "TRC-106", name,
                     fmt::format("is no oracleGeneral trace: in {} of {} records time goes back",
                                 times.back, times.records));
}

}  // namespace

std::optional<TraceError> read_oracle_general(ByteSource& source, TraceBuilder& builder) {
  builder.expect(source.expected_bytes() / record_bytes);
  std::vector<char> block(block_records * record_bytes);
  TimeCheck times;
  std::size_t have = 0;
  while (true) {
    auto count = source.read(block.data() + have, block.size() - have);
    if (!count) return count.error();
    if (*count == 0) break;
    have += *count;
    const std::size_t whole = have / record_bytes;
    const char* record = block.data();
    for (std::size_t i = 0; i < whole; ++i, record += record_bytes) {
      times.see(load<std::uint32_t>(record));
      builder.add(load<std::uint64_t>(record + 4), load<std::uint32_t>(record + 12));
    }
    have -= whole * record_bytes;
    std::memmove(block.data(), record, have);
  }
  if (have != 0) return cut_off(source.name(), times.records, have);
  if (times.fails()) return no_trace(source.name(), times);
  return std::nullopt;
}

}  // namespace haldane::models
