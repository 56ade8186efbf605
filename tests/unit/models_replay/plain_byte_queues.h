// Policies of several queues with room in bytes, slow and obvious, as oracles: S3-FIFO, ARC and
// W-TinyLFU. Queues are lists of (object, bytes) with the newest in front; everything is searched
// for and summed anew.
#pragma once

#include <algorithm>
#include <cstdint>
#include <list>

#include "tests/support/plain_caches.h"

namespace haldane::models::test {

class PlainQueue {
 public:
  struct Item {
    std::uint32_t object;
    std::uint64_t bytes;
    int uses = 0;
  };
  Item* find(std::uint32_t object) {
    const auto found = std::find_if(items.begin(), items.end(),
                                    [&](const Item& item) { return item.object == object; });
    return found == items.end() ? nullptr : &*found;
  }
  [[nodiscard]] std::uint64_t used() const {
    std::uint64_t sum = 0;
    for (const Item& item : items) sum += item.bytes;
    return sum;
  }
  Item take(std::uint32_t object) {
    const Item item = *find(object);
    items.remove_if([&](const Item& other) { return other.object == object; });
    return item;
  }
  Item take_last() { return take(items.back().object); }

  std::list<Item> items;
};

class PlainByteS3Fifo {
 public:
  explicit PlainByteS3Fifo(std::uint64_t capacity) : capacity_(capacity) {}

  bool ask(std::uint32_t object, std::uint64_t bytes, std::size_t) {
    for (PlainQueue* queue : {&small_, &main_}) {
      if (PlainQueue::Item* item = queue->find(object)) {
        item->uses = std::min(item->uses + 1, 3);
        return true;
      }
    }
    const bool returns = ghosts_.find(object) != nullptr;
    if (returns) ghosts_.take(object);
    if (bytes > capacity_) return false;
    while (small_.used() + main_.used() + bytes > capacity_) evict();
    (returns ? main_ : small_).items.push_front({object, bytes});
    return false;
  }

 private:
  void evict() {
    const std::uint64_t small_wanted = std::max<std::uint64_t>(capacity_ / 10, 1);
    if (main_.used() > capacity_ - small_wanted || small_.items.empty()) {
      PlainQueue::Item item = main_.take_last();
      if (--item.uses >= 0) main_.items.push_front(item);
      return;
    }
    PlainQueue::Item item = small_.take_last();
    const bool spared = item.uses >= 2;
    item.uses = 0;
    if (spared) {
      main_.items.push_front(item);
      return;
    }
    const std::uint64_t ghosts_wanted = capacity_ * 9 / 10;
    if (item.bytes > ghosts_wanted) return;
    while (ghosts_.used() + item.bytes > ghosts_wanted) ghosts_.take_last();
    ghosts_.items.push_front(item);
  }

  std::uint64_t capacity_;
  PlainQueue small_, main_, ghosts_;
};

class PlainByteArc {
 public:
  explicit PlainByteArc(std::uint64_t capacity) : c_(capacity) {}

  bool ask(std::uint32_t object, std::uint64_t bytes, std::size_t) {
    for (PlainQueue* queue : {&t1_, &t2_}) {
      if (queue->find(object) == nullptr) continue;
      t2_.items.push_front(queue->take(object));
      return true;
    }
    const bool from_b1 = b1_.find(object) != nullptr;
    const bool from_b2 = b2_.find(object) != nullptr;
    if (from_b1 || from_b2) {
      PlainQueue& from = from_b1 ? b1_ : b2_;
      const double other = static_cast<double>((from_b1 ? b2_ : b1_).used());
      const double step = std::max(other / static_cast<double>(from.used()), 1.0) *
                          static_cast<double>(from.find(object)->bytes);
      p_ = std::clamp(from_b1 ? p_ + step : p_ - step, 0.0, static_cast<double>(c_));
      from.take(object);
    }
    if (bytes > c_) return false;
    if (!from_b1 && !from_b2) {
      while (t1_.used() + b1_.used() + bytes > c_) (b1_.items.empty() ? t1_ : b1_).take_last();
      while (t1_.used() + t2_.used() + b1_.used() + b2_.used() + bytes > 2 * c_ &&
             !b2_.items.empty())
        b2_.take_last();
    }
    while (t1_.used() + t2_.used() + bytes > c_) replace(from_b2);
    (from_b1 || from_b2 ? t2_ : t1_).items.push_front({object, bytes});
    return false;
  }

 private:
  void replace(bool from_b2) {
    const auto once = static_cast<double>(t1_.used());
    const bool prefers_t1 = once > p_ || (from_b2 && once == p_);
    if (t2_.items.empty() || (!t1_.items.empty() && prefers_t1)) {
      b1_.items.push_front(t1_.take_last());
    } else {
      b2_.items.push_front(t2_.take_last());
    }
  }

  std::uint64_t c_;
  double p_ = 0;
  PlainQueue t1_, t2_, b1_, b2_;
};

class PlainByteWTinyLfu {
 public:
  PlainByteWTinyLfu(std::uint64_t capacity, std::uint64_t places, std::size_t objects)
      : window_wanted_(std::max<std::uint64_t>(capacity / 100, 1)),
        rest_wanted_(capacity - window_wanted_),
        protected_wanted_(rest_wanted_ * 4 / 5),
        places_(rest_of(places)),
        sketch_(objects, places_) {}

  bool ask(std::uint32_t object, std::uint64_t bytes, std::size_t) {
    if (window_.find(object) != nullptr) {
      window_.items.push_front(window_.take(object));
      return true;
    }
    if (hits_rest(object)) {
      sketch_.add(object);
      if (++rest_hits_ % (32 * places_) == 0) sketch_.halve();
      return true;
    }
    if (bytes > rest_wanted_ && bytes > window_wanted_) return false;
    window_.items.push_front({object, bytes});
    while (window_.used() > window_wanted_) leave(window_.take_last());
    sketch_.add(object);
    return false;
  }

 private:
  static std::size_t rest_of(std::uint64_t places) {
    const std::uint64_t window = std::max<std::uint64_t>(places / 100, 1);
    return places > window + 1 ? places - window : 1;
  }
  bool hits_rest(std::uint32_t object) {
    if (protected_.find(object) != nullptr) {
      protected_.items.push_front(protected_.take(object));
      return true;
    }
    if (probation_.find(object) == nullptr) return false;
    protected_.items.push_front(probation_.take(object));
    while (protected_.used() > protected_wanted_)
      probation_.items.push_front(protected_.take_last());
    return true;
  }
  void leave(const PlainQueue::Item& candidate) {
    contest(candidate);
    sketch_.add(candidate.object);
  }
  void contest(const PlainQueue::Item& candidate) {
    while (probation_.used() + protected_.used() + candidate.bytes > rest_wanted_) {
      PlainQueue& lowest = probation_.items.empty() ? protected_ : probation_;
      if (candidate.bytes > rest_wanted_ ||
          sketch_.estimate(candidate.object) <= sketch_.estimate(lowest.items.back().object))
        return;
      lowest.take_last();
    }
    const bool fits_on_probation = probation_.used() < rest_wanted_ - protected_wanted_;
    const bool fits_protected = protected_.used() + candidate.bytes <= protected_wanted_;
    (fits_on_probation || !fits_protected ? probation_ : protected_).items.push_front(candidate);
  }

  std::uint64_t window_wanted_;
  std::uint64_t rest_wanted_;
  std::uint64_t protected_wanted_;
  std::size_t places_;
  haldane::test::PlainSketch sketch_;
  std::uint64_t rest_hits_ = 0;
  PlainQueue window_, probation_, protected_;
};

}  // namespace haldane::models::test
