#include "tests/property/random_system.h"

#include <cmath>
#include <initializer_list>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/random/philox.h"
#include "tests/property/random_extras.h"

namespace haldane::test {
namespace {

class Generator {
 public:
  Generator(std::uint64_t seed, Breadth breadth)
      : seed_(seed),
        key_(seed, 0, 0, sim::Purpose::test),
        everything_(breadth == Breadth::everything) {}

  std::string text() {
    choose_shape();
    std::string all =
        fmt::format("schema: haldane.scenario/1\nname: random\nduration: {}us\nwarmup: {}us\n",
                    duration_us_, chance(30) ? duration_us_ / 4 : 0);
    // One after the other: later sections look at what earlier ones chose.
    all += traffic();
    all += edge();
    all += links();
    all += api();
    all += workers();
    all += canary();
    all += timeline();
    all += faults();
    all +=
        "cost: {edge_node_per_hour: 0.5, api_replica_per_hour: 1.25, worker_replica_per_hour: 2}\n";
    if (chance(50)) all = held_up(all);
    if (chance(40)) all = with_results(std::move(all));
    all = with_extras(guarded(all), seed_);
    return everything_ ? with_more(all, seed_) : all;
  }

 private:
  // With replicas served by events, where they can do everything else that the system asks for.
  std::string held_up(const std::string& system) {
    std::vector<std::string_view> keys = {
        pick({"queue: {discipline: lifo, deadline_drop: 20ms}",
              "queue: {discipline: adaptive_lifo, codel: {}}",
              "limit: {kind: vegas, initial: 2, window: 100ms}",
              "pauses: {every: 50ms, duration: {exponential: {mean: 5ms}}}"})};
    if (chance(70)) {
      keys.push_back(
          "dependency: {pool: 2, timeout: 5ms, queue_capacity: 20, failure_probability: 5%, "
          "service: {exponential: {mean: 1ms}}}");
    }
    return changed(system, "\napi:\n", "", fmt::format("\napi:\n  {}\n", fmt::join(keys, "\n  ")));
  }

  // With calls that are refused, replicas that are ejected, and balancers with a memory, where the
  // system allows each of them.
  std::string guarded(std::string system) {
    if (chance(35)) system = changed(system, "\napi:\n", "", "\napi:\n  " + quota());
    if (everything_ && chance(35)) {
      system = changed(system, "\napi:\n", "",
                       "\napi:\n  outliers: {consecutive_errors: 3, interval: 30ms, ejection: "
                       "50ms, max_ejected: 60%, success_rate: {min_replicas: 2, min_requests: "
                       "5}}\n");
    }
    if (chance(35)) {
      system = changed(system, "\n  balancer: ", "\n",
                       fmt::format("\n  balancer: {}\n", pick({"consistent_hash", "peak_ewma"})));
    }
    if (chance(35)) system = changed(system, "\n  route: ", "\n", "\n  route: zone_aware\n");
    return with_callers(std::move(system));
  }

  // Likewise what callers and sites do.
  std::string with_callers(std::string system) {
    if (chance(45)) {
      system = changed(system, "\n  client: {", "",
                       "\n  client: {breaker: {window: 20, min_calls: 10, open: 20ms, "
                       "half_open_calls: 3, slow_call: 20ms, slow_ratio: 60%}, ");
    }
    if (chance(40)) {
      system = changed(system, "\n  client: {", "",
                       "\n  client: {hedge: {delay: 2ms, max_extra_load: 20%, min_hedges: 5/s}, ");
    }
    if (everything_ && chance(30)) {
      system = changed(system, "\ntimeline: [", "",
                       fmt::format("\ntimeline: [{{at: {}us, event: warm_up, objects: 3, rate: "
                                   "900/s}}, ",
                                   below(duration_us_)));
    }
    return system;
  }

