#include "models/trace/trace_builder.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "sim/base/check.h"
#include "sim/base/hash.h"

namespace haldane::models {
namespace {

// How many keys ahead a place of the table is fetched: 12 to 48 are within noise of each other.
constexpr std::size_t ahead = 24;

// The share of 2^64 that a rate means; 1 itself does not fit and is not asked for.
std::uint64_t threshold_of(double rate) {
  return rate >= 1 ? ~std::uint64_t{0} : static_cast<std::uint64_t>(rate * 0x1p64);
}

}  // namespace

TraceBuilder::TraceBuilder(const SampleOptions& sample, bool has_sizes)
    : has_sizes_(has_sizes),
      samples_(sample.rate < 1),
      salt_(mix(sample.seed + 0x5348415244530001ULL)),
      threshold_(threshold_of(sample.rate)) {
  HALDANE_CHECK(sample.rate > 0);
}

void TraceBuilder::expect(std::uint64_t requests) {
  // Beyond this a wrong hint, such as that of a file with holes, would cost more than moving does.
  constexpr std::uint64_t hint_max = std::uint64_t{1} << 28;
  if (samples_) return;
  const std::uint64_t room = std::min(requests, hint_max) + batch;
  trace_.objects.reserve(room);
  if (has_sizes_) trace_.sizes.reserve(room);
}

AccessTrace TraceBuilder::finish() {
  flush();
  trace_.object_count = ids_.size();
  return std::move(trace_);
}

void TraceBuilder::flush() {
  trace_.requests_seen += filled_;
  if (has_sizes_) {
    for (std::size_t i = 0; i < filled_; ++i) trace_.bytes_seen += sizes_[i];
  }
  if (!too_many_objects()) append(samples_ ? keep_sampled() : filled_);
  filled_ = 0;
}

// Moves the sampled requests of the batch to its front, without a branch that nobody can predict.
std::size_t TraceBuilder::keep_sampled() {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < filled_; ++i) {
    const std::uint64_t key = keys_[i];
    keys_[kept] = key;
    sizes_[kept] = sizes_[i];
    kept += mix(key ^ salt_) < threshold_ ? 1U : 0U;
  }
  return kept;
}

void TraceBuilder::append(std::size_t count) {
  const std::size_t before = trace_.objects.size();
  trace_.objects.resize(before + count);
  std::uint32_t* objects = trace_.objects.data() + before;
  for (std::size_t i = 0; i < count; ++i) hashes_[i] = ObjectIds::hash(keys_[i]);
  const std::size_t fetched = count > ahead ? count - ahead : 0;
  for (std::size_t i = 0; i < fetched; ++i) {
    ids_.prefetch(hashes_[i + ahead]);
    objects[i] = ids_.id_of(keys_[i], hashes_[i]);
  }
  for (std::size_t i = fetched; i < count; ++i) objects[i] = ids_.id_of(keys_[i], hashes_[i]);
  if (has_sizes_) {
    trace_.sizes.insert(trace_.sizes.end(), sizes_.begin(),
                        sizes_.begin() + static_cast<std::ptrdiff_t>(count));
  }
}

std::uint64_t key_of_text(const char* text, std::size_t length) {
  std::uint64_t value = 0;
  std::size_t i = 0;
  if (length >= 1 && length <= 19 && (text[0] != '0' || length == 1)) {
    for (; i < length; ++i) {
      const auto digit = static_cast<unsigned char>(text[i] - '0');
      if (digit > 9) break;
      value = value * 10 + digit;
    }
    if (i == length) return value;
  }
  std::uint64_t hash = 0x9e3779b97f4a7c15ULL ^ length;
  for (; length >= 8; text += 8, length -= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text, 8);
    hash = mix(hash ^ word) + 0x2545f4914f6cdd1dULL;
  }
  std::uint64_t word = 0;
  std::memcpy(&word, text, length);
  return mix(hash ^ word);
}

}  // namespace haldane::models
