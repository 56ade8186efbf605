#include "sim/parallel/thread_team.h"

#include "sim/parallel/parallel_for.h"

namespace haldane::sim {
namespace {

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#else
  std::this_thread::yield();
#endif
}

// Until `word` is no longer `old`: spinning at first, then asleep.
void await_change(const std::atomic<std::uint32_t>& word, std::uint32_t old, int spins) {
  for (int i = 0; i < spins; ++i) {
    if (word.load(std::memory_order_acquire) != old) return;
    pause();
  }
  while (word.load(std::memory_order_acquire) == old) word.wait(old, std::memory_order_acquire);
}

}  // namespace

// About 20 microseconds; where there are more threads than cores, whoever spins keeps another from
// working.
ThreadTeam::ThreadTeam(unsigned threads) : spins_(threads <= available_threads() ? 1'000 : 0) {
  helpers_.reserve(threads - 1);
  for (unsigned i = 1; i < threads; ++i) helpers_.emplace_back([this] { help(); });
}

ThreadTeam::~ThreadTeam() {
  over_ = true;
  phase_.fetch_add(1, std::memory_order_release);
  phase_.notify_all();
}

void ThreadTeam::run(std::size_t count, const std::function<void(std::size_t)>& work) {
  if (helpers_.empty() || count < 2) {
    for (std::size_t i = 0; i < count; ++i) work(i);
    return;
  }
  work_ = &work;
  count_ = count;
  next_.store(0, std::memory_order_relaxed);
  busy_.store(static_cast<std::uint32_t>(helpers_.size()), std::memory_order_relaxed);
  phase_.fetch_add(1, std::memory_order_release);
  phase_.notify_all();
  take_part();
  while (true) {
    const std::uint32_t busy = busy_.load(std::memory_order_acquire);
    if (busy == 0) return;
    await_change(busy_, busy, spins_);
  }
}

void ThreadTeam::take_part() {
  for (std::size_t i = next_.fetch_add(1, std::memory_order_relaxed); i < count_;
       i = next_.fetch_add(1, std::memory_order_relaxed)) {
    (*work_)(i);
  }
}

void ThreadTeam::help() {
  for (std::uint32_t phase = 0;; ++phase) {
    await_change(phase_, phase, spins_);
    if (over_) return;
    take_part();
    busy_.fetch_sub(1, std::memory_order_acq_rel);
    busy_.notify_one();
  }
}

}  // namespace haldane::sim
