// The addressed draws of the models, one function a purpose: which word decides what.
#pragma once

#include <cstdint>

#include "models/plan.h"
#include "sim/base/math.h"
#include "sim/random/philox.h"
#include "tests/support/oracle/request.h"

namespace haldane::test::oracle {

class Draws {
 public:
  Draws(const models::Plan& plan, std::uint64_t seed, std::uint64_t replication)
      : plan_(plan), seed_(seed), replication_(replication) {}

  [[nodiscard]] std::uint64_t seed() const { return seed_; }
  [[nodiscard]] std::uint64_t replication() const { return replication_; }

  /// What an attempt of a client is made of.
  struct Ask {
    std::uint32_t object = 0;
    Duration hit_latency;
    double unit_gap = 0;  ///< open loop: since the request before, at a rate of 1
    std::uint64_t canary_word = 0;
    std::uint64_t route_word = 0;  ///< 32 bits
  };
  [[nodiscard]] Ask ask(std::uint32_t site, std::uint64_t number, std::uint32_t attempt) const {
    const sim::StreamKey stream = key(site, sim::Purpose::arrival);
    const std::uint64_t lane = 2 * (std::uint64_t{attempt} - 1);
    const sim::RandomWords what = sim::draw(stream, number, lane);
    const sim::RandomWords how = sim::draw(stream, number, lane + 1);
    return {plan_.objects ? plan_.objects->sample(what.first) : 0,
            plan_.hit_latency.sample_duration(how.first), plan_.unit_gap.sample(what.second),
            how.second >> 32, how.second & 0xffffffffU};
  }
  /// The rate of a site's arrivals: its script, times the level of the chain that modulates it.
  [[nodiscard]] models::StepFunction rate(std::uint32_t site) const {
    models::StepFunction all = plan_.site_rate[site];
    const models::Modulation& chain = plan_.modulation;
    std::size_t state = 0;
    SimTime from;
    for (std::uint64_t n = 0; !chain.empty() && from < plan_.end; ++n) {
      const sim::RandomWords words = sim::draw(key(site, sim::Purpose::modulation), n);
      state = n == 0 ? chain.first_state(words.second) : chain.next_state(state, words.second);
      const double ns = plan_.unit_gap.sample(words.first) *
                        static_cast<double>(chain.sojourns[state].count_ns());
      const SimTime to = from + Duration::nanoseconds(static_cast<std::int64_t>(ns + 0.5));
      all.multiply(from, to, chain.levels[state]);
      from = to;
    }
    return all;
  }
  /// When the next arrival that others caused comes.
  [[nodiscard]] std::uint64_t excitation(std::uint32_t site, std::uint64_t number) const {
    return sim::draw(key(site, sim::Purpose::excitation), number).first;
  }
  [[nodiscard]] std::uint64_t session_gap(std::uint32_t site, std::uint64_t session) const {
    return sim::draw(key(site, sim::Purpose::session), session).second;
  }
  /// Geometric: every request is followed by another with the same chance.
  [[nodiscard]] std::uint32_t session_requests(std::uint32_t site, std::uint64_t session) const {
    const double mean = plan_.scenario.traffic.arrivals.session_requests;
    if (mean <= 1) return 1;
    const double u = sim::to_unit(sim::draw(key(site, sim::Purpose::session), session).first);
    return 1 + static_cast<std::uint32_t>(math::log(u) / math::log(1 - 1 / mean));
  }
  [[nodiscard]] std::uint64_t user(std::uint32_t site, std::uint64_t session) const {
    return sim::draw(key(site, sim::Purpose::session), session, 1).first >> 32;
  }
  /// After so many requests and the first.
  [[nodiscard]] Duration session_pause(std::uint32_t site, std::uint64_t session,
                                       std::uint32_t asked) const {
    const sim::StreamKey stream = key(site, sim::Purpose::session);
    return plan_.session_pause.sample_duration(sim::draw(stream, session, 2 + asked).first);
  }
  [[nodiscard]] Duration think(const Request& r) const {
    return plan_.think.sample_duration(sim::draw(key(r.site, sim::Purpose::think), r.id()).first);
  }
  /// The pause after a failed attempt of a client who waited for another's fetch.
  [[nodiscard]] Duration waiter_pause(const Request& r) const {
    return pause(plan_.client_backoff, key(r.site, sim::Purpose::waiter), r.id(), r.attempt);
  }
  /// And of one who made the call.
  [[nodiscard]] Duration client_pause(const Call& call) const {
    const sim::StreamKey stream = key(1, sim::Purpose::service);
    const Request& r = call.request;
    // Its jitter is the other half of what decides the outcome.
    return plan_.client_backoff.pause(r.attempt, outcome(call).second,
                                      sim::draw(stream, r.id()).first);
  }
  /// First the service time, then the balancer's choice.
  [[nodiscard]] sim::RandomWords service(const Call& call) const {
    return sim::draw(key(0, sim::Purpose::service), call.request.id(), lane(call));
  }
  /// First the failure (high half) and the job (low half), then the client's jitter.
  [[nodiscard]] sim::RandomWords outcome(const Call& call) const {
    return sim::draw(key(1, sim::Purpose::service), call.request.id(), lane(call));
  }
  [[nodiscard]] std::uint64_t job_service(std::uint64_t id, std::uint32_t attempt) const {
    return sim::draw(key(0, sim::Purpose::job), id, 2 * std::uint64_t{attempt}).first;
  }
  /// First the failure (high half), then the jitter.
  [[nodiscard]] sim::RandomWords job_outcome(std::uint64_t id, std::uint32_t attempt) const {
    return sim::draw(key(0, sim::Purpose::job), id, 2 * std::uint64_t{attempt} + 1);
  }
  [[nodiscard]] Duration job_pause(std::uint64_t id, std::uint32_t attempt) const {
    return plan_.job_backoff.pause(attempt, job_outcome(id, attempt).second,
                                   sim::draw(key(0, sim::Purpose::job), id).first);
  }
  /// Uniform on (0, 1): how much of its lifetime a warm object has left.
  [[nodiscard]] double warm_share(std::uint32_t site, std::uint32_t object) const {
    return sim::to_unit(sim::draw(key(site, sim::Purpose::warm_start), object).first);
  }
  /// Uniform on (0, 1): the lifetime of what a request fetched.
  [[nodiscard]] double lifetime_share(const Request& r) const {
    return sim::to_unit(mix(r.id() ^ mix(mix(seed_) ^ mix(replication_ + 0x9e3779b97f4a7c15ULL))));
  }

