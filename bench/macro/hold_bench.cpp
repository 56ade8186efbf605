// The hold model on logical processes (PHOLD): what the event queue alone can carry.
//
// Every process has one event; handling it schedules the next after an exponential time, at the
// same process or, with probability r, at any. Source: Fujimoto, "Performance of Time Warp under
// synthetic workloads", 1990. Heap and calendar handle the same events in the same order, so for
// equal arguments their hashes agree.
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <type_traits>
#include <vector>

#include <benchmark/benchmark.h>

#include "bench/result_hash.h"
#include "sim/base/hash.h"
#include "sim/kernel/calendar_queue.h"
#include "sim/kernel/event_queue.h"
#include "sim/random/distribution.h"
#include "sim/random/philox.h"

namespace haldane::sim {
namespace {

struct ProcessEvent {
  EventOrder order;
  std::uint64_t process;
};

constexpr std::int64_t hold_mean_ns = 1'000'000;
constexpr std::uint64_t steps = 4'194'304;

// Buckets of 8 events and a ring of 16 mean holds.
template <class Queue>
Queue make_queue(std::uint64_t processes) {
  if constexpr (std::is_same_v<Queue, EventQueue<ProcessEvent>>) {
    return Queue();
  } else {
    const std::int64_t width = 8 * hold_mean_ns / static_cast<std::int64_t>(processes);
    return Queue(Duration::nanoseconds(width), std::bit_ceil(2 * processes));
  }
}

template <class Queue>
class Phold {
 public:
  Phold(std::uint64_t processes, double remote)
      : queue_(make_queue<Queue>(processes)),
        processes_(processes),
        remote_threshold_(to_threshold(remote)) {
    refill();
    for (std::uint64_t p = 0; p < processes; ++p) {
      processes_[p].stamp = KeyStamp(static_cast<std::uint32_t>(p));
      schedule(SimTime::zero(), p, p);
    }
  }

  void step() {
    const ProcessEvent event = queue_.pop();
    now_ = event.order.time;
    Process& process = processes_[event.process];
    process.busy += now_ - process.previous;
    process.previous = now_;
    ++process.events;
    digest_.add(static_cast<std::uint64_t>(now_.count_ns()) ^ event.order.key);
    const std::uint64_t route = routes_[cursor_ % block];
    const bool remote = (route & 0xffffffffU) < remote_threshold_;
    const std::uint64_t elsewhere = ((route >> 32) * processes_.size()) >> 32;
    schedule(now_, event.process, remote ? elsewhere : event.process);
  }
  [[nodiscard]] SimTime now() const { return now_; }
  [[nodiscard]] std::uint64_t digest() const { return digest_.value(); }

 private:
  static constexpr std::size_t block = 1024;
  struct alignas(64) Process {
    std::uint64_t events = 0;
    SimTime previous;
    Duration busy;
    KeyStamp stamp{0};
  };

  void schedule(SimTime now, std::uint64_t from, std::uint64_t to) {
    const std::size_t i = cursor_++ % block;
    const Duration hold = Duration::nanoseconds(static_cast<std::int64_t>(holds_[i] + 0.5));
    queue_.push({{now + hold, processes_[from].stamp()}, to});
    if (cursor_ % block == 0) refill();
  }
  void refill() {
    draw_block(key_, cursor_, 0, words_, routes_);
    law_.sample_block(words_, holds_);
  }

  Queue queue_;
  std::vector<Process> processes_;
  std::uint64_t remote_threshold_;
  StreamKey key_{1, 0, 0, Purpose::test};
  Distribution law_ = Distribution::exponential(hold_mean_ns);
  std::array<std::uint64_t, block> words_;
  std::array<std::uint64_t, block> routes_;
  std::array<double, block> holds_;
  std::uint64_t cursor_ = 0;
  SimTime now_;
  Digest digest_;
};

// The events of n processes are a Poisson process of rate n, so the k-th comes at k / n, with a
// relative standard error of 1 / sqrt(k).
void check_against_theory(benchmark::State& state, SimTime end, std::uint64_t processes) {
  const double expected =
      static_cast<double>(steps * hold_mean_ns) / static_cast<double>(processes);
  const double error = static_cast<double>(end.count_ns()) / expected - 1;
  if (std::abs(error) * std::sqrt(static_cast<double>(steps)) > 4)
    state.SkipWithError("differs from theory");
}

template <class Queue>
void phold(benchmark::State& state) {
  const auto processes = static_cast<std::uint64_t>(state.range(0));
  for (auto _ : state) {
    Phold<Queue> model(processes, static_cast<double>(state.range(1)) / 100);
    for (std::uint64_t i = 0; i < steps; ++i) model.step();
    check_against_theory(state, model.now(), processes);
    bench::label_with_hash(state, model.digest());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(steps));
}

void sizes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"processes", "remote_percent"})->Unit(benchmark::kMillisecond);
  b->Args({1'024, 0})->Args({1'024, 10})->Args({1'024, 50})->Args({16'384, 10})->Args({65'536, 10});
}
BENCHMARK_TEMPLATE(phold, EventQueue<ProcessEvent>)->Apply(sizes);
BENCHMARK_TEMPLATE(phold, CalendarQueue<ProcessEvent>)->Apply(sizes);

}  // namespace
}  // namespace haldane::sim
