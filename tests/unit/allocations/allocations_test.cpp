// Nothing is allocated for an event: a run twice as long allocates hardly more often.
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>

#include <gtest/gtest.h>

#include "tests/support/trial.h"

namespace {

std::atomic<std::uint64_t> allocations{0};

void* counted(void* memory) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t size) {
  return counted(std::malloc(size));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  const auto unit = static_cast<std::size_t>(alignment);
  return counted(std::aligned_alloc(unit, (size + unit - 1) / unit * unit));
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}

namespace haldane::models {
namespace {

// Everything that sends messages or waits: misses, coalescing, retries, time-outs, jobs that fail.
constexpr std::string_view busy = R"(
schema: haldane.scenario/1
name: busy
duration: 100s
warmup: 0s
traffic:
  arrivals: {process: poisson, rate: 1k/s}
  objects: {count: 10k, popularity: {zipf: 0.9}}
  client: {timeout: 200ms, attempts: 3, backoff: {base: 10ms, factor: 2, cap: 1s, jitter: full}}
edge:
  sites: 2
  nodes_per_site: 2
  cache: {policy: lru, capacity: {objects: 1k}, ttl: 5s, ttl_jitter: 10%, coalesce: true, fill: on_response, start: cold, stale_while_revalidate: 1s}
  hit_latency: {lognormal: {median: 500us, sigma: 0.5}}
links: {edge_to_api: 2ms, api_to_workers: 1ms}
api:
  cells: 2
  replicas: 2
  concurrency: 8
  balancer: power_of_two
  service: {lognormal: {median: 5ms, sigma: 0.6}}
  enqueue: {probability: 10%}
  failure_probability: 1%
workers:
  replicas: 8
  service: {exponential: {mean: 20ms}}
  failure_probability: 20%
  retries: {max_attempts: 3, backoff: {base: 100ms, factor: 2, cap: 1s, jitter: full}}
)";

std::uint64_t allocations_of(const std::string& duration, std::uint64_t& events) {
  const Plan plan = compile_plan(test::scenario(busy, {"duration=" + duration}));
  const std::uint64_t before = allocations.load();
  events = run_replication(plan, {}).measurements.events;
  return allocations.load() - before;
}

TEST(Allocations, BelongToTheRunAndNotToItsEvents) {
  std::uint64_t short_events = 0;
  std::uint64_t long_events = 0;
  const std::uint64_t in_short = allocations_of("100s", short_events);
  const std::uint64_t in_long = allocations_of("200s", long_events);
  EXPECT_GT(in_short, 0U);
  ASSERT_GT(long_events, short_events + 200'000);
  // What may still grow: a buffer that meets a fuller window than ever before.
  EXPECT_LE(in_long, in_short + 100)
      << in_short << " in " << short_events << " events, " << in_long << " in " << long_events;
}

}  // namespace
}  // namespace haldane::models
