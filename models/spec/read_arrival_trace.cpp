#include "models/spec/read_arrival_trace.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "config/quantity.h"
#include "models/spec/comparison.h"
#include "models/trace/byte_source.h"
#include "models/trace/csv_header.h"
#include "models/trace/lines.h"
#include "models/trace/object_ids.h"
#include "models/trace/trace_builder.h"

namespace haldane::models {
namespace {

using config::Value;

constexpr std::size_t file_bytes_max = std::size_t{1} << 30;
constexpr std::size_t rows_max = 50'000'000;
constexpr int bad_rows_max = 10;
constexpr double time_ns_max = 8.64e15;  // 100 days

/// Takes the lines of the file one by one.
class TraceRows {
 public:
  TraceRows(const Value& file, double unit_ns) : file_(file), unit_ns_(unit_ns) {}

  void take(std::string_view line, std::uint64_t number) {
    if (trim(line).empty() || over_) return;
    if (!header_) return read_header(line, number);
    split(line);
    if (const std::string problem = take_row(); !problem.empty()) complain(number, problem);
  }

  /// **Returns** nothing where something was wrong.
  std::shared_ptr<const ArrivalTrace> finish() {
    if (!header_ && !over_) file_.fail("SCN-482", "must have a header that names time and object");
    if (bad_rows_ > 0 || over_ || !header_) return nullptr;
    if (trace_.times.empty()) {
      file_.fail("SCN-482", "must have a request");
      return nullptr;
    }
    trace_.object_count = ids_.size();
    number_by_popularity();
    return std::make_shared<const ArrivalTrace>(std::move(trace_));
  }

 private:
  void read_header(std::string_view line, std::uint64_t number) {
    header_ = parse_header(line, {});
    for (std::size_t column = 0; column < header_->names.size(); ++column) {
      if (lower_case(header_->names[column]) == "site") site_column_ = column;
    }
    if (header_->time && header_->object) return;
    file_.fail("SCN-482", fmt::format("line {}: must be a header that names time and object, but "
                                      "was \"{}\"",
                                      number, config::excerpt(std::string(line))));
    over_ = true;
  }

  void split(std::string_view line) {
    fields_.clear();
    while (true) {
      const std::size_t end = line.find(header_->delimiter);
      std::string_view field = trim(line.substr(0, end));
      if (field.size() >= 2 && field.front() == '"' && field.back() == '"')
        field = field.substr(1, field.size() - 2);
      fields_.push_back(field);
      if (end == std::string_view::npos) return;
      line.remove_prefix(end + 1);
    }
  }

  /// **Returns** what is wrong with the row, or nothing.
  std::string take_row() {
    if (fields_.size() != header_->names.size()) {
      return fmt::format("must have {} fields, but has {}", header_->names.size(), fields_.size());
    }
    const std::string_view object = fields_[*header_->object];
    if (object.empty()) return "must have an object";
    const auto time = config::parse_number(fields_[*header_->time]);
    if (!time) return "the time " + time.error().message;
    if (trace_.times.empty()) first_time_ = *time;
    const double ns = (*time - first_time_) * unit_ns_;
    if (ns < last_ns_) return "the time must not be before that of the row above";
    if (ns > time_ns_max) return "the time must be within 100 days of the first";
    if (site_column_ && !take_site(fields_[*site_column_])) {
      return "the site must be a number from 0 to 4095, but was " +
             config::excerpt(std::string(fields_[*site_column_]));
    }
    if (trace_.times.size() == rows_max) {
      over_ = true;
      return fmt::format("at most {} rows are possible", rows_max);
    }
    last_ns_ = ns;
    trace_.times.push_back(SimTime::at_nanoseconds(static_cast<std::int64_t>(ns + 0.5)));
    const std::uint64_t key = key_of_text(object.data(), object.size());
    trace_.objects.push_back(ids_.id_of(key, ObjectIds::hash(key)));
    return {};
  }

  bool take_site(std::string_view text) {
    const auto number = config::parse_number(text);
    if (!number || !(*number >= 0) || *number > 4095) return false;
    const auto site = static_cast<std::uint32_t>(*number);
    if (static_cast<double>(site) != *number) return false;
    trace_.sites.push_back(site);
    trace_.site_count = std::max(trace_.site_count, trace_.sites.back() + 1);
    return true;
  }

  void complain(std::uint64_t line, const std::string& problem) {
    if (++bad_rows_ > bad_rows_max) {
      over_ = true;
      return;
    }
    file_.fail("SCN-483", fmt::format("line {}: {}", line, problem));
  }

  // Numbers count up by first appearance; of equally popular ones the earlier stays ahead.
  void number_by_popularity() {
    std::vector<std::uint64_t> uses(trace_.object_count);
    for (const std::uint32_t object : trace_.objects) ++uses[object];
    std::vector<std::uint32_t> order(trace_.object_count);
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::stable_sort(order,
                             [&](std::uint32_t a, std::uint32_t b) { return uses[a] > uses[b]; });
    std::vector<std::uint32_t> rank(trace_.object_count);
    for (std::uint32_t r = 0; r < order.size(); ++r) rank[order[r]] = r;
    for (std::uint32_t& object : trace_.objects) object = rank[object];
  }

  const Value& file_;
  double unit_ns_;
  std::optional<CsvHeader> header_;
  std::optional<std::size_t> site_column_;
  std::vector<std::string_view> fields_;
  ArrivalTrace trace_;
  ObjectIds ids_;
  double first_time_ = 0;
  double last_ns_ = 0;
  int bad_rows_ = 0;
  bool over_ = false;  // nothing more is looked at
};

/// The text of the file, or nothing after an error.
std::optional<std::string> read_text(const Value& file, const std::string& path,
                                     const config::FileReader& files) {
  if (!files) {
    file.fail("SCN-205", "other files cannot be read from here");
    return std::nullopt;
  }
  auto content = files(path, file_bytes_max);
  if (content) return std::move(*content);
  file.fail("SCN-205", fmt::format("{} {}", config::excerpt(path, 200), content.error().message));
  return std::nullopt;
}

std::optional<TraceError> take_lines(const std::string& text, const std::string& path,
                                     TraceRows& rows) {
  auto source = bytes_of(text, path);
  if (!source) return source.error();
  return for_each_line(
      **source, [&rows](std::string_view line, std::uint64_t number) { rows.take(line, number); });
}

}  // namespace

std::shared_ptr<const ArrivalTrace> read_arrival_trace(const Value& file, double unit_ns,
                                                       const config::FileReader& files) {
  std::string written;
  if (!file.text(written)) return nullptr;
  const std::string path = config::resolve_beside(file.place().source->base, written);
  const std::optional<std::string> text = read_text(file, path, files);
  if (!text) return nullptr;
  TraceRows rows(file, unit_ns);
  const std::optional<TraceError> problem = take_lines(*text, path, rows);
  if (!problem) return rows.finish();
  const bool told = !problem->diagnostics.empty();
  file.fail("SCN-205", fmt::format("{} {}", config::excerpt(path, 200),
                                   told ? problem->diagnostics.front().message : "is damaged"));
  return nullptr;
}

}  // namespace haldane::models
