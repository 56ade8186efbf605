// Event queue, stations and histogram: what one event, admission or record costs.
#include <bit>
#include <type_traits>
#include <vector>

#include <benchmark/benchmark.h>

#include "bench/result_hash.h"
#include "sim/kernel/calendar_queue.h"
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

// Buckets of 8 events and a ring that every exponential span of this load fits.
template <class Queue>
Queue make_queue(std::int64_t pending) {
  if constexpr (std::is_same_v<Queue, EventQueue<HoldEvent>>) {
    return Queue();
  } else {
    const auto buckets = std::bit_ceil(static_cast<std::uint64_t>(pending) * 2);
    return Queue(Duration::nanoseconds(8'000'000 / pending), buckets);
  }
}

// The hold model: pop the first of n events, push one an exponential time later.
template <class Queue>
class HoldModel {
 public:
  explicit HoldModel(std::int64_t pending) : queue_(make_queue<Queue>(pending)) {
    for (std::int64_t i = 0; i < pending; ++i) push_after(SimTime::zero());
  }
  SimTime step() {
    const SimTime now = queue_.pop().order.time;
    push_after(now);
    return now;
  }

 private:
  void push_after(SimTime now) {
    queue_.push({{now + spans_[serial_ & 0xffff], serial_}, {}});
    ++serial_;
  }
  std::vector<Duration> spans_ = exponential_spans(1e6);
  Queue queue_;
  std::uint64_t serial_ = 0;
};

// What the first 10,000 steps of a fresh model give: the same however long the timing ran.
template <class Step>
std::uint64_t hash_of_steps(Step step) {
  Digest digest;
  for (int i = 0; i < 10'000; ++i) digest.add(static_cast<std::uint64_t>(step().count_ns()));
  return digest.value();
}

// Both structures give the same order, so their hashes agree for equal numbers of pending events.
template <class Queue>
void hold(benchmark::State& state) {
  HoldModel<Queue> model(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(model.step());
  state.SetItemsProcessed(state.iterations());
  HoldModel<Queue> fresh(state.range(0));
  bench::label_with_hash(state, hash_of_steps([&] { return fresh.step(); }));
}
BENCHMARK_TEMPLATE(hold, EventQueue<HoldEvent>)->Arg(64)->Arg(1'024)->Arg(16'384)->Arg(65'536);
BENCHMARK_TEMPLATE(hold, CalendarQueue<HoldEvent>)->Arg(64)->Arg(1'024)->Arg(16'384)->Arg(65'536);

// The two forms of a station give the same departures, so their hashes agree for equal numbers of
// slots.
struct SortedStation {
  explicit SortedStation(std::size_t count)
      : slot_count(count), times(SortedSlots<>::stride_for(count)) {
    SortedSlots<>(times, slot_count).reset(SimTime::zero());
  }
  SimTime admit(SimTime now, Duration service) {
    SortedSlots<> slots(times, slot_count);
    busy += slots.busy(now);
    const SimTime departure = slots.earliest_start(now) + service;
    slots.book(departure);
    return departure;
  }
  std::size_t slot_count;
  std::vector<std::int64_t> times;
  std::uint64_t busy = 0;
};

struct HeapStation {
  explicit HeapStation(std::size_t slots) : heap(static_cast<std::uint32_t>(slots)) {}
  SimTime admit(SimTime now, Duration service) {
    const SimTime departure = std::max(now, heap.earliest().free_at) + service;
    heap.book_earliest(departure);
    return departure;
  }
  SlotHeap heap;
};

// An M/M/c queue at 80 % load; a step is one customer from arrival to booked departure.
template <class Station>
class Admissions {
 public:
  explicit Admissions(std::int64_t slots)
      : gaps_(exponential_spans(1e6 / (0.8 * static_cast<double>(slots)))),
        station_(static_cast<std::size_t>(slots)) {}
  SimTime step() {
    now_ += gaps_[count_ & 0xffff];
    const Duration service = services_[(count_ * 7 + 1) & 0xffff];
    ++count_;
    return station_.admit(now_, service);
  }

 private:
  std::vector<Duration> services_ = exponential_spans(1e6);
  std::vector<Duration> gaps_;
  Station station_;
  SimTime now_;
  std::size_t count_ = 0;
};

template <class Station>
void admissions(benchmark::State& state) {
  Admissions<Station> queue(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(queue.step());
  state.SetItemsProcessed(state.iterations());
  Admissions<Station> fresh(state.range(0));
  bench::label_with_hash(state, hash_of_steps([&] { return fresh.step(); }));
}
BENCHMARK_TEMPLATE(admissions, SortedStation)->Arg(1)->Arg(4)->Arg(8)->Arg(16)->Arg(64);
BENCHMARK_TEMPLATE(admissions, HeapStation)->Arg(1)->Arg(16)->Arg(64)->Arg(1'024);

void histogram_record(benchmark::State& state) {
  const std::vector<Duration> spans = exponential_spans(5e6);
  LatencyHistogram histogram;
  std::size_t i = 0;
  for (auto _ : state) histogram.record(spans[i++ & 0xffff]);
  benchmark::DoNotOptimize(histogram);
  state.SetItemsProcessed(state.iterations());
  LatencyHistogram once;
  for (const Duration span : spans) once.record(span);
  Digest digest;
  for (const HistogramBucket& bucket : once.take_slice().buckets) {
    digest.add(static_cast<std::uint64_t>(bucket.value_ns));
    digest.add(static_cast<std::uint64_t>(bucket.count));
  }
  bench::label_with_hash(state, digest.value());
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
  IntervalSeries once(bins);
  for (const Duration span : spans)
    once.add(SimTime::zero() + span * 1'000, SimTime::zero() + span * 1'003);
  Digest digest;
  for (const std::int64_t integral : once.integrals())
    digest.add(static_cast<std::uint64_t>(integral));
  bench::label_with_hash(state, digest.value());
}
BENCHMARK(interval_add);

}  // namespace
}  // namespace haldane::sim
