// Traces made up for tests.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "models/trace/access_trace.h"
#include "sim/base/hash.h"

namespace haldane::models::test {

/// `ids` renumbered by first appearance, as reading a trace does.
inline AccessTrace trace_of(const std::vector<std::uint32_t>& ids) {
  AccessTrace trace;
  std::vector<std::uint32_t> number(ids.empty() ? 0 : *std::max_element(ids.begin(), ids.end()) + 1,
                                    ~0U);
  for (const std::uint32_t id : ids) {
    if (number[id] == ~0U) number[id] = trace.object_count++;
    trace.objects.push_back(number[id]);
  }
  trace.requests_seen = ids.size();
  return trace;
}

/// Popular objects, of which others become popular as time goes by.
inline AccessTrace drifting_trace(std::uint32_t seed, std::size_t length, std::uint32_t objects) {
  std::mt19937 random(seed);
  std::vector<std::uint32_t> ids(length);
  for (std::size_t i = 0; i < length; ++i) {
    const double u = static_cast<double>(random()) / 4294967296.0;
    ids[i] =
        (static_cast<std::uint32_t>(u * u * u * objects) + static_cast<std::uint32_t>(i / 50)) %
        objects;
  }
  return trace_of(ids);
}

/// Gives every object a size from 1 to 1,000.
inline void add_sizes(AccessTrace& trace) {
  for (const std::uint32_t object : trace.objects) {
    trace.sizes.push_back(static_cast<std::uint32_t>(mix(object) % 1'000) + 1);
    trace.bytes_seen += trace.sizes.back();
  }
}

/// SplitMix64 from state 42 and inversion of the cumulative sum of k^-exponent over a million
/// objects: the stream of bench/micro/cache_bench.cpp.
inline std::vector<std::uint32_t> zipf_ids(double exponent, std::size_t length) {
  constexpr std::uint32_t objects = 1'000'000;
  constexpr std::size_t cells = std::size_t{1} << 16;
  std::vector<double> cumulative(objects);
  double sum = 0;
  for (std::uint32_t k = 0; k < objects; ++k) cumulative[k] = sum += std::pow(k + 1.0, -exponent);
  const auto rank = [&](double u, std::size_t first, std::size_t last) {
    const auto begin = cumulative.begin();
    return std::upper_bound(begin + static_cast<std::ptrdiff_t>(first),
                            begin + static_cast<std::ptrdiff_t>(last), u * sum) -
           begin;
  };
  std::vector<std::uint32_t> guide(cells + 1, objects);
  for (std::size_t c = 0; c < cells; ++c) {
    guide[c] = static_cast<std::uint32_t>(rank(static_cast<double>(c) / cells, 0, objects));
  }
  std::vector<std::uint32_t> ids(length);
  std::uint64_t state = 42;
  for (std::uint32_t& id : ids) {
    state += 0x9E3779B97F4A7C15ULL;
    const double u = static_cast<double>(mix(state) >> 11) * 0x1p-53;
    const auto cell = static_cast<std::size_t>(u * cells);
    id = static_cast<std::uint32_t>(rank(u, guide[cell], guide[cell + 1]));
  }
  return ids;
}

}  // namespace haldane::models::test
