// What travels between logical processes: small values with the total order that their sender
// stamped.
#pragma once

#include <cstdint>

#include "sim/base/time.h"
#include "sim/kernel/event_queue.h"

namespace haldane::models {

/// Who asks and for what; carried through links, API and jobs.
struct RequestTag {
  std::uint64_t id = 0;  ///< site << 40 | number at the site
  SimTime asked;         ///< when the client first asked
  std::uint32_t object = 0;
  std::uint16_t version = 0;  ///< purges seen when the fetch began
  std::uint8_t attempt = 1;   ///< of the client, from 1
  bool canary : 1 = false;
  bool background : 1 = false;     ///< a refresh: no client waits for it
  bool leader : 1 = false;         ///< others wait for this fetch
  bool alone : 1 = false;          ///< a fetch after waiting, which the site alone keeps count of
  bool after_timeout : 1 = false;  ///< of a retry: the attempt before was given up
  // A whole byte is written without reading it first: these three fill it.
  bool concluded : 1 = false;  ///< inside a cell: its client has given up
  bool crashed : 1 = false;    ///< inside a cell: its replica goes down before it departs
  bool failed : 1 = false;     ///< inside a cell: its dependency failed; before, see below

  /// Until a request is let in nothing of it has failed. Where sites revalidate, its bit says until
  /// then that their copy is still good.
  void set_not_modified(bool unchanged) { failed = unchanged; }
  [[nodiscard]] bool is_not_modified() const { return failed; }

  /// Set in the identity of a request by which a worker writes the result of that request's job.
  static constexpr std::uint64_t write_bit = std::uint64_t{1} << 63;
  [[nodiscard]] bool is_write() const { return (id & write_bit) != 0; }
  /// Where calls are hedged, attempts are below this, and it is added to that of a second copy.
  static constexpr unsigned hedge_bit = 0x80;

  /// Draw number of a client's attempt, so that a retry meets new luck.
  [[nodiscard]] std::uint64_t lane() const { return (std::uint64_t{background} << 8) | attempt; }
  [[nodiscard]] std::uint32_t site() const { return static_cast<std::uint32_t>(id >> 40); }
};

/// Edge to API; `order.time` is the arrival at the cell.
struct ApiRequest {
  sim::EventOrder order;
  RequestTag tag;
};

/// What `detail` says of a call that ended (EdgeEvent::Kind::call_ended).
struct CallReport {
  bool failed = false;     ///< with an error, or given up
  bool slow = false;       ///< took longer than the breaker's rules allow
  std::uint32_t cell = 0;  ///< that was called

  [[nodiscard]] std::uint32_t packed() const {
    return (failed ? 1U : 0U) | (slow ? 2U : 0U) | cell << 2U;
  }
  static CallReport unpacked(std::uint32_t detail) {
    return {(detail & 1U) != 0, (detail & 2U) != 0, detail >> 2U};
  }
};

/// Something that happens at a site other than an open-loop arrival.
struct EdgeEvent {
  enum class Kind : std::uint8_t {
    response,         ///< the API's answer: fills the cache
    failed_response,  ///< the API's error: fills nothing, wakes waiters
    retry,            ///< a client tries again
    client_ready,     ///< closed loop: a client has its answer (or gave up) and starts to think
    client_asks,      ///< closed loop: a client has thought
    waiter_timeout,   ///< a client that waits for another's fetch gives up
    held_response,  ///< as response, where the site settles with the client (Plan::site_concludes)
    held_failure,   ///< as failed_response, likewise
    late_response,  ///< as held_response, of a client who has given up
    lock_timeout,   ///< a request has waited for another's fetch long enough; its slot
    waiter_released,  ///< a waiter sees that the answer has come; bit 0: well, bit 1: masked
    limited,          ///< a rate limit has turned a request away, and its client hears of it
    let_in,           ///< a request that a rate limit held back goes on
    client_gave_up,   ///< likewise: the client of a miss has waited long enough
    node_response,    ///< as response, where sites look up which node asked
    call_ended,       ///< for the breaker: what its caller learns, in `detail` (CallReport)
    hedge_due,        ///< a call has taken long enough to be made once more
    warm_next,        ///< a site fetches the `detail`-th object of a list
    result_purges,    ///< a job is done: copies of the object are out of date
    result_updates,   ///< likewise: the site stores the new content
    inspected,        ///< the proxies have done with a request
    left_proxies,     ///< a client has waited for them long enough
  };
  sim::EventOrder order;
  RequestTag tag;
  Kind kind = Kind::response;
  std::uint32_t detail =
      0;  ///< response: when the copy expires, in ticks; waiter_timeout: its slot; else see there
};
static_assert(sizeof(EdgeEvent) <= 64);

/// A job; `order.time` is its arrival at the queue.
struct Job {
  sim::EventOrder order;
  std::uint64_t id = 0;
  std::uint32_t object = 0;  ///< of its request
  std::uint16_t attempt = 1;
  bool canary = false;
};
static_assert(sizeof(Job) == 32);

/// A client request with its outcome, kept for a hashed share of the requests (`--arms`).
struct RequestSample {
  SimTime asked;
  Duration latency;
  bool canary = false;
};

}  // namespace haldane::models
