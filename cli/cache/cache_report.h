// What `haldane cache` says: text for people, JSON (contract haldane.cache/1) and CSV for programs,
// a page with the miss-ratio curve.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/report/text_table.h"
#include "models/replay/replay_study.h"
#include "models/trace/csv_header.h"

namespace haldane::cli {

struct CacheSample {
  double rate = 1;
  std::uint64_t seed = 0;
  std::uint64_t requests = 0;  ///< in the sample
  std::uint64_t objects = 0;   ///< in the sample
};

struct CacheResult {
  std::string trace;
  std::string_view format;
  models::CsvHeader header;  ///< of CSV
  std::uint64_t requests = 0;
  std::uint64_t objects = 0;  ///< of a sample, estimated
  std::optional<std::uint64_t> bytes;
  std::optional<std::uint64_t> working_set_bytes;
  std::uint64_t malformed_rows = 0;
  std::optional<CacheSample> sample;
  std::vector<models::ReplayAnswer> answers;
};

/// A table of at most style.width columns.
[[nodiscard]] std::string cache_text(const CacheResult& result, const analysis::TextStyle& style);

/// Contract haldane.cache/1, described in schema/cache.schema.json.
[[nodiscard]] std::string cache_json(const CacheResult& result);

/// policy,capacity,unit,hits,misses,miss_ratio,byte_miss_ratio: one line an answer.
[[nodiscard]] std::string cache_csv(const CacheResult& result);

/// A self-contained page: the curves of requests and of bytes, and all numbers.
[[nodiscard]] std::string cache_page(const CacheResult& result);

}  // namespace haldane::cli
