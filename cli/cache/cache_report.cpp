#include "cli/cache/cache_report.h"

#include <fmt/format.h>

#include "analysis/report/json_values.h"
#include "analysis/report/number_format.h"

namespace haldane::cli {
namespace {

using analysis::Json;

std::string_view name_of(models::CapacityUnit unit) {
  return unit == models::CapacityUnit::bytes ? "bytes" : "objects";
}

std::string whole(std::uint64_t count) {
  return analysis::format_fixed(static_cast<double>(count), 0);
}

std::string percent(std::optional<double> share) {
  return share ? analysis::format_fixed(*share * 100, 3) : "-";
}

std::string heading(const CacheResult& result) {
  std::string text =
      fmt::format("{}: {} requests for {}{} objects", result.trace, whole(result.requests),
                  result.sample ? "about " : "", whole(result.objects));
  if (result.bytes) {
    text += fmt::format("; {} bytes, {}{} bytes of objects", whole(*result.bytes),
                        result.sample ? "about " : "", whole(*result.working_set_bytes));
  }
  return text;
}

std::string notes(const CacheResult& result) {
  // Who sees 37 % of misses with an endless cache should see why.
  const double first = static_cast<double>(result.objects) / static_cast<double>(result.requests);
  std::string text =
      fmt::format("First requests for an object miss in any cache: {} % of all.", percent(first));
  if (result.sample) {
    text += fmt::format(" Estimated from {} requests for {} objects, a sample of {} % (seed {}).",
                        whole(result.sample->requests), whole(result.sample->objects),
                        analysis::format_plain(result.sample->rate * 100), result.sample->seed);
  }
  if (result.malformed_rows > 0) {
    text +=
        fmt::format(" {} rows could not be read and are left out.", whole(result.malformed_rows));
  }
  return text;
}

Json optional_count(const std::optional<std::uint64_t>& count) {
  return count ? Json(*count) : Json(nullptr);
}

Json column_json(const models::CsvHeader& header, const std::optional<std::size_t>& column) {
  return column ? Json(header.names[*column]) : Json(nullptr);
}

Json columns_json(const CacheResult& result) {
  if (result.format != "csv") return nullptr;
  return {{"time", column_json(result.header, result.header.time)},
          {"object", column_json(result.header, result.header.object)},
          {"size", column_json(result.header, result.header.size)}};
}

Json sample_json(const std::optional<CacheSample>& sample) {
  if (!sample) return nullptr;
  return {{"rate", sample->rate},
          {"seed", sample->seed},
          {"requests", sample->requests},
          {"objects", sample->objects}};
}

Json answer_json(const models::ReplayAnswer& answer) {
  return {{"policy", models::name_of(answer.policy)},
          {"capacity", answer.capacity.amount},
          {"unit", name_of(answer.capacity.unit)},
          {"hits", answer.hits},
          {"misses", answer.misses},
          {"miss_ratio", answer.miss_ratio},
          {"byte_miss_ratio", analysis::json_number(answer.byte_miss_ratio)}};
}

}  // namespace

std::string cache_text(const CacheResult& result, const analysis::TextStyle& style) {
  analysis::TextTable table({{"policy"},
                             {"capacity", true},
                             {"unit"},
                             {"hits", true, 3},
                             {"misses", true, 2},
                             {"miss %", true},
                             {"byte miss %", true, 1}});
  for (const models::ReplayAnswer& answer : result.answers) {
    table.add_row({std::string(models::name_of(answer.policy)), whole(answer.capacity.amount),
                   std::string(name_of(answer.capacity.unit)), whole(answer.hits),
                   whole(answer.misses), percent(answer.miss_ratio),
                   percent(answer.byte_miss_ratio)});
  }
  return analysis::fold_text(heading(result), style.width, 2) + "\n\n" + table.render(style) +
         "\n" + analysis::fold_text(notes(result), style.width, 0) + "\n";
}

std::string cache_json(const CacheResult& result) {
  Json document = {{"schema", "haldane.cache/1"},
                   {"trace", result.trace},
                   {"format", result.format},
                   {"requests", result.requests},
                   {"objects", result.objects},
                   {"bytes", optional_count(result.bytes)},
                   {"working_set_bytes", optional_count(result.working_set_bytes)},
                   {"malformed_rows", result.malformed_rows},
                   {"columns", columns_json(result)},
                   {"sample", sample_json(result.sample)},
                   {"results", Json::array()}};
  for (const models::ReplayAnswer& answer : result.answers) {
    document["results"].push_back(answer_json(answer));
  }
  return analysis::json_document(document);
}

std::string cache_csv(const CacheResult& result) {
  std::string text = "policy,capacity,unit,hits,misses,miss_ratio,byte_miss_ratio\n";
  for (const models::ReplayAnswer& answer : result.answers) {
    text += fmt::format("{},{},{},{},{},{},{}\n", models::name_of(answer.policy),
                        answer.capacity.amount, name_of(answer.capacity.unit), answer.hits,
                        answer.misses, answer.miss_ratio,
                        answer.byte_miss_ratio ? fmt::format("{}", *answer.byte_miss_ratio) : "");
  }
  return text;
}

}  // namespace haldane::cli
