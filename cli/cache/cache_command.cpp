#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/cache/cache.h"
#include "cli/cache/cache_options.h"
#include "cli/command.h"
#include "cli/common_options.h"

namespace haldane::cli {
namespace {

constexpr std::size_t capacities_max = 10'000;

using Words = std::vector<std::string>;

void take_policies(const Words& words, CacheOptions& options) {
  WrongWords wrong("--policy");
  for (const std::string& word : words) {
    const auto policies = parse_policies(word);
    if (!policies) {
      wrong.add(policies.error());
      continue;
    }
    options.policies.insert(options.policies.end(), policies.value().begin(),
                            policies.value().end());
  }
  wrong.complain();
}

void take_capacities(const Words& words, CacheOptions& options) {
  if (words.size() > capacities_max) {
    throw CLI::ValidationError("--capacity", "at most 10000 capacities");
  }
  WrongWords wrong("--capacity");
  for (const std::string& word : words) {
    if (const auto wish = parse_capacity(word)) {
      options.capacities.push_back(*wish);
    } else {
      wrong.add(wish.error());
    }
  }
  wrong.complain();
}

void add_question_options(CLI::App& command, CacheOptions& options) {
  command
      .add_option(
          "TRACE", options.trace,
          "CSV with a header, text with one id a line, or oracleGeneral binary; each may be "
          "packed with zstd; - is standard input")
      ->required();
  command
      .add_option_function<Words>(
          "--policy", [&options](const Words& words) { take_policies(words, options); },
          "lru (default), fifo, clock, sieve, s3_fifo, arc, w_tinylfu, gdsf, lfu, or all; several "
          "with commas")
      ->type_name("P[,P...]")
      ->delimiter(',')
      ->take_all();
  command
      .add_option_function<Words>(
          "--capacity", [&options](const Words& words) { take_capacities(words, options); },
          "Objects (100k), bytes (1GiB) or a share of the objects (10%); several with commas; "
          "without it, a curve from 0.01% to 100%")
      ->type_name("N[,N...]")
      ->delimiter(',')
      ->take_all();
}

void add_sample_options(CLI::App& command, CacheOptions& options) {
  add_parsed(command, "--sample", options.sample_rate, parse_sample_rate,
             "Estimate from this share of the objects (SHARDS), such as 1%")
      ->type_name("SHARE");
  add_seed(command, options.seed, "Which objects a sample holds");
  add_threads(command, options.threads);
}

void add_trace_options(CLI::App& command, CacheOptions& options) {
  command
      .add_option_function<std::string>(
          "--trace-format",
          [&options](const std::string& text) {
            for (const auto format : {models::TraceFormat::csv, models::TraceFormat::text,
                                      models::TraceFormat::oracle_general}) {
              if (models::name_of(format) == text) options.trace_format = format;
            }
          },
          "csv, text or oracle_general (default: told by name or content)")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"csv", "text", "oracle_general"}));
  command
      .add_option_function<Words>(
          "--column",
          [&options](const Words& words) {
            WrongWords wrong("--column");
            for (const std::string& word : words) {
              if (const auto problem = parse_column(word, options.columns)) wrong.add(*problem);
            }
            wrong.complain();
          },
          "Name a CSV column: object=NAME, size=NAME or time=NAME (repeat)")
      ->type_name("ROLE=NAME")
      ->expected(1)
      ->take_all();
}

void add_output_options(CLI::App& command, CacheOptions& options) {
  command.option_defaults()->group("Results");
  add_format(command, options.format, "text (default), json or csv", {"text", "json", "csv"});
  add_file(command, "--out", options.out, "Write the result there instead of standard output");
  add_file(command, "--html", options.html, "Also write a self-contained page with the curve");
}

}  // namespace

Action add_cache(CLI::App& app) {
  CLI::App* command = app.add_subcommand("cache", "Hits and miss-ratio curve of a real trace");
  const auto options = std::make_shared<CacheOptions>();
  add_question_options(*command, *options);
  add_sample_options(*command, *options);
  add_trace_options(*command, *options);
  add_output_options(*command, *options);
  return [options] { return cache(*options); };
}

}  // namespace haldane::cli
