#include "models/workload/draw_faults.h"

#include <algorithm>

#include "models/workload/law.h"
#include "sim/random/philox.h"

namespace haldane::models {
namespace {

constexpr std::size_t events_max = 20'000;

void draw_fault(const Scenario& scenario, std::size_t number, std::vector<TimelineEvent>& out) {
  const FaultSpec& fault = scenario.faults[number];
  const sim::Distribution every = duration_law(fault.every);
  const sim::Distribution lasting = duration_law(fault.lasting.value_or(LawSpec{}));
  const sim::StreamKey key(scenario.seed, 0, number, sim::Purpose::fault);
  const auto end_ns = static_cast<double>(scenario.duration.count_ns());
  TimelineEvent event = fault.event;
  double clock_ns = 0;
  for (std::uint64_t n = 0; out.size() < events_max; ++n) {
    const sim::RandomWords words = sim::draw(key, n);
    clock_ns += every.sample(words.first);
    if (clock_ns >= end_ns - 1) return;
    event.at = SimTime::at_nanoseconds(static_cast<std::int64_t>(clock_ns));
    if (fault.lasting) {
      const double length = std::clamp(lasting.sample(words.second), 1.0, end_ns);
      event.lasting = Duration::nanoseconds(static_cast<std::int64_t>(length));
      clock_ns += length;
    }
    out.push_back(event);
  }
}

}  // namespace

std::vector<TimelineEvent> timeline_with_faults(const Scenario& scenario) {
  std::vector<TimelineEvent> timeline = scenario.timeline;
  for (std::size_t number = 0; number < scenario.faults.size(); ++number)
    draw_fault(scenario, number, timeline);
  std::ranges::stable_sort(timeline, {}, &TimelineEvent::at);
  return timeline;
}

}  // namespace haldane::models
