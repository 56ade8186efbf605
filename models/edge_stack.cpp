#include "models/edge_stack.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

#include "models/derived_counters.h"
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

// The blocks of a result: the total, and where there are two arms, each of them.
sim::Measurements with_total(std::vector<sim::Measurements>&& arms) {
  if (arms.size() == 1) return std::move(arms[0]);
  sim::Measurements m = arms[0];
  add(m, arms[1]);
  for (sim::Measurements& arm : arms) append(m, std::move(arm));
  return m;
}

std::int64_t total(const sim::Measurements& m, Counter counter) {
  const auto& bins = m.counters[index(counter)];
  return std::accumulate(bins.begin(), bins.end(), std::int64_t{0});
}

// Rows that came after the first digests were published count only where something happened, so
// that a system without the new part keeps its digest.
template <class IsIn>
void add_table(Digest& digest, const std::vector<std::vector<std::int64_t>>& table,
               std::size_t rows_a_block, std::size_t always, IsIn is_in) {
  for (std::size_t row = 0; row < table.size(); ++row) {
    const std::vector<std::int64_t>& bins = table[row];
    if (!is_in(row % rows_a_block)) continue;
    if (row % rows_a_block >= always) {
      if (std::all_of(bins.begin(), bins.end(), [](std::int64_t value) { return value == 0; }))
        continue;
      digest.add(row % rows_a_block);
    }
    for (const std::int64_t value : bins) digest.add(static_cast<std::uint64_t>(value));
  }
}

