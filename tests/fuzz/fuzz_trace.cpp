// Any bytes are a trace or a reason why not; never a crash, a hang or a trace that breaks a promise
// of its header. The first byte chooses how it is read.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "models/replay/replay_study.h"
#include "models/trace/read_trace.h"
#include "sim/base/check.h"

namespace {

namespace models = haldane::models;

models::TraceOptions options_of(std::uint8_t choice) {
  models::TraceOptions options;
  switch (choice & 3U) {
    case 0:
      break;
    case 1:
      options.format = models::TraceFormat::csv;
      break;
    case 2:
      options.format = models::TraceFormat::text;
      break;
    default:
      options.format = models::TraceFormat::oracle_general;
  }
  if ((choice & 4U) != 0) options.sample = {0.5, choice};
  return options;
}

void check_promises(const models::TraceReading& reading, double rate) {
  const models::AccessTrace& trace = reading.trace;
  HALDANE_CHECK(trace.requests_seen >= 1);
  HALDANE_CHECK(trace.objects.size() <= trace.requests_seen);
  HALDANE_CHECK(rate < 1 || trace.objects.size() == trace.requests_seen);
  HALDANE_CHECK(trace.sizes.empty() || trace.sizes.size() == trace.objects.size());
  HALDANE_CHECK(reading.problems.size() <= 5);
  std::uint32_t next = 0;
  for (const std::uint32_t object : trace.objects) {
    HALDANE_CHECK(object <= next);
    if (object == next) ++next;
  }
  HALDANE_CHECK(next == trace.object_count);
}

void replay(const models::AccessTrace& trace, double rate) {
  models::ReplayQuestion question;
  question.policies = {models::ReplayPolicy::lru, models::ReplayPolicy::sieve};
  question.capacities = models::default_capacities(models::estimated_objects(trace, rate));
  question.sample_rate = rate;
  for (const models::ReplayAnswer& answer : models::replay_study(trace, question)) {
    HALDANE_CHECK(answer.hits + answer.misses == trace.requests_seen);
    HALDANE_CHECK(answer.miss_ratio >= 0 && answer.miss_ratio <= 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string bytes(data + 1, data + size);
  const models::TraceOptions options = options_of(data[0]);
  auto source = models::bytes_of(bytes, "fuzz");
  if (!source) return 0;
  const auto reading = models::read_trace(std::move(source).value(), options);
  if (!reading) {
    HALDANE_CHECK(!haldane::to_string(reading.error().diagnostics).empty());
    return 0;
  }
  check_promises(reading.value(), options.sample.rate);
  replay(reading.value().trace, options.sample.rate);
  return 0;
}
