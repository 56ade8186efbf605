// One edge site: clients, caches, fetches under way and those who wait for them.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <vector>

#include "models/plan.h"
#include "tests/support/oracle/arrivals.h"
#include "tests/support/oracle/books.h"
#include "tests/support/oracle/draws.h"
#include "tests/support/oracle/plain_cache.h"

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
  void retry(Request request);
  /// Closed loop: a client has its answer or gave up, and thinks.
  void client_ready();

 private:
  struct Object {
    std::uint64_t expiry = 0;  ///< in ticks
    bool valid = false;        ///< not purged since it was fetched
    bool refreshing = false;
  };
  struct Waiter {
    Request request;
    bool gave_up = false;
  };
  enum class Freshness : std::uint8_t { fresh, stale, absent };

  void begin(Request request, Arrivals::UserWord user);
  void look_up(Request& request, Duration hit_latency, std::uint64_t route_word);
  [[nodiscard]] Freshness freshness(std::uint32_t object);
  void serve(const Request& request, Duration hit_latency, bool stale);
  void refresh(const Request& request, std::uint64_t route_word);
  void miss(const Request& request, std::uint64_t route_word);
  void wait_for_fetch(const Request& request);
  void forward(Call call, std::uint64_t route_word);
  void fill(const Request& request, SimTime fetched_from);
  void wake(std::uint32_t object, bool ok);
  void conclude(Request request, bool ok);
  void warm_up();
  void purge(const models::Purge& purge);
  [[nodiscard]] bool concerns(const models::Purge& purge, std::uint32_t object) const;
  [[nodiscard]] std::uint64_t tick(SimTime t) const;
  [[nodiscard]] std::uint64_t expiry_tick(SimTime t) const;
  void count(const Request& request, models::Counter counter, std::int64_t amount = 1);
  void count_fetch(const Request& request);
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
  std::vector<std::uint32_t> asked_once_;
  std::uint64_t begun_ = 0;
  std::uint64_t calls_ = 0;
  std::uint64_t own_events_ = 0;
};

}  // namespace haldane::test::oracle