void add_results(Digest& digest, const sim::Measurements& m) {
  add_table(digest, m.counters, index(Counter::count), index(Counter::cost) + 1,
            [](std::size_t row) { return is_in_digest(static_cast<Counter>(row)); });
  add_table(digest, m.maxima, index(Gauge::count), index(Gauge::worker_replicas) + 1,
            [](std::size_t row) { return is_in_digest(static_cast<Gauge>(row)); });
  for (std::size_t h = 0; h < m.latencies.size(); ++h) {
    const std::size_t row = h % index(Histogram::count);
    const bool empty = std::all_of(m.latencies[h].begin(), m.latencies[h].end(),
                                   [](const auto& slice) { return slice.buckets.empty(); });
    if (row > index(Histogram::worker_wait) && empty) continue;
    for (const sim::LatencySlice& slice : m.latencies[h]) {
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
      job_link_(plan.scenario.links.api_to_workers),
      shields_hear_(plan.writes_back && plan.scenario.edge->shield),
      jobs_feed_back_(plan.writes_back || plan.api_writes),
      sites_(plan.sites()),
      cells_to_read_(plan.sites()),
      sites_to_read_(plan.cells()),
      // One site and one cell keep one thread busy: the workers alone are not worth the barriers.
      team_(std::clamp(options.threads, 1U, std::max({1U, plan.sites(), plan.cells()}))) {
  const std::uint64_t threshold = sim::to_threshold(options.sample_share);
  team_.run(plan.sites(), [&](std::size_t i) {
    const auto site = static_cast<std::uint32_t>(i);
    sites_[i] = make_edge_site(plan, site, options.seed, options.replication, bins_, threshold);
  });
  cells_.reserve(plan.cells());
  for (std::uint32_t cell = 0; cell < plan.cells(); ++cell) {
    cells_.emplace_back(plan, cell, options.seed, options.replication, bins_, threshold);
  }
  if (plan.scenario.workers)
    workers_ = make_workers(plan, options.seed, options.replication, bins_);
}

void EdgeStack::trace(const RequestChoice& choice) {
  for (const auto& site : sites_) site->trace(choice);
  for (ApiCell& cell : cells_) cell.trace(choice);
  if (workers_) workers_->trace(choice);
}

std::vector<RequestVisit> EdgeStack::visits() const {
  std::vector<RequestVisit> all;
  const auto add = [&all](const std::vector<RequestVisit>& some) {
    all.insert(all.end(), some.begin(), some.end());
  };
  for (const auto& site : sites_) add(site->visits());
  for (const ApiCell& cell : cells_) add(cell.trace().visits());
  if (workers_) add(std::as_const(*workers_).trace().visits());
  return all;
}

void EdgeStack::watch_nodes() {
  for (const auto& site : sites_) site->watch_nodes();
  for (ApiCell& cell : cells_) cell.watch_nodes();
  if (workers_) workers_->watch_nodes(bins_);
}

std::vector<NodeSeries> EdgeStack::nodes() const {
  std::vector<NodeSeries> all;
  const auto add = [&all](const auto* signals) {
    if (signals == nullptr) return;
    const std::vector<NodeSeries>& some = signals->series();
    all.insert(all.end(), some.begin(), some.end());
  };
  for (const ApiCell& cell : cells_) add(cell.trace().nodes());
  if (workers_) add(std::as_const(*workers_).trace().nodes());
  for (const auto& site : sites_) add(site->nodes());
  return all;
}

// The earliest event, in the edge's time: the later tiers run ahead of the edge by their links.
// Between windows all that is on its way lies with the cells, who say what was the earliest.
SimTime EdgeStack::next_time() {
  const auto at_edge = [](SimTime t, Duration ahead) {
    return t == SimTime::never() ? t : t - ahead;
  };
  SimTime next = SimTime::never();
  for (const auto& site : sites_) next = std::min(next, site->next_time());
  for (const ApiCell& cell : cells_)
    next = std::min({next, at_edge(cell.next_time(), link_), cell.earliest_to_sites()});
  if (!workers_) return next;
  next = std::min(next, std::as_const(*workers_).results().earliest());
  only_jobs_are_left_ = next == SimTime::never();
  if (!only_jobs_are_left_ && !jobs_feed_back_) return next;
  SimTime job = workers_->next_time();
  for (const ApiCell& cell : cells_) {
    for (const Job& waiting : cell.outbox_to_workers().messages())
      job = std::min(job, waiting.order.time);
  }
  // The workers are behind and catch up in any next window: they need not be waited for.
  return std::min(next, std::max(at_edge(job, link_ + job_link_), done_));
}

// Jobs of whose results nobody hears are taken many at a time, and the last ones when all else is
// over: a window of a small system has few, each of which would find code and data cold.
bool EdgeStack::workers_are_due() const {
  constexpr std::size_t together = 64;
  if (!workers_) return false;
  if (jobs_feed_back_ || only_jobs_are_left_) return true;
  std::size_t jobs = 0;
  for (const ApiCell& cell : cells_) jobs += cell.outbox_to_workers().size();
  return jobs >= together;
}

void EdgeStack::run_phase(std::size_t processes, const std::function<void(std::size_t)>& advance) {
  if (alone_) {
    for (std::size_t i = 0; i < processes; ++i) advance(i);
  } else {
    team_.run(processes, advance);
  }
}

void EdgeStack::advance_site(std::uint32_t site, SimTime horizon) {
  for (const std::uint32_t cell : cells_to_read_[site])
    sites_[site]->deliver(cells_[cell].to_sites().to(site));
  cells_to_read_[site].clear();
  if (!results_.empty()) sites_[site]->deliver_results(results_.messages());
  sites_[site]->advance(horizon);
}

void EdgeStack::advance_cell(std::uint32_t cell, SimTime horizon) {
  for (const std::uint32_t site : sites_to_read_[cell])
    cells_[cell].deliver(sites_[site]->to_cells().to(cell));
  sites_to_read_[cell].clear();
  if (plan_->api_writes) cells_[cell].deliver_writes(workers_->results().to_cell(cell));
  if (shields_hear_ && !results_.empty()) cells_[cell].deliver_results(results_.messages());
  cells_[cell].advance(horizon + link_);
}

// As far as sites and cells have come.
void EdgeStack::advance_workers() {
  for (ApiCell& cell : cells_) workers_->deliver(cell.outbox_to_workers());
  workers_->advance(done_ + link_ + job_link_);
}

// What workers, or cells, said in the last window is read by the sites while they say more.
void EdgeStack::take_results() {
  if (!plan_->writes_back) return;
  results_.clear();
  workers_->results().take(results_);
  if (!plan_->api_writes) return;
  for (ApiCell& cell : cells_) cell.results().take(results_);
}

void EdgeStack::advance_window(SimTime horizon) {
  take_results();
  // The workers' share of the work is first to be taken, for it may be the largest.
  workers_due_ = workers_are_due() ? 1 : 0;
  // No more than two words: a function that captures more is allocated, once a window.
  run_phase(workers_due_ + sites_.size(), [this, horizon](std::size_t i) {
    if (i < workers_due_) {
      advance_workers();
    } else {
      advance_site(static_cast<std::uint32_t>(i - workers_due_), horizon);
    }
  });
  for (std::uint32_t site = 0; site < sites_.size(); ++site)
    sites_[site]->to_cells().visit_addressed(
        [&](std::uint32_t cell) { sites_to_read_[cell].push_back(site); });
  run_phase(cells_.size(), [this, horizon](std::size_t i) {
    advance_cell(static_cast<std::uint32_t>(i), horizon);
  });
  for (std::uint32_t cell = 0; cell < cells_.size(); ++cell)
    cells_[cell].to_sites().visit_addressed(
        [&](std::uint32_t site) { cells_to_read_[site].push_back(cell); });
  done_ = std::max(done_, horizon);
  ++windows_;
  if (alone_ || team_.size() == 1) ++windows_on_one_thread_;
}

std::uint64_t EdgeStack::events() const {
  std::uint64_t events = workers_ ? workers_->events() : 0;
  for (const auto& site : sites_) events += site->events();
  for (const ApiCell& cell : cells_) events += cell.events();
  return events;
}

void EdgeStack::run(RunControl* control) {
  SimTime reported = SimTime::zero();
  std::uint64_t seen = 0;
  for (SimTime next = next_time(); next != SimTime::never(); next = next_time()) {
    advance_window(next + plan_->window);
    if (control == nullptr && team_.size() == 1) continue;
    const std::uint64_t now = events();
    alone_ = now - seen < options_.worth_sharing;
    if (control != nullptr) {
      const SimTime progress = std::min(done_, plan_->end);
      control->simulated_ns.fetch_add((progress - reported).count_ns(), std::memory_order_relaxed);
      control->events.fetch_add(now - seen, std::memory_order_relaxed);
      reported = progress;
      if (control->stop.load(std::memory_order_relaxed) && done_ < plan_->end) {
        if (workers_) advance_workers();
        stopped_at_ = done_;
        return;
      }
    }
    seen = now;
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
    if (const ScaleLog* log = site->scale_log()) {
      result.edge_scaling.insert(result.edge_scaling.end(), log->steps().begin(),
                                 log->steps().end());
      result.edge_scaling_omitted += log->omitted();
    }
  }
  for (ApiCell& cell : cells_) {
    collect(cell);
    result.samples.insert(result.samples.end(), cell.samples().begin(), cell.samples().end());
    if (const ScaleLog* log = cell.scale_log()) {
      result.scaling.insert(result.scaling.end(), log->steps().begin(), log->steps().end());
      result.scaling_omitted += log->omitted();
    }
  }
  if (workers_) {
    collect(*workers_);
    if (const ScaleLog* log = workers_->scale_log()) {
      result.worker_scaling = log->steps();
      result.worker_scaling_omitted = log->omitted();
    }
  }
  sim::Measurements& m = result.measurements;
  for (sim::Measurements& arm : arms) derive_counters(*plan_, arm);
  m = with_total(std::move(arms));
  add_results(digest, m);
  m.digest = digest.value();
  m.events = events;
  std::sort(result.samples.begin(), result.samples.end(),
            [](const RequestSample& a, const RequestSample& b) {
              return a.asked < b.asked || (a.asked == b.asked && a.latency < b.latency);
            });
  result.windows = windows_;
  result.windows_on_one_thread = windows_on_one_thread_;
  result.requests_per_window = static_cast<double>(total(m, Counter::requests)) /
                               static_cast<double>(std::max<std::uint64_t>(1, windows_));
  if (stopped_at_) {
    result.stopped = true;
    const auto slices = sim::slices_until(m.grid, *stopped_at_);
    m = sim::beginning(std::move(m), slices);
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
