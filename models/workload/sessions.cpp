#include "models/workload/sessions.h"

#include <algorithm>
#include <utility>

#include "sim/base/math.h"

namespace haldane::models {
namespace {

// Lanes of a session's words: 0 its length and the gap before it, 1 its user, then its pauses.
constexpr std::uint64_t first_pause = 2;
constexpr double requests_max = 1e6;

}  // namespace

Sessions::Sessions(double requests_mean, sim::Distribution pause, sim::StreamKey key)
    : log_of_more_(requests_mean > 1 ? math::log(1 - 1 / requests_mean) : 0),
      pause_(std::move(pause)),
      key_(key) {}

Sessions::Request Sessions::begin(SimTime at) {
  Request request{at, begun_++, 0, 0};
  if (log_of_more_ < 0) {
    const double u = sim::to_unit(sim::draw(key_, request.session).first);
    request.left = static_cast<std::uint32_t>(std::min(math::log(u) / log_of_more_, requests_max));
  }
  plan_next(request);
  return request;
}

Sessions::Request Sessions::take() {
  const Request request = open_.top();
  open_.pop();
  plan_next(request);
  return request;
}

void Sessions::plan_next(const Request& now) {
  if (now.left == 0) return;
  const std::uint64_t word = sim::draw(key_, now.session, first_pause + now.asked).first;
  open_.push({now.at + pause_.sample_duration(word), now.session, now.left - 1, now.asked + 1});
}

}  // namespace haldane::models
