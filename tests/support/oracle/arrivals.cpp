#include "tests/support/oracle/arrivals.h"

#include <algorithm>
#include <utility>

namespace haldane::test::oracle {

using Process = models::ArrivalsSpec::Process;

Arrivals::Arrivals(EventLoop& loop, const models::Plan& plan, const Draws& draws,
                   std::uint32_t site, std::function<void(UserWord)> ask)
    : loop_(loop),
      plan_(plan),
      draws_(draws),
      site_(site),
      ask_(std::move(ask)),
      rate_(draws.rate(site)) {
  const models::ArrivalsSpec& arrivals = plan.scenario.traffic.arrivals;
  if (arrivals.process == Process::hawkes) excitation_.emplace(arrivals.branching, arrivals.decay);
}

void Arrivals::start() {
  const Process process = plan_.scenario.traffic.arrivals.process;
  if (process == Process::sessions) return next_session();
  if (process == Process::hawkes) return next_of_a_chain();
  next_of_its_own_accord();
}

void Arrivals::at(SimTime time, std::uint64_t rank, std::function<void()> action) {
  if (time < plan_.end) loop_.schedule({time, Phase::ask, {site_, rank}}, std::move(action));
}

// Where a gap, counted in mean gaps, is used up at the rates on its way; never if it is not. Of a
// Poisson process at a constant rate it is a product with the mean, as the engine rounds it.
SimTime Arrivals::after_gap(double gap, bool rounds_by_mean) const {
  SimTime from = loop_.now();
  while (true) {
    const double here = rate_.at(from);
    const SimTime change = rate_.next_change(from);
    const double ns = rounds_by_mean && rate_.is_constant() ? gap * (1 / here) : gap / here;
    const bool last = change == SimTime::never();
    const double reach = last ? 0 : static_cast<double>((change - from).count_ns()) * here;
    if (here > 0 && (last || gap <= reach)) {
      const double left = static_cast<double>((plan_.end - from).count_ns());
      if (ns > left) return SimTime::never();
      return from + Duration::nanoseconds(static_cast<std::int64_t>(ns + 0.5));
    }
    if (last || change >= plan_.end) return SimTime::never();
    gap -= reach;
    from = change;
  }
}

void Arrivals::next_of_its_own_accord() {
  at(after_gap(draws_.ask(site_, asked_, 1).unit_gap, true), 0, [this] {
    ++asked_;
    ask_({});
    next_of_its_own_accord();
  });
}

// Whichever comes first: an arrival that nothing caused, or the next one that was.
void Arrivals::next_of_a_chain() {
  const SimTime now = loop_.now();
  const double caused = excitation_->gap(draws_.excitation(site_, asked_)) + 0.5;
  SimTime next = after_gap(draws_.ask(site_, asked_, 1).unit_gap, false);
  if (caused < static_cast<double>((plan_.end - now).count_ns()))
    next = std::min(next, now + Duration::nanoseconds(static_cast<std::int64_t>(caused)));
  at(next, 0, [this, now] {
    ++asked_;
    excitation_->arrive_after(static_cast<double>((loop_.now() - now).count_ns()));
    ask_({});
    next_of_a_chain();
  });
}

// Of those who ask at one nanosecond a new user is the first, then the one who came first.
void Arrivals::next_session() {
  const std::uint64_t session = sessions_;
  at(after_gap(plan_.unit_gap.sample(draws_.session_gap(site_, session)), false), 0,
     [this, session] {
       ++sessions_;
       ask_in_session(session, 0, draws_.session_requests(site_, session) - 1);
       next_session();
     });
}

void Arrivals::ask_in_session(std::uint64_t session, std::uint32_t asked, std::uint32_t left) {
  ask_(draws_.user(site_, session));
  if (left == 0) return;
  at(loop_.now() + draws_.session_pause(site_, session, asked), 1 + session,
     [this, session, asked, left] { ask_in_session(session, asked + 1, left - 1); });
}

}  // namespace haldane::test::oracle
