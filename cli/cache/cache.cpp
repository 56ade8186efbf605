#include "cli/cache/cache.h"

#include <algorithm>
#include <new>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/cache/cache_report.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/result_files.h"
#include "cli/terminal.h"
#include "models/replay/replay_study.h"
#include "models/trace/read_trace.h"
#include "sim/parallel/parallel_for.h"

namespace haldane::cli {
namespace {

ExitCode report(const models::TraceError& error) {
  write_message(to_string(error.diagnostics));
  return error.failure == models::TraceFailure::bad_content ? ExitCode::bad_input
                                                            : ExitCode::input_not_found;
}

/// Rows that were passed over are named, because numbers of half a file should surprise nobody.
void warn_of_bad_rows(const CacheOptions& options, const models::TraceReading& reading) {
  if (reading.malformed_rows == 0) return;
  write_message(fmt::format(
      "haldane: warning: {}: {} of {} rows could not be read and are left out\n", options.trace,
      reading.malformed_rows, reading.trace.requests_seen + reading.malformed_rows));
  write_message(to_string(reading.problems));
}

ExitCode load_trace(const CacheOptions& options, std::optional<models::TraceReading>& reading) {
  auto source = models::open_bytes(options.trace);
  if (!source) return report(source.error());
  models::TraceOptions how;
  how.format = options.trace_format;
  how.columns = options.columns;
  how.sample = {options.sample_rate, options.seed};
  auto read = models::read_trace(std::move(source).value(), how);
  if (!read) return report(read.error());
  reading = std::move(read).value();
  warn_of_bad_rows(options, *reading);
  return ExitCode::success;
}

std::vector<models::ReplayCapacity> resolve(const std::vector<CapacityWish>& wishes,
                                            std::uint64_t objects) {
  if (wishes.empty()) return models::default_capacities(objects);
  std::vector<models::ReplayCapacity> capacities;
  for (const CapacityWish& wish : wishes) {
    models::ReplayCapacity capacity = wish.capacity;
    if (wish.share) {
      const double amount = *wish.share * static_cast<double>(objects) + 0.5;
      capacity.amount = std::max<std::uint64_t>(static_cast<std::uint64_t>(amount), 1);
    }
    capacities.push_back(capacity);
  }
  return capacities;
}

bool asks_for_bytes(const std::vector<models::ReplayCapacity>& capacities) {
  return std::any_of(capacities.begin(), capacities.end(), [](const auto& capacity) {
    return capacity.unit == models::CapacityUnit::bytes;
  });
}

CacheResult study(const CacheOptions& options, const models::TraceReading& reading,
                  const models::ReplayQuestion& question) {
  CacheResult result;
  result.trace = options.trace;
  result.format = models::name_of(reading.format);
  result.header = reading.header;
  result.requests = reading.trace.requests_seen;
  result.objects = models::estimated_objects(reading.trace, options.sample_rate);
  if (reading.trace.bytes_seen > 0) {
    result.bytes = reading.trace.bytes_seen;
    result.working_set_bytes = models::working_set_bytes(reading.trace, options.sample_rate);
  }
  result.malformed_rows = reading.malformed_rows;
  if (options.sample_rate < 1) {
    result.sample = CacheSample{options.sample_rate, options.seed, reading.trace.objects.size(),
                                reading.trace.object_count};
  }
  result.answers = models::replay_study(reading.trace, question);
  return result;
}

ExitCode read_and_replay(const CacheOptions& options) {
  models::ReplayQuestion question;
  question.policies = options.policies;
  if (question.policies.empty()) question.policies = {models::ReplayPolicy::lru};
  ResultFiles files;
  const ExitCode opened = files.open(options.out, options.html);
  if (opened != ExitCode::success) return opened;
  std::optional<models::TraceReading> reading;
  const ExitCode loaded = load_trace(options, reading);
  if (loaded != ExitCode::success) return loaded;

  question.capacities =
      resolve(options.capacities, models::estimated_objects(reading->trace, options.sample_rate));
  if (asks_for_bytes(question.capacities) && reading->trace.bytes_seen == 0) {
    return report(models::trace_error(models::TraceFailure::bad_content, "TRC-108", options.trace,
                                      "has no sizes, which a capacity in bytes needs"));
  }
  question.sample_rate = options.sample_rate;
  question.threads = options.threads == 0 ? sim::available_threads() : options.threads;
  const CacheResult result = study(options, *reading, question);
  const analysis::TextStyle style = options.out.empty() ? output_style() : analysis::TextStyle{};
  const std::string text = options.format == "json"  ? cache_json(result)
                           : options.format == "csv" ? cache_csv(result)
                                                     : cache_text(result, style);
  return files.write(text, options.html.empty() ? "" : cache_page(result));
}

}  // namespace

ExitCode cache(const CacheOptions& options) {
  try {
    return read_and_replay(options);
  } catch (const std::bad_alloc&) {
    return fail(ExitCode::bad_input,
                fmt::format("{}: does not fit into memory, where a request takes up to 8 bytes and "
                            "an object 16 to 64; --sample 1% keeps a hundredth",
                            options.trace));
  }
}

}  // namespace haldane::cli
