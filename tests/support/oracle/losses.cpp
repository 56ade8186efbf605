#include "tests/support/oracle/losses.h"

#include <algorithm>

namespace haldane::test::oracle {

using models::Counter;

Duration Losses::delay(Way way, SimTime sent, const Call& call) {
  if (!plan_.loses_packets()) return {};
  const models::StepFunction& threshold =
      way == Way::job || way == Way::write ? plan_.job_loss_threshold : plan_.loss_threshold;
  Books& books = arms_[call.request.canary ? 1 : 0];
  constexpr std::uint64_t last = 16;  // it arrives for certain
  Duration timeout = plan_.scenario.links.loss.retransmission_timeout;
  SimTime now = sent;
  for (std::uint64_t copy = 1; true; ++copy) {
    const double word = static_cast<double>(draws_.packet(call, static_cast<unsigned>(way), copy));
    const bool lost = copy < last && word < threshold.at(now);
    if (now < plan_.end) books.count(Counter::packets, now);
    if (now < plan_.end && lost) books.count(Counter::packets_lost, now);
    if (!lost) return now - sent;
    now = now + timeout;
    timeout = std::min(timeout * 2, Duration::seconds(120));
  }
}

}  // namespace haldane::test::oracle
