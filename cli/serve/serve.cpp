#include "cli/serve/serve.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/schemas.h"
#include "cli/signals.h"
#include "server/http_server.h"
#include "server/listen_address.h"

namespace haldane::cli {
namespace {

// How long a signal may go unseen.
constexpr std::chrono::milliseconds signal_pause{20};

server::Site site() {
  server::Site site{HALDANE_VERSION, {}};
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
  const auto opened = server::HttpServer::open(*where, limits, site());
  if (!opened) {
    return fail(ExitCode::unavailable,
                fmt::format("cannot listen on {}: {}", options.listen, opened.error()));
  }
  announce((*opened)->endpoint());
  return run_until_stopped(**opened);
}

}  // namespace haldane::cli
