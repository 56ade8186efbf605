// Visits: a user asks several times with pauses between, whatever the answers.
//
// Sessions begin by themselves; each has a geometric number of requests. Requests of all open
// sessions of a site are merged in order of time through a heap, whose size is the number of open
// sessions: it does not grow with the run.
#pragma once

#include <cstdint>
#include <queue>
#include <vector>

#include "sim/random/distribution.h"
#include "sim/random/philox.h"

namespace haldane::models {

/// 32 bits that all requests of a user share: of a session, or of a client of a closed loop.
[[nodiscard]] inline std::uint64_t user_word(const sim::StreamKey& key, std::uint64_t user) {
  return sim::draw(key, user, 1).first >> 32;
}

/// **Determinism** session s depends on its key and s alone.
class Sessions {
 public:
  /// **Domain** requests_mean >= 1.
  Sessions(double requests_mean, sim::Distribution pause, sim::StreamKey key);

  /// A request of a session.
  struct Request {
    SimTime at;
    std::uint64_t session = 0;
    std::uint32_t left = 0;   ///< requests of the session after this one
    std::uint32_t asked = 0;  ///< and before it
    /// Of equal times the older session goes first.
    bool operator>(const Request& other) const {
      return at != other.at ? at > other.at : session > other.session;
    }
  };

  /// The gap, in units of the mean gap, before session `session` begins: a word of its own.
  [[nodiscard]] std::uint64_t gap_word(std::uint64_t session) const {
    return sim::draw(key_, session).second;
  }
  /// When the next request of an open session comes; never if none is open.
  [[nodiscard]] SimTime next_time() const {
    return open_.empty() ? SimTime::never() : open_.top().at;
  }
  /// The first request of a new session.
  Request begin(SimTime at);
  /// The request of next_time(). **Domain** there is one.
  Request take();
  [[nodiscard]] std::uint64_t begun() const { return begun_; }
  [[nodiscard]] std::uint64_t user_of(std::uint64_t session) const {
    return user_word(key_, session);
  }

 private:
  void plan_next(const Request& now);

  double log_of_more_;  // ln(1 - 1 / mean): of the chance that another request follows
  sim::Distribution pause_;
  sim::StreamKey key_;
  std::uint64_t begun_ = 0;
  std::priority_queue<Request, std::vector<Request>, std::greater<>> open_;
};

}  // namespace haldane::models
