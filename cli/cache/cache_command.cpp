#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/cache/cache.h"
#include "cli/cache/cache_options.h"
#include "cli/command.h"
#include "config/quantity.h"

namespace haldane::cli {
namespace {

constexpr std::size_t capacities_max = 10'000;

using Words = std::vector<std::string>;

/// What is wrong with the words of an option: all of it at once.
class WrongWords {
 public:
  explicit WrongWords(std::string option) : option_(std::move(option)) {}
  void add(const std::string& problem) { problems_ += (problems_.empty() ? "" : "\n  ") + problem; }
  void complain() const {
    if (!problems_.empty()) throw CLI::ValidationError(option_, problems_);
  }

 private:
  std::string option_;
  std::string problems_;
};

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

/// CLI11 alone turns what is too large into 2^64 - 1.
std::string seed_problem(const std::string& text) {
  const auto seed = config::parse_unsigned(text);
  return seed ? std::string() : fmt::format("'{}' {}", text, seed.error().message);
}

void add_sample_options(CLI::App& command, CacheOptions& options) {
  command
      .add_option_function<std::string>(
          "--sample",
          [&options](const std::string& text) {
            const auto rate = parse_sample_rate(text);
            if (!rate) throw CLI::ValidationError("--sample", rate.error());
            options.sample_rate = *rate;
          },
          "Estimate from this share of the objects (SHARDS), such as 1%")
      ->type_name("SHARE");
  command.add_option("--seed", options.seed, "Which objects a sample holds")
      ->type_name("N")
      ->check(seed_problem);
  command.add_option("--threads", options.threads, "Threads (default: all of the machine)")
      ->type_name("T")
      ->check(CLI::Range(1, 1'024));
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
            for (const std::string& word : words) {
              const auto problem = parse_column(word, options.columns);
              if (problem) throw CLI::ValidationError("--column", *problem);
            }
          },
          "Name a CSV column: object=NAME, size=NAME or time=NAME (repeat)")
      ->type_name("ROLE=NAME")
      ->expected(1)
      ->take_all();
}

void add_output_options(CLI::App& command, CacheOptions& options) {
  command.add_option("--format", options.format, "text (default), json or csv")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"text", "json", "csv"}));
  command.add_option("--out", options.out, "Write the result there instead of standard output")
      ->type_name("FILE");
  command.add_option("--html", options.html, "Also write a self-contained page with the curve")
      ->type_name("FILE");
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
