#include "models/edge_stack.h"

#include <algorithm>
#include <iterator>

#include "sim/base/hash.h"
#include "sim/measure/beginning.h"

namespace haldane::models {
namespace {

sim::Measurements empty_measurements(const sim::TimeGrid& grid) {
  sim::Measurements m;
  m.grid = grid;
  m.counters.assign(index(Counter::count), std::vector<std::int64_t>(grid.bins()));
  m.maxima.assign(index(Gauge::count), std::vector<std::int64_t>(grid.bins()));
  m.latencies.assign(index(Histogram::count), std::vector<sim::LatencySlice>(grid.slices()));
  return m;
}

void add(sim::Measurements& into, const sim::Measurements& from) {
  for (std::size_t c = 0; c < into.counters.size(); ++c) {
    for (std::size_t bin = 0; bin < into.grid.bins(); ++bin)
      into.counters[c][bin] += from.counters[c][bin];
  }
  for (std::size_t g = 0; g < into.maxima.size(); ++g) {
    for (std::size_t bin = 0; bin < into.grid.bins(); ++bin)
      into.maxima[g][bin] += from.maxima[g][bin];
  }
  for (std::size_t h = 0; h < into.latencies.size(); ++h) {
    for (std::size_t s = 0; s < into.grid.slices(); ++s)
      sim::merge(into.latencies[h][s], from.latencies[h][s]);
  }
}

void append(sim::Measurements& into, sim::Measurements&& block) {
  const auto move_all = [](auto& to, auto& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  move_all(into.counters, block.counters);
  move_all(into.maxima, block.maxima);
  move_all(into.latencies, block.latencies);
}

void add_results(Digest& digest, const sim::Measurements& m) {
  for (const auto* table : {&m.counters, &m.maxima}) {
    for (const auto& row : *table) {
      for (const std::int64_t value : row) digest.add(static_cast<std::uint64_t>(value));
    }
  }
  for (const auto& histogram : m.latencies) {
    for (const sim::LatencySlice& slice : histogram) {
      digest.add(static_cast<std::uint64_t>(slice.sum_ns));
      for (const sim::HistogramBucket& bucket : slice.buckets) {
        digest.add(static_cast<std::uint64_t>(bucket.value_ns));
        digest.add(static_cast<std::uint64_t>(bucket.count));
      }
    }
  }
}

}  // namespace

EdgeStack::EdgeStack(const Plan& plan, const ReplicationOptions& options)
    : plan_(&plan),
      options_(options),
      bins_(plan.grid.bin_bounds),
      link_(plan.scenario.links.edge_to_api),
      job_link_(plan.scenario.links.api_to_workers) {
  const std::uint64_t threshold = sim::to_threshold(options.sample_share);
  for (std::uint32_t site = 0; site < plan.sites(); ++site) {
    sites_.push_back(make_edge_site(plan, site, options.seed, options.replication, threshold));
  }
  cells_.reserve(plan.cells());
  for (std::uint32_t cell = 0; cell < plan.cells(); ++cell) {
    cells_.emplace_back(plan, cell, options.seed, options.replication, bins_, threshold);
  }
  if (plan.scenario.workers) workers_.emplace(plan, options.seed, options.replication, bins_);
}

// The earliest event, in the edge's time: the later tiers run ahead of the edge by their links.
SimTime EdgeStack::next_time() const {
  SimTime next = SimTime::never();
  for (const auto& site : sites_) next = std::min(next, site->next_time());
  for (const ApiCell& cell : cells_) {
    if (cell.next_time() != SimTime::never()) next = std::min(next, cell.next_time() - link_);
  }
  if (workers_ && workers_->next_time() != SimTime::never()) {
    next = std::min(next, workers_->next_time() - link_ - job_link_);
  }
  return next;
}

void EdgeStack::advance_window(SimTime horizon) {
  for (const auto& site : sites_) site->advance(horizon);
  for (std::uint32_t c = 0; c < cells_.size(); ++c) {
    for (const auto& site : sites_) cells_[c].deliver(site->outbox_to_cell(c));
    cells_[c].advance(horizon + link_);
    if (workers_) workers_->deliver(cells_[c].outbox_to_workers());
    if (!plan_->responses_needed) continue;
    for (std::uint32_t s = 0; s < sites_.size(); ++s)
      sites_[s]->deliver(cells_[c].outbox_to_site(s));
  }
  if (workers_) workers_->advance(horizon + link_ + job_link_);
}

std::uint64_t EdgeStack::events() const {
  std::uint64_t events = workers_ ? workers_->events() : 0;
  for (const auto& site : sites_) events += site->events();
  for (const ApiCell& cell : cells_) events += cell.events();
  return events;
}

void EdgeStack::run(RunControl* control) {
  SimTime reported = SimTime::zero();
  std::uint64_t reported_events = 0;
  while (true) {
    const SimTime next = next_time();
    if (next == SimTime::never()) break;
    const SimTime horizon = next + plan_->window;
    // With no way to look ahead (links of 0) an answer can fall into the window that caused it:
    // again until it is empty.
    do {
      advance_window(horizon);
    } while (next_time() < horizon);
    ++windows_;
    if (control == nullptr) continue;
    if (control->stop.load(std::memory_order_relaxed) && horizon < plan_->end) {
      stopped_at_ = horizon;
      return;
    }
    const SimTime progress = std::min(horizon, plan_->end);
    control->simulated_ns.fetch_add((progress - reported).count_ns(), std::memory_order_relaxed);
    reported = progress;
    const std::uint64_t done = events();
    control->events.fetch_add(done - reported_events, std::memory_order_relaxed);
    reported_events = done;
  }
  if (control != nullptr) {
    control->simulated_ns.fetch_add((plan_->end - reported).count_ns(), std::memory_order_relaxed);
  }
}

ReplicationResult EdgeStack::take_result() {
  ReplicationResult result;
  std::vector<sim::Measurements> arms(plan_->arms(), empty_measurements(plan_->grid));
  Digest digest;
  digest.add(plan_->fingerprint);
  digest.add(options_.seed);
  digest.add(options_.replication);
  std::uint64_t events = 0;
  const auto collect = [&](auto& process) {
    process.report(arms);
    digest.add(process.digest());
    events += process.events();
  };
  for (const auto& site : sites_) {
    collect(*site);
    const auto& samples = site->samples();
    result.samples.insert(result.samples.end(), samples.begin(), samples.end());
  }
  for (ApiCell& cell : cells_) {
    collect(cell);
    result.samples.insert(result.samples.end(), cell.samples().begin(), cell.samples().end());
  }
  if (workers_) collect(*workers_);
  sim::Measurements& m = result.measurements;
  m = arms[0];
  if (arms.size() == 2) {
    add(m, arms[1]);
    for (sim::Measurements& arm : arms) append(m, std::move(arm));
  }
  add_results(digest, m);
  m.digest = digest.value();
  m.events = events;
  std::sort(result.samples.begin(), result.samples.end(),
            [](const RequestSample& a, const RequestSample& b) {
              return a.asked < b.asked || (a.asked == b.asked && a.latency < b.latency);
            });
  std::int64_t requests = 0;
  for (const std::int64_t count : m.counters[index(Counter::requests)]) requests += count;
  result.windows = windows_;
  result.windows_on_one_thread = windows_;
  result.requests_per_window =
      static_cast<double>(requests) / static_cast<double>(std::max<std::uint64_t>(1, windows_));
  if (stopped_at_) {
    result.stopped = true;
    m = sim::beginning(std::move(m), sim::slices_until(m.grid, *stopped_at_));
  }
  return result;
}

ReplicationResult run_replication(const Plan& plan, const ReplicationOptions& options,
                                  RunControl* control) {
  EdgeStack stack(plan, options);
  stack.run(control);
  return stack.take_result();
}

}  // namespace haldane::models
