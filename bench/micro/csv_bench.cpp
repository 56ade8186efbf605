// Reading measurements: bytes a second of CSV numbers, the digest of the bytes included.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include "analysis/ingest/read_csv.h"
#include "bench/result_hash.h"
#include "sim/random/philox.h"

namespace haldane::analysis {
namespace {

constexpr std::size_t file_bytes = std::size_t{16} << 20U;

// A temporary file that goes away with its owner.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text) {
    const int descriptor = ::mkstemp(path_.data());
    if (descriptor >= 0) ::close(descriptor);
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~TemporaryFile() { std::remove(path_.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_ = (std::filesystem::temp_directory_path() / "haldane-bench-XXXXXX").string();
};

double uniform(std::uint64_t index) {
  constexpr sim::StreamKey key(1, 0, 0, sim::Purpose::test);
  return static_cast<double>(sim::draw(key, index).first >> 11U) * 0x1p-53;
}

// Rows of `line(i)` below `header` until the file is full.
template <class Line>
std::string filled(std::string header, const Line& line) {
  for (std::uint64_t i = 0; header.size() < file_bytes; ++i) header += line(i);
  return header;
}

void read_all(benchmark::State& state, const std::string& text) {
  const TemporaryFile file(text);
  std::string digest;
  for (auto _ : state) {
    auto table = read_csv(file.path());
    digest = table->sha256;
    benchmark::DoNotOptimize(table);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
  bench::label_with_hash(state, std::stoull(digest.substr(0, 15), nullptr, 16));
}

void csv_one_column(benchmark::State& state) {
  read_all(state, filled("latency_ms\n", [](std::uint64_t i) {
             return fmt::format("{:.6f}\n", 100 * uniform(i));
           }));
}
BENCHMARK(csv_one_column)->UseRealTime();

void csv_all_digits(benchmark::State& state) {
  read_all(state, filled("latency_ms\n", [](std::uint64_t i) {
             return fmt::format("{:.17g}\n", 100 * uniform(i));
           }));
}
BENCHMARK(csv_all_digits)->UseRealTime();

void csv_ten_columns(benchmark::State& state) {
  read_all(state, filled("a,b,c,d,e,f,g,h,i,j\n", [](std::uint64_t i) {
             std::string row;
             for (std::uint64_t c = 0; c < 10; ++c) {
               row += fmt::format("{:.3f}{}", 1000 * uniform(10 * i + c), c == 9 ? '\n' : ',');
             }
             return row;
           }));
}
BENCHMARK(csv_ten_columns)->UseRealTime();

void csv_with_times(benchmark::State& state) {
  read_all(state, filled("timestamp,latency_ms,errors\n", [](std::uint64_t i) {
             return fmt::format("2026-01-02T03:{:02}:{:02}Z,{:.3f},{}\n", i / 60 % 60, i % 60,
                                100 * uniform(i), i % 100 == 0 ? 1 : 0);
           }));
}
BENCHMARK(csv_with_times)->UseRealTime();

}  // namespace
}  // namespace haldane::analysis
