// Event queue, stations and histogram: what one event, admission or record costs.
#include <vector>

#include <benchmark/benchmark.h>

#include "bench/result_hash.h"
#include "sim/kernel/event_queue.h"
#include "sim/kernel/slot_heap.h"
#include "sim/kernel/sorted_slots.h"
#include "sim/measure/interval_series.h"
#include "sim/measure/latency_histogram.h"
#include "sim/measure/time_grid.h"
#include "sim/random/distribution.h"
#include "sim/random/philox.h"

namespace haldane::sim {
namespace {

const StreamKey key(1, 0, 0, Purpose::test);

struct HoldEvent {
  EventOrder order;
  std::uint64_t payload[3] = {};
};

std::vector<Duration> exponential_spans(double mean_ns) {
  const Distribution law = Distribution::exponential(mean_ns);
  std::vector<Duration> spans;
  for (std::uint64_t i = 0; i < 65'536; ++i)
    spans.push_back(law.sample_duration(draw(key, i).first));
  return spans;
}

// The hold model: pop the first of n events, push one an exponential time later.
void event_queue_hold(benchmark::State& state) {
  const std::vector<Duration> spans = exponential_spans(1e6);
  EventQueue<HoldEvent> queue;
  std::uint64_t serial = 0;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    queue.push({{SimTime::zero() + spans[serial & 0xffff], serial}, {}});
    ++serial;
  }
  for (auto _ : state) {
    HoldEvent event = queue.pop();
    event.order = {event.order.time + spans[serial & 0xffff], serial};
    ++serial;
    queue.push(event);
  }
  state.SetItemsProcessed(state.iterations());
  bench::label_with_hash(state, static_cast<std::uint64_t>(queue.size()));
}
BENCHMARK(event_queue_hold)->Arg(64)->Arg(1'024)->Arg(16'384);

// One customer of an M/M/c queue at 80 % load, from arrival to booked departure.
template <class Admit>
void admissions(benchmark::State& state, const Admit& admit) {
  const auto slots = static_cast<std::int64_t>(state.range(0));
  const std::vector<Duration> services = exponential_spans(1e6);
  const std::vector<Duration> gaps = exponential_spans(1e6 / (0.8 * static_cast<double>(slots)));
  SimTime now;
  Digest digest;
  std::size_t i = 0;
  for (auto _ : state) {
    now += gaps[i & 0xffff];
    admit(now, services[(i * 7 + 1) & 0xffff]);
    ++i;
  }
  digest.add(static_cast<std::uint64_t>(gaps[5].count_ns() ^ services[5].count_ns()));
  state.SetItemsProcessed(state.iterations());
  bench::label_with_hash(state, digest.value());
}

void sorted_slots(benchmark::State& state) {
  std::vector<std::int64_t> times(static_cast<std::size_t>(state.range(0)) + 1);
  SortedSlots slots(times);
  slots.reset(SimTime::zero());
  std::uint32_t busy = 0;
  admissions(state, [&](SimTime now, Duration service) {
    busy += slots.busy(now);
    slots.book(slots.earliest_start(now) + service);
  });
  benchmark::DoNotOptimize(busy);
}
BENCHMARK(sorted_slots)->Arg(1)->Arg(4)->Arg(16)->Arg(64);

void slot_heap(benchmark::State& state) {
  SlotHeap slots(static_cast<std::uint32_t>(state.range(0)));
  admissions(state, [&](SimTime now, Duration service) {
    slots.book_earliest(std::max(now, slots.earliest().free_at) + service);
  });
}
BENCHMARK(slot_heap)->Arg(1)->Arg(16)->Arg(64)->Arg(1'024);

void histogram_record(benchmark::State& state) {
  const std::vector<Duration> spans = exponential_spans(5e6);
  LatencyHistogram histogram;
  std::size_t i = 0;
  for (auto _ : state) histogram.record(spans[i++ & 0xffff]);
  benchmark::DoNotOptimize(histogram.count());
  state.SetItemsProcessed(state.iterations());
  LatencyHistogram once;
  for (const Duration span : spans) once.record(span);
  bench::label_with_hash(state, once.take_slice().buckets.size());
}
BENCHMARK(histogram_record);

void interval_add(benchmark::State& state) {
  const std::vector<Duration> spans = exponential_spans(5e6);
  const TimeGrid grid = make_time_grid(Duration::seconds(600), {});
  const BinLocator bins(grid.bin_bounds);
  IntervalSeries series(bins);
  SimTime now;
  std::size_t i = 0;
  for (auto _ : state) {
    now += Duration::nanoseconds(10'000);
    if (now >= bins.end()) now = SimTime::zero();
    series.add(now, now + spans[i++ & 0xffff]);
  }
  benchmark::DoNotOptimize(series.integrals().front());
  state.SetItemsProcessed(state.iterations());
  bench::label_with_hash(state, grid.bins());
}
BENCHMARK(interval_add);

}  // namespace
}  // namespace haldane::sim
