#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/judge/prometheus.h"
#include "cli/serve/serve.h"
#include "config/quantity.h"
#include "server/listen_address.h"

namespace haldane::cli {
namespace {

constexpr unsigned threads_max = 256;
constexpr std::int64_t body_limit_least = 1024;
constexpr std::int64_t body_limit_most = std::int64_t{1} << 30U;

std::string refused_address(const std::string& text) {
  if (server::parse_listen_address(text)) return {};
  return "must be an address and a port, such as 127.0.0.1:8080 or [::1]:8080, but was \"" + text +
         "\"";
}

std::int64_t body_limit(const std::string& text) {
  const auto bytes = config::parse_size(text);
  if (!bytes) throw CLI::ValidationError("--body-max", bytes.error().message);
  if (*bytes < body_limit_least || *bytes > body_limit_most)
    throw CLI::ValidationError("--body-max", "must be 1KiB to 1GiB, but was " + text);
  return *bytes;
}

}  // namespace

Action add_serve(CLI::App& app) {
  CLI::App* command = app.add_subcommand("serve", "Judge over HTTP, for Kayenta and controllers");
  const auto options = std::make_shared<ServeOptions>();
  command
      ->add_option("--listen", options->listen,
                   "Address and port (default 127.0.0.1:8080); port 0 takes a free one")
      ->type_name("HOST:PORT")
      ->check(refused_address);
  command
      ->add_option("--prometheus", options->prometheus,
                   "Let requests name their arms by queries to this server")
      ->type_name("URL")
      ->check(refused_server);
  command->add_option("--threads", options->threads, "Requests judged at once (default 2)")
      ->type_name("N")
      ->check(CLI::Range(1U, threads_max));
  command
      ->add_option_function<std::string>(
          "--body-max",
          [options](const std::string& text) { options->body_max = body_limit(text); },
          "The largest request (default 16MiB)")
      ->type_name("SIZE");
  return [options] { return serve(*options); };
}

}  // namespace haldane::cli
