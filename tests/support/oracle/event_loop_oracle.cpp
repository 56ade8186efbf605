#include "tests/support/oracle/event_loop_oracle.h"

#include <deque>
#include <memory>

#include "models/tiers/link/messages.h"
#include "sim/base/hash.h"
#include "sim/random/philox.h"
#include "tests/support/oracle/api.h"
#include "tests/support/oracle/broker.h"
#include "tests/support/oracle/edge.h"
#include "tests/support/oracle/workers.h"

namespace haldane::test {
namespace oracle {
namespace {

using models::Counter;
using models::Gauge;
using models::Outage;

class System {
 public:
  System(const models::Plan& plan, std::uint64_t seed, std::uint64_t replication)
      : plan_(plan), draws_(plan, seed, replication), arms_(plan.arms(), Books(plan.grid)) {
    if (plan.api_by_events) loop_.let_cells_find_out();
    if (plan.scenario.workers && plan.jobs.by_events) {
      workers_ = std::make_unique<Broker>(loop_, plan, draws_, arms_, job_done());
    } else if (plan.scenario.workers) {
      workers_ = std::make_unique<Workers>(loop_, plan, draws_, arms_, job_done());
    }
    for (std::uint32_t cell = 0; cell < plan.cells(); ++cell)
      cells_.emplace_back(loop_, plan, draws_, arms_, cell, listeners());
    for (std::uint32_t site = 0; site < plan.sites(); ++site) {
      edges_.emplace_back(loop_, plan, draws_, arms_, site,
                          [this](Call call) { cells_[call.cell].expect(std::move(call)); });
    }
  }

  sim::Measurements run() {
    for (Edge& edge : edges_) edge.start();
    loop_.run();
    for (Edge& edge : edges_) edge.close();
    for (Cell& cell : cells_) cell.close();
    if (workers_) workers_->close();
    count_servers();
    return joined(arms_);
  }

 private:
  Cell::Listeners listeners() {
    Cell::Listeners to;
    to.answered = [this](const Call& call, bool ok) {
      edges_[call.request.site].answered(call, ok);
    };
    to.gave_up = [this](const Call& call) { edges_[call.request.site].gave_up(call); };
    to.retry = [this](const Request& request) { edges_[request.site].retry(request); };
    to.client_ready = [this](const Request& request) {
      edges_[request.site].client_ready(request);
    };
    to.job = [this](const Call& call) {
      workers_->arrive({call.request.id(), call.request.object, 1, call.request.canary});
    };
    to.written = [this](const Call& call) {
      const Request& request = call.request;
      const Job job{request.id() & ~models::RequestTag::write_bit, request.object, 1,
                    request.canary};
      tell_sites(job, loop_.now() + plan_.scenario.links.edge_to_api, call.stamp(1));
    };
    return to;
  }

  // Where results of jobs go: to a cell, which tells the sites, or to all sites.
  JobDone job_done() {
    return [this](const Job& job, std::uint64_t serial) {
      if (plan_.api_writes) return write_to_cell(job, serial);
      tell_sites(job, loop_.now() + plan_.scenario.links.workers_to_edge, {0xfffe, serial});
    };
  }

  void write_to_cell(const Job& job, std::uint64_t serial) {
    const std::uint64_t word = mix(job.id + 0x9fb21c651e98df25ULL);
    Call call;
    call.arrival = loop_.now() + plan_.api_writes->link;
    if (call.arrival >= plan_.end || (word >> 32) >= plan_.api_writes->threshold) return;
    const std::uint64_t id = job.id | models::RequestTag::write_bit;
    call.request.site = static_cast<std::uint32_t>(id >> 40);
    call.request.number = id & ((std::uint64_t{1} << 40) - 1);
    call.request.object = job.object;
    call.request.canary = job.canary;
    call.is_write = call.background = true;
    call.cell = static_cast<std::uint32_t>(sim::to_index(mix(word), plan_.cells()));
    call.sender = 0xfffd;
    call.sequence = serial;
    cells_[call.cell].expect_write(std::move(call));
  }

  void tell_sites(const Job& job, SimTime at, const Stamp& stamp) {
    if (!plan_.writes_back || at >= plan_.end) return;
    for (Edge& edge : edges_)
      loop_.schedule({at, Phase::site, stamp}, [&edge, job] { edge.take_result(job); });
  }

  void count_servers() {
    for (std::uint32_t site = 0; plan_.scenario.edge && site < plan_.sites(); ++site) {
      const std::uint32_t nodes = plan_.scenario.edge->nodes_per_site;
      const auto up = arms_[0].up_time(
          nodes, std::vector<std::vector<Outage>>(nodes, plan_.site_outages[site]));
      arms_[0].add(Counter::edge_node_time, up);
      arms_[0].note_servers(Gauge::edge_nodes, site, up);
      arms_[0].add_cost(up, plan_.scenario.cost.edge_node_per_hour);
    }
    for (std::uint32_t a = 0; a < plan_.arms(); ++a) {
      for (std::uint32_t cell = 0; cell < plan_.cells(); ++cell) count_replicas(a, cell);
      if (workers_) count_workers(a);
    }
  }

  void count_replicas(std::uint32_t a, std::uint32_t cell) {
    const auto up =
        arms_[a].up_time(plan_.api[a].replicas, a == 0 ? plan_.api_outages[cell] : no_outages_);
    arms_[a].add(Counter::api_replica_time, up);
    arms_[a].add(Counter::api_slot_time, up, plan_.api[a].concurrency);
    arms_[a].note_servers(Gauge::api_replicas, cell, up);
    arms_[a].add_cost(up, plan_.scenario.cost.api_replica_per_hour);
  }

  void count_workers(std::uint32_t a) {
    const auto up =
        arms_[a].up_time(plan_.workers[a].replicas, a == 0 ? plan_.worker_outages : no_outages_);
    arms_[a].add(Counter::worker_replica_time, up);
    arms_[a].add(Counter::worker_slot_time, up, plan_.scenario.workers->concurrency);
    arms_[a].note_servers(Gauge::worker_replicas, 0, up);
    arms_[a].add_cost(up, plan_.scenario.cost.worker_replica_per_hour);
  }

  const models::Plan& plan_;
  const std::vector<std::vector<Outage>> no_outages_;
  Draws draws_;
  EventLoop loop_;
  std::vector<Books> arms_;
  std::unique_ptr<JobTier> workers_;  // null without any
  std::deque<Cell> cells_;
  std::deque<Edge> edges_;
};

}  // namespace
}  // namespace oracle

sim::Measurements simulate_by_events(const models::Plan& plan, std::uint64_t seed,
                                     std::uint64_t replication) {
  return oracle::System(plan, seed, replication).run();
}

}  // namespace haldane::test
