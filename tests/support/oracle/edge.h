// One edge site: clients, caches, fetches under way (edge_calls.cpp) and those who wait for them
// (edge_waiting.cpp).
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "models/clients/circuit_breaker.h"
#include "models/clients/hedges.h"
#include "models/clients/retry_budget.h"
#include "models/plan.h"
#include "models/tiers/link/messages.h"
#include "tests/support/oracle/arrivals.h"
#include "tests/support/oracle/books.h"
#include "tests/support/oracle/draws.h"
#include "tests/support/oracle/plain_cache.h"
#include "tests/support/oracle/workers.h"

namespace haldane::test::oracle {

class Edge {
 public:
  /// `send` takes a call to its cell.
  Edge(EventLoop& loop, const models::Plan& plan, const Draws& draws, std::vector<Books>& arms,
       std::uint32_t site, std::function<void(Call)> send);

  /// Schedules what begins by itself: arrivals, closed-loop clients, purges.
  void start();
  /// The answer to a call is back at the site (whoever waits for it).
  void answered(const Call& call, bool ok);
  /// The client of a call has waited for it long enough.
  void gave_up(const Call& call);
  void retry(Request request);
  /// A job for an object is done, and the site learns it.
  void take_result(const Job& job);
  /// The run is over.
  void close();
  /// Closed loop: a client has its answer or gave up, and thinks.
  void client_ready(const Request& last);

 private:
  using AttemptEnd = models::AttemptEnd;
  struct Object {
    std::uint64_t expiry = 0;  ///< in ticks
    bool valid = false;        ///< not purged since it was fetched
    bool refreshing = false;
  };
  struct Waiter {
    Request request;
    SimTime since;
  };
  enum class Freshness : std::uint8_t { fresh, stale, expired, absent };

  void think(Request request);
  void begin(Request request, Arrivals::UserWord user);
  [[nodiscard]] std::uint32_t in_format(const Request& request, Arrivals::UserWord user) const;
  void look_up(Request& request, Duration hit_latency, std::uint64_t route_word);
  [[nodiscard]] Freshness freshness(std::uint32_t object);
  void serve(const Request& request, Duration hit_latency, bool stale);
  void refresh(const Request& request, std::uint64_t route_word);
  void miss(const Request& request, std::uint64_t route_word, bool has_copy);
  void fetch(Call call, std::uint64_t route_word);
  void fetch_alone(const Request& request, bool leader);
  [[nodiscard]] std::uint32_t cell_of(std::uint64_t route_word) const;
  bool may_call(const Request& request, std::uint64_t route_word);
  void tell_breaker(const Call& call, bool failed);
  void note_breaker(std::uint32_t cell);
  void close_breaker(SimTime since, SimTime now);
  void begin_hedged(Call& call);
  void hedge(Call call);
  bool takes(Request& request, bool ok);
  void wait_for_fetch(const Request& request);
  bool stop_waiting(const Request& request);
  void waited_long_enough(const Request& request);
  void bring(const Call& call);
  void pass_on_uncacheable(std::uint32_t object);
  void settle(const Request& request, bool ok, bool masked);
  void forward(Call call, std::uint64_t route_word);
  void fill(const Request& request, SimTime fetched_from, SimTime born);
  void store(std::uint32_t object, std::uint64_t expiry);
  [[nodiscard]] std::uint64_t expiry_of(const Request& request, SimTime born) const;
  void wake(std::uint32_t object, bool ok, bool masked);
  void conclude(Request request, AttemptEnd end);
  bool may_retry(const Request& request, AttemptEnd end);
  void tell_budget_of_hit(const Request& request);
  void warm_up();
  void purge(const models::Purge& purge);
  [[nodiscard]] bool concerns(const models::Purge& purge, std::uint32_t object) const;
  [[nodiscard]] bool is_stored(std::uint32_t object);
  [[nodiscard]] bool usable_on_error(std::uint32_t object);
  [[nodiscard]] bool is_marked(std::uint32_t object) const;
  [[nodiscard]] SimTime released(SimTime since) const;
  [[nodiscard]] std::uint64_t tick(SimTime t) const;
  [[nodiscard]] std::uint64_t expiry_tick(SimTime t) const;
  void count(const Request& request, models::Counter counter, std::int64_t amount = 1);
  void count_fetch(const Call& call);
  void revalidate(Call& call, bool has_copy) const;
  [[nodiscard]] PlainCache& cache_of(std::uint32_t object);
  [[nodiscard]] Books& books(const Request& request) { return arms_[request.canary ? 1 : 0]; }
  void later(SimTime at, std::function<void()> action);
  [[nodiscard]] bool closed_loop() const;

  EventLoop& loop_;
  const models::Plan& plan_;
  const Draws& draws_;
  std::vector<Books>& arms_;
  std::uint32_t site_;
  std::function<void(Call)> send_;
  models::CacheSpec spec_;
  std::uint32_t nodes_;
  bool fills_at_miss_;
  Arrivals arrivals_;

  std::deque<PlainCache> caches_;  // one a node
  std::vector<Object> objects_;
  std::map<std::uint32_t, std::list<Waiter>> fetches_;  // coalescing: by object
  std::map<std::uint32_t, std::uint64_t> written_;      // by results: from then on, in ticks
  std::map<std::uint32_t, std::uint64_t> markers_;      // of uncacheable objects: until, in ticks
  // Of those who waited and do not any more, but are not done: by number and attempt.
  std::set<std::pair<std::uint64_t, std::uint32_t>> unsettled_;
  std::optional<models::RetryBudget> budget_;
  std::vector<models::CircuitBreaker> breakers_;  // one a cell, or none
  std::vector<SimTime> open_since_;               // of each; never: it is not open
  std::optional<models::Hedges> hedges_;
  std::vector<std::uint32_t> asked_once_;
  std::uint64_t begun_ = 0;
  std::uint64_t calls_ = 0;
  std::uint64_t own_events_ = 0;
};

}  // namespace haldane::test::oracle
