#include "models/replay/stack_distances.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "models/replay/recency_counter.h"
#include "sim/base/check.h"

namespace haldane::models {
namespace {

/// The moments of last requests, renumbered from 0 whenever they run out.
class LastRequests {
 public:
  explicit LastRequests(std::uint32_t objects)
      : counter_(moments_for(objects)), last_(objects, never), object_at_(moments_for(objects)) {}

  [[gnu::always_inline]] void prefetch(std::uint32_t object) const {
    __builtin_prefetch(&last_[object], 1);
  }
  [[gnu::always_inline]] void prefetch_moment(std::uint32_t object) const {
    if (last_[object] != never) counter_.prefetch(last_[object]);
  }

  /// **Returns** the stack distance of a request for `object`, 0 for its first.
  std::uint64_t ask(std::uint32_t object) {
    if (counter_.moments_used() == object_at_.size()) [[unlikely]]
      renumber();
    std::uint64_t distance = 0;
    const std::uint32_t last = last_[object];
    if (last != never) {
      distance = counter_.set_since(last);
      counter_.clear(last);
    }
    const std::uint32_t now = counter_.set_next();
    last_[object] = now;
    object_at_[now] = object;
    return distance;
  }

 private:
  static constexpr std::uint32_t never = 0xffffffffU;
  static constexpr std::uint64_t moments_max = never - std::uint64_t{1};

  // Four moments an object: renumbering then costs a quarter of a visit a request.
  static std::uint64_t moments_for(std::uint32_t objects) {
    const std::uint64_t wanted = std::max<std::uint64_t>(std::uint64_t{4} * objects, 4096);
    return std::min(wanted, moments_max);
  }

  void renumber() {
    const std::uint64_t used = counter_.moments_used();
    std::uint32_t kept = 0;
    for (std::uint64_t moment = 0; moment < used; ++moment) {
      if (counter_.is_set(moment)) object_at_[kept++] = object_at_[moment];
    }
    HALDANE_CHECK(kept < used);
    counter_.restart();
    for (std::uint32_t i = 0; i < kept; ++i) last_[object_at_[i]] = counter_.set_next();
  }

  RecencyCounter counter_;
  LargeVector<std::uint32_t> last_;
  LargeVector<std::uint32_t> object_at_;
};

constexpr std::size_t batch = 256;

// The stack distance of a request, with what those after it will need fetched.
[[gnu::always_inline]] inline std::uint64_t ask_ahead(const AccessTrace& trace,
                                                      LastRequests& requests, std::size_t i) {
  constexpr std::size_t last_ahead = 24;
  constexpr std::size_t moment_ahead = 12;
  const std::size_t end = trace.objects.size() - 1;
  requests.prefetch(trace.objects[std::min(i + last_ahead, end)]);
  requests.prefetch_moment(trace.objects[std::min(i + moment_ahead, end)]);
  return requests.ask(trace.objects[i]);
}

void sum_from_the_end(LargeVector<std::uint64_t>& counts) {
  if (counts.empty()) return;
  // counts[d] becomes what a cache of d objects misses: first requests, and distances above d.
  std::uint64_t missed = counts[0];
  for (std::size_t d = counts.size(); d-- > 1;) {
    const std::uint64_t here = counts[d];
    counts[d] = missed;
    missed += here;
  }
  counts[0] = missed;
}

}  // namespace

StackDistances::StackDistances(const AccessTrace& trace)
    : requests_(std::size_t{trace.object_count} + 1),
      bytes_(trace.has_sizes() ? std::size_t{trace.object_count} + 1 : 0) {
  LastRequests requests(trace.object_count);
  std::array<std::uint64_t, batch> distances{};
  for (std::size_t done = 0; done < trace.objects.size(); done += batch) {
    const std::size_t count = std::min(batch, trace.objects.size() - done);
    for (std::size_t i = 0; i < count; ++i) {
      distances[i] = ask_ahead(trace, requests, done + i);
      __builtin_prefetch(&requests_[distances[i]], 1);
    }
    // Counted later, because nothing can be done while an unforeseen line is on its way.
    for (std::size_t i = 0; i < count; ++i) ++requests_[distances[i]];
    if (bytes_.empty()) continue;
    for (std::size_t i = 0; i < count; ++i) bytes_[distances[i]] += trace.sizes[done + i];
  }
  sum_from_the_end(requests_);
  sum_from_the_end(bytes_);
}

MissCounts StackDistances::misses(std::uint64_t capacity) const {
  const std::size_t d = std::min<std::uint64_t>(capacity, requests_.size() - 1);
  return {requests_[d], bytes_.empty() ? 0 : bytes_[d]};
}

}  // namespace haldane::models