  /// Copies (high half) and poison (low half), then the class.
  [[nodiscard]] sim::RandomWords job_fate(std::uint64_t id) const {
    return sim::draw(key(0, sim::Purpose::job_fate), id);
  }
  /// First the time, then the failure (high half).
  [[nodiscard]] sim::RandomWords dependency(std::uint64_t id, std::uint64_t lane) const {
    return sim::draw(key(0, sim::Purpose::dependency), id, lane);
  }
  [[nodiscard]] sim::StreamKey pauses(std::uint64_t place) const {
    return key(place, sim::Purpose::pause);
  }
  /// Uniform on [0.5, 1): between two probes of a replica's limit.
  [[nodiscard]] double probe_jitter(std::uint64_t place, std::uint64_t probes,
                                    std::uint64_t replica) const {
    return 0.5 +
           0.5 * sim::to_unit(sim::draw(key(place, sim::Purpose::limit), probes, replica).first);
  }
  /// The pause after a failed attempt to write the result of a job.
  [[nodiscard]] Duration write_pause(const Call& call) const {
    const sim::StreamKey stream = key(1, sim::Purpose::service);
    return plan_.api_writes->backoff.pause(call.request.attempt, outcome(call).second,
                                           sim::draw(stream, call.request.id()).first);
  }
  /// Of 2^32: whether the n-th copy of a message of a call is lost.
  [[nodiscard]] std::uint64_t packet(const Call& call, unsigned way, std::uint64_t copy) const {
    const std::uint64_t address = lane(call) << 16 | std::uint64_t{way} << 8 | copy;
    return sim::draw(key(0, sim::Purpose::packet_loss), call.request.id(), address).first >> 32;
  }
  /// Whether the content has changed since a copy was made (the high half).
  [[nodiscard]] std::uint64_t modified(const Request& r) const {
    return sim::draw(key(r.site, sim::Purpose::revalidation), r.id(), r.attempt).first >> 32;
  }
  static std::uint64_t lane(const Call& call) {
    return (std::uint64_t{call.background} << 8) | call.request.attempt;
  }

 private:
  [[nodiscard]] sim::StreamKey key(std::uint64_t entity, sim::Purpose purpose) const {
    return {seed_, replication_, entity, purpose};
  }
  static Duration pause(const models::Backoff& backoff, const sim::StreamKey& stream,
                        std::uint64_t id, std::uint32_t attempt) {
    return backoff.pause(attempt, sim::draw(stream, id, attempt).first,
                         sim::draw(stream, id).first);
  }

  const models::Plan& plan_;
  std::uint64_t seed_;
  std::uint64_t replication_;
};

}  // namespace haldane::test::oracle
