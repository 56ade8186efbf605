// CoDel, "controlled delay": when the shortest wait of an interval is above a target, customers at
// the head are dropped, ever more often until it is not.
//
// The rule looks at waiting times only, so it needs no tuning to rates or queue lengths; a burst
// that drains within an interval loses nobody.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>

#include "sim/base/time.h"

namespace haldane::models {

/// The state of one queue. **Source** RFC 8289, section 5 (pseudo-code, "Linux version" of the
/// restart); packets are requests, and one of them is the RFC's maximum packet.
class Codel {
 public:
  Codel(Duration target, Duration interval) : target_(target), interval_(interval) {}

  /// Who is served next. `take()` gives the optional next customer, whose time of arrival is its
  /// `arrived`; `left()` how many are behind it; those handed to `drop` are not served.
  /// **Domain** now never decreases. **Cost** O(1) a drop.
  template <class Take, class Left, class Drop>
  auto dequeue(SimTime now, const Take& take, const Left& left, const Drop& drop) {
    auto head = take();
    bool above = head && is_above(now, now - head->arrived, left());
    if (!head) first_above_.reset();
    if (dropping_) {
      if (!above) dropping_ = false;
      while (dropping_ && now >= drop_next_) {
        drop(*head);
        ++count_;
        head = take();
        above = next_is_above(now, head, left());
        if (above) {
          drop_next_ = control_law(drop_next_);
        } else {
          dropping_ = false;
        }
      }
    } else if (above) {
      drop(*head);
      head = take();
      next_is_above(now, head, left());
      begin_dropping(now);
    }
    return head;
  }

  [[nodiscard]] bool dropping() const { return dropping_; }

 private:
  template <class Head>
  bool next_is_above(SimTime now, const Head& head, std::uint64_t left) {
    if (head) return is_above(now, now - head->arrived, left);
    first_above_.reset();
    return false;
  }

  // Whether waits have been above the target for an interval. A queue of one is never too long:
  // dropping would leave the server idle.
  bool is_above(SimTime now, Duration wait, std::uint64_t left) {
    if (wait < target_ || left == 0) {
      first_above_.reset();
      return false;
    }
    if (!first_above_) {
      first_above_ = now + interval_;
      return false;
    }
    return now >= *first_above_;
  }

  // Soon after the last time it goes on about as fast as it dropped then.
  void begin_dropping(SimTime now) {
    dropping_ = true;
    const std::uint64_t delta = count_ - last_count_;
    count_ = delta > 1 && now - drop_next_ < interval_ * 16 ? delta : 1;
    drop_next_ = now;
    drop_next_ = control_law(now);
    last_count_ = count_;
  }

  [[nodiscard]] SimTime control_law(SimTime t) const {
    const double ns =
        static_cast<double>(interval_.count_ns()) / std::sqrt(static_cast<double>(count_));
    return t + Duration::nanoseconds(static_cast<std::int64_t>(ns + 0.5));
  }

  Duration target_;
  Duration interval_;
  std::optional<SimTime> first_above_;
  SimTime drop_next_;
  std::uint64_t count_ = 0;
  std::uint64_t last_count_ = 0;
  bool dropping_ = false;
};

}  // namespace haldane::models
