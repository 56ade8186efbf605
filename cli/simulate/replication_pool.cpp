#include "cli/simulate/replication_pool.h"

#include <algorithm>
#include <utility>

#include "sim/parallel/parallel_for.h"

namespace haldane::cli {
namespace {

double requests_of(const models::ReplicationResult& result) {
  return result.requests_per_window * static_cast<double>(result.windows);
}

}  // namespace

ReplicationPool::ReplicationPool(const models::Plan& plan, std::uint64_t seed, unsigned threads,
                                 double sample_share, Checkpoint* checkpoint)
    : plan_(plan),
      seed_(seed),
      threads_(threads),
      sample_share_(sample_share),
      checkpoint_(checkpoint) {}

std::uint32_t ReplicationPool::portion() const {
  constexpr std::uint32_t rounds = 4;
  constexpr std::uint32_t least = 16;
  return std::max(rounds * threads_, (least + threads_ - 1) / threads_ * threads_);
}

std::vector<sim::Measurements> ReplicationPool::run(std::uint32_t first, std::uint32_t count) {
  if (asked_ < first + count) asked_ = first + count;
  std::vector<models::ReplicationResult> results(count);
  std::vector<std::size_t> missing;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (checkpoint_ == nullptr || !checkpoint_->holds(first + i)) {
      missing.push_back(i);
      continue;
    }
    results[i] = checkpoint_->load(first + i);
    add_up(results[i]);
    ++finished_;
    ++restored_;
  }
  run_missing(missing, first, results);
  for (const std::size_t i : missing) {
    add_up(results[i]);
    counts_.events_now += results[i].measurements.events;
    counts_.requests_now += requests_of(results[i]);
  }
  if (first == 0 && !results.front().stopped) keep_first(results.front());
  std::vector<sim::Measurements> finished;
  for (models::ReplicationResult& result : results) {
    auto& kept = result.stopped ? cut_off_ : finished;
    kept.push_back(std::move(result.measurements));
  }
  return finished;
}

// Replications need no synchronisation, so they come first: whole rounds of one thread each. What
// is left is fewer than there are threads and shares them.
void ReplicationPool::run_missing(const std::vector<std::size_t>& missing, std::uint32_t first,
                                  std::vector<models::ReplicationResult>& results) {
  const std::size_t rest = missing.size() % threads_;
  const std::size_t whole = missing.size() - rest;
  const auto run_at = [&](std::size_t position, unsigned threads) {
    const std::size_t i = missing[position];
    run_one(first + static_cast<std::uint32_t>(i), threads, results[i]);
  };
  sim::parallel_for(whole, threads_, [&](std::size_t position) { run_at(position, 1); });
  if (rest == 0) return;
  const auto share = static_cast<unsigned>(threads_ / rest);
  const std::size_t with_one_more = threads_ % rest;
  if (!control_.stop) {
    counts_.threads_per_replication =
        std::max(counts_.threads_per_replication, share + (with_one_more > 0 ? 1 : 0));
  }
  sim::parallel_for(rest, static_cast<unsigned>(rest),
                    [&](std::size_t k) { run_at(whole + k, share + (k < with_one_more ? 1 : 0)); });
}

void ReplicationPool::run_one(std::uint32_t replication, unsigned threads,
                              models::ReplicationResult& result) {
  result.stopped = true;
  if (control_.stop) return;
  models::ReplicationOptions options;
  options.seed = seed_;
  options.replication = replication;
  options.sample_share = replication == 0 ? sample_share_ : 0;
  options.threads = threads;
  result = models::run_replication(plan_, options, &control_);
  if (result.stopped) return;
  ++finished_;
  if (checkpoint_ != nullptr) checkpoint_->add(replication, result);
}

void ReplicationPool::add_up(const models::ReplicationResult& result) {
  counts_.windows += result.windows;
  counts_.windows_on_one_thread += result.windows_on_one_thread;
  counts_.requests += requests_of(result);
}

void ReplicationPool::keep_first(models::ReplicationResult& result) {
  if (sample_share_ <= 0) return;
  samples_ = std::move(result.samples);
  first_run_ = result.measurements;
}

double ReplicationPool::duration_s() const {
  return (plan_.end - SimTime::zero()).as_seconds();
}

Progress ReplicationPool::progress() const {
  Progress progress;
  progress.restored_s = duration_s() * restored_;
  progress.done_s = progress.restored_s + static_cast<double>(control_.simulated_ns.load()) * 1e-9;
  progress.total_s = duration_s() * asked_;
  progress.replications_done = finished_;
  progress.replications = asked_;
  progress.events = control_.events;
  return progress;
}

}  // namespace haldane::cli
