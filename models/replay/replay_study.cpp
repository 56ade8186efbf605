#include "models/replay/replay_study.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>

#include "models/replay/byte_replay.h"
#include "models/replay/stack_distances.h"
#include "sim/base/check.h"
#include "sim/parallel/parallel_for.h"

namespace haldane::models {
namespace {

// A cache over a sample is smaller by the rate of the sample.
std::uint64_t scaled_down(std::uint64_t capacity, double rate) {
  if (rate >= 1) return capacity;
  const double scaled = static_cast<double>(capacity) * rate + 0.5;
  return std::max<std::uint64_t>(static_cast<std::uint64_t>(scaled), 1);
}

std::uint64_t scaled_up(std::uint64_t count, double rate) {
  if (rate >= 1) return count;
  return static_cast<std::uint64_t>(static_cast<double>(count) / rate + 0.5);
}

// What the sample missed over what it should have been asked: rate times all. That it was asked
// more or less often lies in the few objects with most requests, which hit in any cache worth its
// name, so the difference belongs to the hits. (Waldspurger et al., FAST'15: SHARDS-adj.)
double miss_share(std::uint64_t missed, std::uint64_t all, double rate) {
  if (all == 0) return 0;
  return std::min(static_cast<double>(missed) / (static_cast<double>(all) * rate), 1.0);
}

ReplayAnswer answer_of(const AccessTrace& trace, double rate, ReplayPolicy policy,
                       ReplayCapacity capacity, const MissCounts& counts) {
  ReplayAnswer answer;
  answer.policy = policy;
  answer.capacity = capacity;
  answer.miss_ratio = miss_share(counts.misses, trace.requests_seen, rate);
  answer.misses = std::min(scaled_up(counts.misses, rate), trace.requests_seen);
  answer.hits = trace.requests_seen - answer.misses;
  if (trace.bytes_seen > 0) {
    answer.byte_miss_ratio = miss_share(counts.missed_bytes, trace.bytes_seen, rate);
  }
  return answer;
}

/// Answers that come out of one piece of work: one, or all of LRU.
struct Task {
  std::vector<std::size_t> answers;
  bool by_stack_distance = false;
};

bool counts_objects(const ReplayCapacity& capacity) {
  return capacity.unit == CapacityUnit::objects;
}

// The LRU pass first, because it is the longest.
std::vector<Task> tasks_of(const ReplayQuestion& question) {
  std::vector<Task> tasks;
  Task by_distance{{}, true};
  for (std::size_t p = 0; p < question.policies.size(); ++p) {
    for (std::size_t c = 0; c < question.capacities.size(); ++c) {
      const std::size_t answer = p * question.capacities.size() + c;
      const bool in_one_pass =
          question.policies[p] == ReplayPolicy::lru && counts_objects(question.capacities[c]);
      if (in_one_pass) {
        by_distance.answers.push_back(answer);
      } else {
        tasks.push_back({{answer}, false});
      }
    }
  }
  // For a single capacity the cache itself is quicker.
  by_distance.by_stack_distance = by_distance.answers.size() > 1;
  if (!by_distance.answers.empty()) tasks.insert(tasks.begin(), by_distance);
  return tasks;
}

}  // namespace

std::vector<ReplayAnswer> replay_study(const AccessTrace& trace, const ReplayQuestion& question) {
  HALDANE_CHECK(trace.requests_seen > 0);
  const std::size_t capacities = question.capacities.size();
  const double rate = question.sample_rate;
  std::vector<ReplayAnswer> answers(question.policies.size() * capacities);
  const std::vector<Task> tasks = tasks_of(question);
  sim::parallel_for(tasks.size(), question.threads, [&](std::size_t t) {
    std::unique_ptr<StackDistances> distances;
    if (tasks[t].by_stack_distance) distances = std::make_unique<StackDistances>(trace);
    for (const std::size_t a : tasks[t].answers) {
      const ReplayPolicy policy = question.policies[a / capacities];
      const ReplayCapacity capacity = question.capacities[a % capacities];
      const std::uint64_t amount = scaled_down(capacity.amount, rate);
      const MissCounts counts = distances                  ? distances->misses(amount)
                                : counts_objects(capacity) ? replay(trace, policy, amount)
                                                           : replay_bytes(trace, policy, amount);
      answers[a] = answer_of(trace, rate, policy, capacity, counts);
    }
  });
  return answers;
}

std::uint64_t estimated_objects(const AccessTrace& trace, double sample_rate) {
  return scaled_up(trace.object_count, sample_rate);
}

std::uint64_t working_set_bytes(const AccessTrace& trace, double sample_rate) {
  if (!trace.has_sizes()) return 0;
  std::uint64_t sum = 0;
  std::uint32_t next = 0;
  for (std::size_t i = 0; i < trace.objects.size(); ++i) {
    // Ids count up by first appearance, so the next new object is known.
    if (trace.objects[i] != next) continue;
    sum += trace.sizes[i];
    ++next;
  }
  return scaled_up(sum, sample_rate);
}

std::vector<ReplayCapacity> default_capacities(std::uint64_t objects) {
  std::vector<ReplayCapacity> capacities;
  constexpr std::array<std::uint64_t, 13> per_10000 = {1,   2,   5,     10,    20,    50,    100,
                                                       200, 500, 1'000, 2'000, 5'000, 10'000};
  for (const std::uint64_t share : per_10000) {
    const std::uint64_t amount =
        std::max<std::uint64_t>(objects / 10'000 * share + objects % 10'000 * share / 10'000, 1);
    if (capacities.empty() || capacities.back().amount < amount) {
      capacities.push_back({amount, CapacityUnit::objects});
    }
  }
  return capacities;
}

}  // namespace haldane::models
