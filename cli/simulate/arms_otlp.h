// The two arms of a canary as metrics of OpenTelemetry: what arms_csv.h writes of a sample, of
// every request.
#pragma once

#include <string>

#include "models/plan.h"
#include "sim/measure/measurements.h"

namespace haldane::cli {

/// One ExportMetricsServiceRequest whose metrics have the names of arm_csv()'s columns, so that a
/// policy for one is a policy for the other: latency_ms is a histogram of all requests, with the
/// bounds of its buckets (0.2 % apart); requests, errors and dead_letters are sums and queue_depth
/// is a gauge, with a point a time bin. Simulated time counts from the Unix epoch. What came before
/// `from_s` is left out. **Domain** `run` has a block for `arm`, and a time slice begins at
/// `from_s`. **Cost** O(bins + buckets), about 1 MB of text. **Source** opentelemetry-proto 1.x,
/// metrics/v1/metrics.proto, and "OTLP/JSON Protobuf encoding": 64-bit integers as strings,
/// enumerations as numbers.
[[nodiscard]] std::string arm_otlp_json(const sim::Measurements& run, models::Block arm,
                                        double from_s);

}  // namespace haldane::cli
