#include "cli/serve/serve.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/judge/prometheus.h"
#include "cli/output.h"
#include "cli/schema/schemas.h"
#include "cli/signals.h"
#include "server/http_server.h"
#include "server/listen_address.h"

namespace haldane::cli {
namespace {

// How long a signal may go unseen.
constexpr std::chrono::milliseconds signal_pause{20};

Expected<std::string, server::RangeProblem> ask(const std::string& prometheus,
                                                const server::RangeQuestion& question) {
  auto document =
      query_range({prometheus, question.query, question.start_s, question.end_s, question.step_s});
  if (document) return std::move(document).value();
  const FollowProblem& problem = document.error();
  return Unexpected{server::RangeProblem{problem.code == ExitCode::unavailable, problem.text}};
}

server::Site site(const std::string& prometheus) {
  server::Site site{HALDANE_VERSION, {}, {}, {}};
  if (!prometheus.empty()) {
    site.ask_range = [prometheus](const auto& question) { return ask(prometheus, question); };
    site.now_s = [] {
      const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
      return now.count();
    };
  }
  for (const Schema& schema : schemas()) {
    const std::string name(schema.name);
    site.documents.push_back({name == "openapi" ? "/openapi.json" : "/schema/" + name + ".json",
                              std::string(schema.text)});
  }
  return site;
}

std::string name_of(const boost::asio::ip::tcp::endpoint& endpoint) {
  const std::string host = endpoint.address().to_string();
  return fmt::format("http://{}:{}", endpoint.address().is_v6() ? "[" + host + "]" : host,
                     endpoint.port());
}

void announce(const boost::asio::ip::tcp::endpoint& endpoint) {
  if (!endpoint.address().is_loopback()) {
    write_message(
        "haldane: warning: whoever reaches this address may have things judged; there are no "
        "passwords\n");
  }
  write_message(fmt::format("haldane: listening on {}\n", name_of(endpoint)));
}

ExitCode run_until_stopped(server::HttpServer& server) {
  const DeferredStop deferred;
  std::thread worker([&server] { server.run(); });
  std::optional<ExitCode> stopped;
  while (!(stopped = stop_requested())) std::this_thread::sleep_for(signal_pause);
  server.stop();
  worker.join();
  return *stopped;
}

}  // namespace

ExitCode serve(const ServeOptions& options) {
  const auto where = server::parse_listen_address(options.listen);
  if (!where) return fail(ExitCode::usage, options.listen + ": is no address to listen on");
  server::ServerLimits limits;
  limits.threads = options.threads;
  limits.body_max = static_cast<std::uint64_t>(options.body_max);
  const auto opened = server::HttpServer::open(*where, limits, site(options.prometheus));
  if (!opened) {
    return fail(ExitCode::unavailable,
                fmt::format("cannot listen on {}: {}", options.listen, opened.error()));
  }
  announce((*opened)->endpoint());
  return run_until_stopped(**opened);
}

}  // namespace haldane::cli
