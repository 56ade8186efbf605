// Stop-the-world pauses of replicas: nothing in service makes progress meanwhile, and what starts
// waits for the end.
//
// A pause only postpones, so it needs no event: whoever would depart asks how long it has been held
// up since it started, and leaves so much later. Only replicas served by events can ask.
#pragma once

#include <cstdint>
#include <vector>

#include "models/plan.h"
#include "sim/random/philox.h"

namespace haldane::models {

/// The pauses of all replicas of a pool. **Domain** times never decrease, for each replica.
/// **Determinism** pauses by time are drawn by (replica, number); those by allocation begin with
/// every n-th start.
class Pauses {
 public:
  Pauses(const PausesPlan& rule, std::uint32_t replicas, sim::StreamKey key);

  /// One replica more, whose pauses are those that it would have had from the start.
  void add();

  /// A request starts: **returns** how long it is held up before it makes progress.
  Duration start(std::uint32_t replica, SimTime now);
  /// The length of all pauses that have begun by `now`. A request that starts later than it asked
  /// first is held up by the difference.
  Duration begun(std::uint32_t replica, SimTime now);

 private:
  struct Replica {
    SimTime next;   // by time: when the next one begins
    SimTime until;  // when the last one ends
    Duration begun;
    std::uint64_t number = 0;
    std::uint64_t starts = 0;  // by allocation: since the last one began
  };
  void begin(Replica& replica, std::uint32_t index, SimTime now);
  void catch_up(Replica& replica, std::uint32_t index, SimTime now);

  const PausesPlan* rule_;
  sim::StreamKey key_;
  std::vector<Replica> replicas_;
};

}  // namespace haldane::models
