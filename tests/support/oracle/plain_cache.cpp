#include "tests/support/oracle/plain_cache.h"

namespace haldane::test::oracle {

using models::CachePolicy;

void PlainCache::hit(std::uint32_t object) {
  if (policy_ == CachePolicy::lru) queue_.splice(queue_.end(), queue_, place_.at(object));
  if (policy_ == CachePolicy::clock || policy_ == CachePolicy::sieve) visited_.insert(object);
}

void PlainCache::insert(std::uint32_t object) {
  if (queue_.size() == capacity_) evict();
  place_[object] = queue_.insert(queue_.end(), object);
}

void PlainCache::drop(std::list<std::uint32_t>::iterator at) {
  visited_.erase(*at);
  place_.erase(*at);
  queue_.erase(at);
}

void PlainCache::evict() {
  if (policy_ == CachePolicy::clock) return evict_second_chance();
  if (policy_ == CachePolicy::sieve) return evict_sieve();
  drop(queue_.begin());
}

void PlainCache::evict_second_chance() {
  while (visited_.erase(queue_.front()) > 0) queue_.splice(queue_.end(), queue_, queue_.begin());
  drop(queue_.begin());
}

void PlainCache::evict_sieve() {
  auto candidate = hand_ == queue_.end() ? queue_.begin() : hand_;
  while (visited_.erase(*candidate) > 0) {
    if (++candidate == queue_.end()) candidate = queue_.begin();
  }
  hand_ = std::next(candidate);
  drop(candidate);
}

}  // namespace haldane::test::oracle
