// The nodes of a site where requests are spread over them anew each time: which node has a request
// at hand, and which one began the fetch that an answer belongs to.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "models/plan.h"
#include "models/tiers/edge/node_spread.h"
#include "models/tiers/link/messages.h"
#include "models/tiers/record/recorder.h"
#include "sim/base/hash.h"

namespace haldane::models {

/// **Cost** a map entry a fetch under way, beside NodeSpread's.
class SiteNodes {
 public:
  SiteNodes(const Plan& plan, std::uint32_t site)
      : plan_(&plan),
        site_(site),
        spread_(plan.scenario.edge->spread, plan.scenario.traffic.objects.count,
                plan.node_counts[site].front().nodes),
        loads_(plan.nodes_max),
        imbalance_(plan.grid.bins()) {}

  /// The node at hand.
  [[nodiscard]] std::uint32_t at_hand() const { return at_hand_; }
  [[nodiscard]] const NodeSpread& spread() const { return spread_; }

  /// A request goes to a node, which is then at hand.
  void pick(const RequestTag& tag, SimTime now) {
    const std::uint64_t word = mix(mix(tag.id ^ 0xd1342543de82ef95ULL) + tag.attempt);
    at_hand_ = spread_.pick(tag.object, word, now);
    ++loads_[at_hand_];
  }
  /// Somebody at that node is next.
  void go_to(std::uint32_t node) { at_hand_ = node; }
  /// The node at hand begins a fetch, whose answer will come.
  void remember(const RequestTag& tag) { fetches_[key_of(tag)] = at_hand_; }
  /// The fetch is over: the node that began it is at hand.
  void recall(const RequestTag& tag) {
    const auto fetch = fetches_.find(key_of(tag));
    if (fetch == fetches_.end()) return;
    at_hand_ = fetch->second;
    fetches_.erase(fetch);
  }

  /// When the number of nodes changes next, and that change. **Domain** of change() that it is due.
  [[nodiscard]] SimTime next_change() const {
    const auto& counts = plan_->node_counts[site_];
    return changes_ < counts.size() ? counts[changes_].from : SimTime::never();
  }
  void change() { spread_.set_nodes(plan_->node_counts[site_][changes_++].nodes); }
  /// As an autoscaler has it.
  void set_nodes(std::uint32_t nodes) { spread_.set_nodes(nodes); }

  /// Notes how uneven the load of a time bin was.
  void close_bin(std::size_t bin) {
    std::int64_t all = 0;
    for (const std::int64_t load : loads_) all += load;
    const std::int64_t most = *std::ranges::max_element(loads_);
    if (all > 0) imbalance_.note(bin, most * 1'000 * spread_.nodes() / all);
    std::ranges::fill(loads_, 0);
  }
  [[nodiscard]] const MaximumSeries& imbalance() const { return imbalance_; }

  /// When each node was not there, after the outages of the whole site were added.
  [[nodiscard]] std::vector<std::vector<Outage>> outages() const;

 private:
  using Key = std::pair<std::uint64_t, std::uint32_t>;
  static Key key_of(const RequestTag& tag) {
    return {tag.id, (std::uint32_t{tag.attempt} << 2U) | (tag.background ? 2U : 0U) |
                        (tag.alone ? 1U : 0U)};
  }

  const Plan* plan_;
  std::uint32_t site_;
  NodeSpread spread_;
  std::size_t changes_ = 1;  // that have been: the first count is that of the start
  std::uint32_t at_hand_ = 0;
  std::map<Key, std::uint32_t> fetches_;
  std::vector<std::int64_t> loads_;
  MaximumSeries imbalance_;
};

}  // namespace haldane::models
