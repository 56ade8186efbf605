#include <algorithm>
#include <array>
#include <utility>

#include "analysis/ingest/formats/record_reader.h"
#include "sim/base/check.h"

namespace haldane::analysis {
namespace {

using Maker = std::unique_ptr<RecordReader> (*)(TableBuilder&);

constexpr std::array<std::pair<InputFormat, Maker>, 17> makers = {{
    {InputFormat::ndjson, make_ndjson_reader},
    {InputFormat::k6_json, make_k6_json_reader},
    {InputFormat::k6_csv, make_k6_csv_reader},
    {InputFormat::vegeta_json, make_vegeta_json_reader},
    {InputFormat::vegeta_csv, make_vegeta_csv_reader},
    {InputFormat::access_log, make_access_log_reader},
    {InputFormat::envoy_log, make_envoy_reader},
    {InputFormat::envoy_json, make_envoy_json_reader},
    {InputFormat::hgrm, make_hgrm_reader},
    {InputFormat::hlog, make_hlog_reader},
    {InputFormat::prometheus, make_prometheus_reader},
    {InputFormat::otlp, make_otlp_reader},
    {InputFormat::oha, make_oha_reader},
    {InputFormat::oha_csv, make_oha_csv_reader},
    {InputFormat::metric_set_pairs, make_metric_set_pairs_reader},
    {InputFormat::fortio, make_fortio_reader},
    {InputFormat::locust, make_locust_reader},
}};

}  // namespace

std::unique_ptr<RecordReader> make_reader(InputFormat format, TableBuilder& table) {
  const auto* found = std::find_if(makers.begin(), makers.end(),
                                   [format](const auto& maker) { return maker.first == format; });
  HALDANE_CHECK(found != makers.end());
  return found->second(table);
}

}  // namespace haldane::analysis