  // With jobs that tell the sites when they are done.
  std::string with_results(std::string system) {
    for (const std::string_view to : {"edge", "api"})
      system = changed(system, "\nlinks: {", "",
                       fmt::format("\nlinks: {{workers_to_{}: {}, ", to, pick({"1us", "9ms"})));
    const std::string_view where = pick({"edge: purge", "edge: update", "edge: purge, api: {}",
                                         "edge: update, api: {share: 70%}", "api: {}"});
    return changed(system, "\nworkers:\n", "",
                   fmt::format("\nworkers:\n  write_back: {{{}}}\n", where));
  }

  std::string quota() {
    const double each = rate_per_us_ * 1e6 / static_cast<double>(cells_) / 8;
    constexpr std::string_view tier = "{{share: {}%, rate: {:.3f}/s, burst: {}}}";
    const std::string one = fmt::format(tier, 20, std::max(each / 4, 1.0), 1);
    const std::string other = fmt::format(tier, 50, std::max(each, 1.0), 9);
    return fmt::format("quota: {{tiers: [{}, {}]}}\n", one, other);
  }

  std::uint64_t below(std::uint64_t bound) {
    return sim::to_index(sim::draw(key_, next_++).first, bound);
  }
  std::uint64_t from_to(std::uint64_t low, std::uint64_t high) {
    return low + below(high - low + 1);
  }
  bool chance(std::uint64_t percent) { return below(100) < percent; }
  std::string_view pick(std::initializer_list<std::string_view> options) {
    return options.begin()[below(options.size())];
  }
  /// Log-uniform.
  double scale(double low, double high) {
    return low * std::pow(high / low, static_cast<double>(below(10'000)) * 1e-4);
  }

  void choose_shape() {
    has_edge_ = !chance(15);
    has_api_ = !has_edge_ || !chance(5);
    has_workers_ = has_api_ && chance(60);
    closed_loop_ = chance(25);
    has_classes_ = chance(25);
    patient_ = chance(30);
    spreads_ = everything_ && chance(35);
    sites_ = has_edge_ ? from_to(1, 6) : 1;
    cells_ = from_to(1, 5);
    replicas_ = from_to(1, 5);
    concurrency_ = from_to(1, 4);
    duration_us_ = from_to(200'000, 2'000'000);
    requests_ = static_cast<double>(from_to(500, 3'000));
    rate_per_us_ = requests_ / static_cast<double>(duration_us_);
  }

  /// A law whose mean is about so many microseconds.
  std::string law(double mean_us) {
    const double ms = std::max(mean_us, 10.0) * 1e-3;
    switch (below(6)) {
      case 0:
        return fmt::format("{{deterministic: {{value: {}us}}}}",
                           100 * std::max(1L, std::lround(ms * 10)));
      case 1:
        return fmt::format("{{lognormal: {{median: {:.6f}ms, sigma: 0.7}}}}", ms * 0.8);
      case 2:
        return fmt::format("{{weibull: {{scale: {:.6f}ms, shape: 1.5}}}}", ms * 1.1);
      case 3:
        return fmt::format("{{uniform: {{low: {:.6f}ms, high: {:.6f}ms}}}}", ms * 0.5, ms * 1.5);
      default:
        return fmt::format("{{exponential: {{mean: {:.6f}ms}}}}", ms);
    }
  }

  std::string backoff() {
    return fmt::format("{{base: {}, factor: {}, cap: {}, jitter: {}}}",
                       pick({"100us", "1ms", "10ms"}), pick({"1", "2"}), pick({"10ms", "1s"}),
                       pick({"full", "none", "equal", "proportional", "decorrelated"}));
  }

  std::string traffic() {
    const double per_site = rate_per_us_ / static_cast<double>(sites_);
    std::string arrivals =
        fmt::format("{{process: poisson, rate: {:.3f}/s}}", std::max(per_site * 1e6, 1.0));
    if (chance(40)) arrivals = livelier_arrivals(per_site);
    if (chance(25)) {
      arrivals.pop_back();
      arrivals += ", curve: {day: [{at: 0h, factor: 0.2}, {at: 1h, factor: 90}], step: 37ms}}";
    }
    if (chance(20)) {
      arrivals.pop_back();
      arrivals += ", sites: [{offset: -3h, weight: 2}";
      for (std::uint64_t site = 1; site < sites_; ++site) arrivals += ", {weight: 0.7}";
      arrivals += "]}";
    }
    if (closed_loop_) {
      const auto clients = from_to(1, 30);
      arrivals = fmt::format("{{process: closed_loop, clients: {}, think: {}}}", clients,
                             law(std::max(500.0, static_cast<double>(clients) / per_site)));
    }
    sized_ = chance(20);
    const std::string client = chance(45) ? "none" : patience();
    return fmt::format("traffic:\n  arrivals: {}\n{}  client: {}\n", arrivals,
                       has_classes_ ? classes() : "  objects: " + objects() + "\n", client);
  }

  std::string livelier_arrivals(double per_site) {
    switch (below(3)) {
      case 0:
        return fmt::format(
            "{{process: mmpp, rates: [{:.3f}/s, {:.3f}/s, {}], sojourns: [{}, {}, 10ms]}}",
            per_site * 2e6, per_site * 3e5, pick({"0/s", "5k/s"}), pick({"1ms", "50ms", "500ms"}),
            pick({"3ms", "100ms"}));
      case 1:
        return fmt::format("{{process: hawkes, base: {:.3f}/s, branching: {}, decay: {}}}",
                           std::max(per_site * 4e5, 1.0), pick({"0", "0.6"}),
                           pick({"1ms", "30ms"}));
      default:
        return fmt::format("{{process: sessions, rate: {:.3f}/s, requests: {}, pause: {}}}",
                           std::max(per_site * 3e5, 1.0), pick({"1", "3.5"}),
                           law(scale(10, 50'000)));
    }
  }

  std::string patience() {
    const std::uint64_t attempts = from_to(1, 4);
    const std::string_view timeout = patient_ ? "none" : pick({"300us", "5ms", "30ms", "200ms"});
    std::string all =
        fmt::format("{{timeout: {}, attempts: {}, backoff: {}", timeout, attempts, backoff());
    if (attempts > 1 && chance(60)) {
      all += ", budget: ";
      all += pick({"{kind: grpc}", "{kind: finagle, min_retries: 1/s, ttl: 1s}",
                   "{kind: envoy, min_concurrency: 1}", "{kind: aws, capacity: 50}"});
    }
    return all + "}";
  }

  std::string objects() {
    return fmt::format("{{count: {}, popularity: {{zipf: {}{}}}{}{}{}}}",
                       pick({"3", "50", "500", "3000"}), pick({"0", "0.7", "0.9", "1.3"}),
                       pick({"", "", ", shift: 7"}),
                       chance(20) ? ", drift: {every: 70ms, ranks: 2}" : "",
                       !closed_loop_ && chance(15) ? ", one_hit_wonders: 30%" : "",
                       sized_ ? ", size: {lognormal: {median: 10kB, sigma: 1}}" : "");
  }

  std::string classes() {
    return fmt::format(
        "  classes:\n    page: {{share: 64%, objects: {}}}\n    search: {{share: 1%, objects: "
        "{}}}\n"
        "    image: {{share: 35%, objects: {}}}\n",
        objects(), objects(), objects());
  }

  std::string edge() {
    if (!has_edge_) return "edge: none\n";
    const bool handles_errors = has_api_ && chance(50);
    const std::string_view fill =
        handles_errors ? "on_response" : pick({"on_response", "on_response", "on_miss"});
    std::string all = fmt::format(
        "edge:\n  sites: {}\n  nodes_per_site: {}\n  hit_latency: {}\n  cache:\n"
        "    policy: {}\n    capacity: {{{}}}\n    ttl: {}\n    ttl_jitter: {}\n"
        "    stale_while_revalidate: {}\n    fill: {}\n    start: {}\n",
        sites_, from_to(1, 3), law(scale(20, 2'000)),
        pick({"lru", "fifo", "clock", "sieve", "s3_fifo", "arc", "w_tinylfu", "gdsf", "lfu"}),
        capacity(), pick({"none", "5ms", "50ms", "400ms", "5s"}), pick({"0", "10%", "90%"}),
        pick({"none", "none", "10ms", "1s"}), fill, pick({"cold", "warm"}));
    if (everything_ && chance(25))
      all += fmt::format("    admission: {{min_uses: {}}}\n", from_to(1, 3));
    all += handles_errors ? error_handling() : coalescing();
    if (has_classes_ && chance(60)) {
      all += fmt::format("    classes: {{page: {{ttl: {}{}}}, image: {{ttl_jitter: 50%}}}}\n",
                         pick({"none", "3ms", "80ms"}),
                         chance(50) ? ", stale_while_revalidate: 30ms" : "");
    }
    return all + around_the_cache(fill);
  }

  std::string around_the_cache(std::string_view fill) {
    std::string all;
    if (everything_ && chance(30)) all += rate_limit();
    if (everything_ && chance(25)) all += proxies();
    if (everything_ && has_api_ && fill == "on_response" && chance(30)) {
      all += fmt::format(
          "  shield: {{policy: {}, capacity: {{objects: {}}}, age: {}, hit_latency: "
          "{}}}\n",
          pick({"lru", "sieve", "s3_fifo"}), pick({"1", "20", "500"}),
          pick({"honoured", "ignored"}), law(100));
    }
    if (spreads_ && chance(70)) {
      all += fmt::format("  spread: {}\n", pick({"consistent", "random",
                                                 "{kind: bounded, points: 9, "
                                                 "load_factor: 1.1, window: 50ms}"}));
    }
    return all;
  }

  std::string proxies() {
    const auto cores = static_cast<double>(from_to(1, 5));
    const double rate = rate_per_us_ / static_cast<double>(sites_);
    const std::string work = law(std::min(5e4, scale(0.1, 0.9) * cores / rate));
    const std::string handshakes = ", tls: {new_connections: 40%, full_handshake: " + work + "}";
    return fmt::format("  proxies: {{cores: {}, waf: {}{}}}\n", cores, work,
                       chance(50) ? handshakes : "");
  }

  std::string rate_limit() {
    const double each = rate_per_us_ * 1e6 / static_cast<double>(sites_) / 5;
    const bool leaky = chance(60);
    return fmt::format(
        "  rate_limit: {{kind: {}, tiers: [{{share: 30%, rate: {:.3f}/s, burst: {}}}, {{share: "
        "70%, clients: 4, rate: {:.3f}/s, burst: {}{}}}]}}\n",
        leaky ? "leaky_bucket" : "token_bucket", std::max(each, 1.0), leaky && !patient_ ? 0 : 1,
        std::max(each, 1.0), from_to(1, 9),
        leaky ? (patient_ ? ", delay: 1" : ", delay: none") : "");
  }

  std::string capacity() {
    if (everything_ && sized_ && chance(50))
      return fmt::format("bytes: {}", pick({"5kB", "200kB", "4MB"}));
    return fmt::format("objects: {}", pick({"1", "7", "60", "400"}));
  }

  std::string coalescing() { return fmt::format("    coalesce: {}\n", chance(40)); }

  std::string error_handling() {
    const bool masks = chance(60);
    std::string all;
    if (masks) all += fmt::format("    stale_if_error: {}\n", pick({"20ms", "5s"}));
    if (chance(50)) all += fmt::format("    fetch_timeout: {}\n", pick({"800us", "20ms"}));
    const bool waits = chance(60);
    if (waits) {
      all += fmt::format("    coalesce: {{max_wait: {}, on_timeout: {}, poll: {}}}\n",
                         spreads_ ? "none" : pick({"none", "2ms", "30ms"}),
                         masks ? pick({"fetch", "stale", "fail"}) : pick({"fetch", "fail"}),
                         pick({"none", "5ms"}));
    }
    if (chance(40)) {
      all += fmt::format("    uncacheable: {{share: 60%, marker: {}}}\n",
                         waits ? pick({"none", "200ms", "5s"}) : "none");
    }
    return all;
  }

  std::string links() {
    return fmt::format("links: {{edge_to_api: {}, api_to_workers: {}{}}}\n",
                       pick({"0us", "100us", "250us", "1ms", "3ms", "20ms"}),
                       pick({"0us", "100us", "1ms", "20ms"}), loss());
  }

  std::string loss() {
    if (!has_api_ || !chance(30)) return "";
    return fmt::format(", loss: {{edge_to_api: {}, retransmission_timeout: {}{}}}",
                       pick({"0%", "1%", "30%"}), pick({"1ms", "5ms", "200ms"}),
                       has_workers_ ? ", api_to_workers: 10%" : "");
  }

  /// A mean service time that loads so many slots to 40 ... 130 % (and never takes for ever).
  std::string service(std::uint64_t slots, double rate_per_us) {
    return law(std::min(5e4, scale(0.4, 1.3) * static_cast<double>(slots) / rate_per_us));
  }

  std::string api() {
    if (!has_api_) return "api: none\n";
    const bool scales = everything_ && chance(40);
    const std::string_view balancer =
        scales ? pick({"round_robin", "least_requests", "power_of_two", "random"})
               : pick({"central_queue", "round_robin", "least_requests", "power_of_two", "random"});
    tells_replicas_apart_ = balancer != "central_queue";
    std::string all = fmt::format(
        "api:\n  cells: {}\n  replicas: {}\n  concurrency: {}\n  queue_capacity: {}\n"
        "  balancer: {}\n  service: {}\n  enqueue: {{probability: {}}}\n"
        "  failure_probability: {}\n",
        cells_, replicas_, concurrency_, pick({"unbounded", "unbounded", "0", "2", "9"}), balancer,
        service(cells_ * replicas_ * concurrency_, 0.6 * rate_per_us_),
        pick({"20%", "70%", "100%"}), pick({"0", "3%", "30%"}));
    if (cells_ > 1 && (cells_ > sites_ || chance(50))) {
      all += pick({"  route: {own_cell: 50%}\n", "  route: {own_cell: 0%}\n",
                   "  route: {own_cell: 93%}\n"});
    }
    if (scales) all += "  autoscaler: " + api_scaler() + "\n";
    return all;
  }

  // As quick as the runs are short.
  std::string api_scaler() {
    const std::string_view pace = "startup: 30ms, metric_period: 100ms, scrape: 100ms, sync: 200ms";
    switch (below(4)) {
      case 0:
        return fmt::format("{{kind: hpa, max: 9, target: 50%, stabilization: 300ms, {}}}", pace);
      case 1:
        return fmt::format(
            "{{kind: kpa, max: 9, target: 1, stable_window: 1s, panic_window: 200ms, {}}}", pace);
      case 2:
        return fmt::format(
            "{{kind: target_tracking, max: 9, target: 40%, cooldown_out: 100ms, {}}}", pace);
      default:
        return "{kind: schedule, steps: [{at: 100ms, replicas: 5}, {at: 150ms, replicas: 1}]}";
    }
  }

  std::string workers() {
    if (!has_workers_) return "workers: none\n";
    worker_replicas_ = from_to(1, 5);
    const std::uint64_t each = from_to(1, 3);
    const bool broker = chance(40);
    std::string all = fmt::format(
        "workers:\n  replicas: {}\n  concurrency: {}\n  service: {}\n  failure_probability: {}\n"
        "  retries: {{{}backoff: {}}}\n",
        worker_replicas_, each, service(worker_replicas_ * each, 0.3 * rate_per_us_),
        pick({"0", "10%", "60%"}), broker ? "" : fmt::format("max_attempts: {}, ", from_to(1, 4)),
        backoff());
    if (broker) all += queue();
    if (chance(30)) {
      all += fmt::format(
          "  priorities: {{discipline: {}, classes: [{{share: 20%, weight: 4}}, {{share: "
          "80%}}]}}\n",
          pick({"strict", "weighted"}));
    }
    if (chance(30))
      all += fmt::format("  batch: {{every: {}, jobs: 40}}\n", pick({"70ms", "400ms"}));
    if (everything_ && chance(40)) all += "  autoscaler: " + worker_scaler() + "\n";
    return all;
  }

  std::string queue() {
    return fmt::format(
        "  queue: {{visibility_timeout: {}, max_receives: {}, prefetch: {}, duplicates: {}, "
        "poison: "
        "{}, idempotency_window: {}, triage: {}}}\n",
        pick({"3ms", "40ms", "30s"}), from_to(1, 4), pick({"1", "3"}), pick({"0", "20%"}),
        pick({"0", "10%"}), pick({"0", "50ms"}), pick({"none", "1s"}));
  }

  std::string worker_scaler() {
    const std::string_view pace = "startup: 30ms, metric_period: 100ms, scrape: 100ms, sync: 200ms";
    switch (below(3)) {
      case 0:
        return fmt::format(
            "{{kind: keda, min: {}, max: 9, target: 2, stabilization: 300ms, "
            "polling: 100ms, cooldown: 300ms, {}}}",
            pick({"0", "1"}), pace);
      case 1:
        return fmt::format("{{kind: hpa, max: 9, metric: {}, stabilization: 300ms, {}}}",
                           pick({"cpu, target: 50%", "lag, target: 5ms", "queue, target: 3"}),
                           pace);
      default:
        return fmt::format(
            "{{kind: target_tracking, max: 9, metric: latency, target: 9ms, "
            "cooldown_out: 100ms, {}}}",
            pace);
    }
  }

  std::string canary() {
    if (!has_api_ || !chance(35)) return "";
    std::string all = fmt::format("canary:\n  share: {}\n  api: {{replicas: {}, concurrency: {}",
                                  pick({"5%", "30%", "80%"}), from_to(1, 3), from_to(1, 3));
    if (chance(50)) all += fmt::format(", service_factor: {}", pick({"0.7", "1.5"}));
    if (chance(50)) all += ", failure_probability: 20%, enqueue: {probability: 50%}";
    if (chance(30)) all += ", slow: {share: 10%, factor: 4}";
    all += "}\n";
    if (has_workers_ && chance(50)) {
      all += fmt::format("  workers: {{failure_probability: 40%{}}}\n",
                         chance(50) ? ", replicas: 2" : ", service_factor: 2");
    }
    return all;
  }

  std::string timeline() {
    std::vector<std::string> events;
    for (std::uint64_t count = chance(40) ? 0 : from_to(1, 5); count > 0; --count) {
      if (std::string one = event(); !one.empty()) events.push_back(std::move(one));
    }
    return fmt::format("timeline: [{}]\n", fmt::join(events, ", "));
  }

  /// The same changes, drawn by the plan.
  std::string faults() {
    std::vector<std::string> all;
    const auto every = [this] {
      return fmt::format(", every: {}", law(static_cast<double>(duration_us_) * 0.3));
    };
    const auto lasting = [this] { return ", for: " + law(scale(100, 100'000)); };
    if (has_api_ && chance(15)) {
      all.push_back(fmt::format("{{event: replica_failure, tier: {}{}{}}}",
                                has_workers_ && chance(50) ? "workers" : "api", every(),
                                lasting()));
    }
    if (has_api_ && tells_replicas_apart_ && chance(10))
      all.push_back("{event: slow_down, tier: api, factor: 3, replicas: 1" + every() + lasting() +
                    "}");
    if (has_edge_ && chance(10)) all.push_back("{event: purge, share: 30%" + every() + "}");
    return fmt::format("faults: [{}]\n", fmt::join(all, ", "));
  }

  /// Nodes of a site come or go.
  std::string nodes() {
    return fmt::format("{{at: {}us, event: nodes, count: {}{}}}", 100 * below(duration_us_ / 100),
                       from_to(1, 4), chance(50) ? fmt::format(", site: {}", below(sites_)) : "");
  }

  std::string event() {
    if (has_edge_ && spreads_ && chance(20)) return nodes();
    const std::string head = fmt::format("{{at: {}us, event: ", 100 * below(duration_us_ / 100));
    const std::string lasting =
        chance(5) ? "" : fmt::format(", for: {}us", 100 * from_to(1, duration_us_ / 100));
    const std::string brief = fmt::format(", for: {}us", from_to(100, 5'000));
    const std::string tier = has_workers_ && chance(50) ? "workers" : "api";
    const std::string site = chance(50) ? fmt::format(", site: {}", below(sites_)) : "";
    switch (below(10)) {
      case 9:
        return has_api_ && tells_replicas_apart_
                   ? head +
                         fmt::format("slow_down, factor: 4, tier: api, replicas: {}",
                                     from_to(1, replicas_)) +
                         lasting + "}"
                   : "";
      case 8:
        return has_api_ && tells_replicas_apart_
                   ? head +
                         fmt::format("bad_release, share: {}, {}", pick({"30%", "100%"}),
                                     pick({"factor: 2", "probability: 40%",
                                           "factor: 2, probability: 40%"})) +
                         lasting + "}"
                   : "";
      case 7:
        return closed_loop_ ? "" : head + slope() + site + "}";
      case 0:
        return has_edge_ ? head + purge() + "}" : "";
      case 1:
        return closed_loop_ ? ""
                            : head + "surge, factor: " + std::string(pick({"0.3", "2.5"})) + site +
                                  lasting + "}";
      case 2:
        return sites_ > 1 ? head + fmt::format("site_failure, site: {}{}}}", below(sites_), lasting)
                          : "";
      case 3:
        return has_api_ ? head + "slow_down, factor: 2.5, tier: " + tier + lasting + "}" : "";
      case 4:
        return has_api_ ? head + "failures, probability: 50%, tier: " + tier + lasting + "}" : "";
      default:
        return has_api_ ? head + replica_failure(tier) + (chance(50) ? lasting : brief) + "}" : "";
    }
  }

  std::string purge() {
    if (chance(40)) {
      return fmt::format("purge, {}, soft: {}{}", pick({"tag: 1 of 4", "key: 0"}), chance(50),
                         chance(30) ? fmt::format(", site: {}", below(sites_)) : "");
    }
    return fmt::format("purge, share: {}, soft: {}", pick({"20%", "100%"}), chance(50));
  }

  std::string slope() {
    return std::string(
        pick({"ramp, factor: 3, over: 100us", "flash_crowd, factor: 4, rise: 900us, decay: 40ms"}));
  }

  std::string replica_failure(const std::string& tier) {
    const bool api = tier == "api";
    return fmt::format("replica_failure, tier: {}, count: {}{}", tier,
                       from_to(1, api ? replicas_ : worker_replicas_),
                       api && chance(40) ? fmt::format(", cell: {}", below(cells_)) : "");
  }

  std::uint64_t seed_;
  sim::StreamKey key_;
  bool everything_;
  std::uint64_t next_ = 0;
  bool sized_ = false;
  bool has_classes_ = false;
  bool patient_ = true;
  bool spreads_ = false;
  bool tells_replicas_apart_ = false;
  bool has_edge_ = true;
  bool has_api_ = true;
  bool has_workers_ = true;
  bool closed_loop_ = false;
  std::uint64_t sites_ = 1;
  std::uint64_t cells_ = 1;
  std::uint64_t replicas_ = 1;
  std::uint64_t concurrency_ = 1;
  std::uint64_t worker_replicas_ = 1;
  std::uint64_t duration_us_ = 0;
  double requests_ = 0;
  double rate_per_us_ = 0;
};

}  // namespace

std::string random_system(std::uint64_t seed, Breadth breadth) {
  return Generator(seed, breadth).text();
}

}  // namespace haldane::test
