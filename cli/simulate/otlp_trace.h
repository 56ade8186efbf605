// Spans of single requests in the JSON encoding of OTLP, which Jaeger, Tempo and the OpenTelemetry
// collector read.
//
// A request is a trace. Its root is the client's span; the edge has a span for a copy that it
// found, or for each fetch; under a fetch is the span of the API cell, and under that of the
// attempt that caused it the job's. Simulated time counts from the Unix epoch.
#pragma once

#include <span>
#include <string>

#include "models/plan.h"
#include "models/tiers/record/request_trace.h"

namespace haldane::cli {

/// One ExportTraceServiceRequest. **Domain** `visits` as trace_requests() returns them, of the
/// replication 0 of `plan`. **Source** opentelemetry-proto 1.x, trace/v1/trace.proto, and
/// "OTLP/JSON Protobuf encoding": identities in hexadecimal, 64-bit integers as strings,
/// enumerations as numbers.
[[nodiscard]] std::string otlp_trace_json(const models::Plan& plan,
                                          std::span<const models::RequestVisit> visits);

}  // namespace haldane::cli
