#include "cli/judge/follow_arm.h"

#include <utility>

#include <fmt/format.h>

namespace haldane::cli {

using analysis::InputFormat;

FollowArm::FollowArm(const std::string& path, std::optional<InputFormat> format)
    : file_(path), format_(format) {
  empty_.path = path;
}

FollowArm::FollowArm(FollowRange fetched, Range range)
    : fetched_(std::move(fetched)),
      range_(std::move(range)),
      file_(fetched_->query()),
      format_(InputFormat::prometheus) {
  empty_.path = file_.path();
}

Expected<std::uint64_t, FollowProblem> FollowArm::fetch_new() {
  const auto [start_s, end_s] = range_();
  return fetched_->read(start_s, end_s);
}

std::optional<FollowProblem> FollowArm::choose_format(std::string_view lines) {
  if (!format_) format_ = analysis::recognise_format(lines.substr(0, analysis::recognised_bytes));
  if (analysis::grows_by_lines(*format_)) return std::nullopt;
  return FollowProblem{
      ExitCode::bad_input,
      fmt::format("{}: is read as {}, which is no record a line and cannot be followed",
                  file_.path(), analysis::name_of(*format_))};
}

// A rotated table begins again with its header.
std::string_view FollowArm::without_repeated_header(std::string_view lines) {
  const std::string_view first = lines.substr(0, lines.find('\n') + 1);
  if (file_.bytes() == 0) first_line_ = first;
  const bool begins = file_.present().bytes == 0 && !file_.rotated().empty();
  const bool has_header = *format_ == InputFormat::csv || *format_ == InputFormat::k6_csv;
  if (begins && has_header && first == first_line_) lines.remove_prefix(first.size());
  return lines;
}

std::optional<FollowProblem> FollowArm::take(std::string_view lines) {
  if (!table_) {
    if (auto problem = choose_format(lines)) return problem;
    table_ = std::make_unique<analysis::GrowingTable>(file_.path(), *format_, kept_max_);
    if (cuts_) table_->cut_at(cuts_->first, cuts_->second, kept_max_);
  }
  const auto error = table_->add(without_repeated_header(lines));
  if (!error) return std::nullopt;
  std::string text = to_string(error->diagnostics);
  while (text.ends_with('\n')) text.pop_back();
  return FollowProblem{ExitCode::bad_input, std::move(text)};
}

Expected<std::uint64_t, FollowProblem> FollowArm::read_new(std::uint64_t bytes_max) {
  if (fetched_) return fetch_new();
  return file_.read_new([this](std::string_view lines) { return take(lines); }, bytes_max);
}

void FollowArm::cut_at(double begins_s, const std::vector<double>& cuts_s) {
  kept_max_ = analysis::rows_kept_max;
  cuts_ = {begins_s, cuts_s};
  if (table_) table_->cut_at(begins_s, cuts_s, kept_max_);
}

std::optional<FollowProblem> FollowArm::restore(const FollowedInput& judged) {
  const auto format = analysis::format_named(judged.format);
  if (format && format_ && *format != *format_) {
    return FollowProblem{ExitCode::bad_input,
                         fmt::format("{}: the state is of an input read as {}, not {}",
                                     file_.path(), judged.format, analysis::name_of(*format_))};
  }
  if (fetched_) {
    if (judged.path != file_.path()) {
      return FollowProblem{ExitCode::bad_input, fmt::format("{}: the state is of another query: {}",
                                                            file_.path(), judged.path)};
    }
    const auto bytes = fetch_new();
    return bytes ? std::nullopt : std::optional(bytes.error());
  }
  if (format) format_ = format;
  return file_.restore(judged.rotated, {judged.bytes, judged.sha256},
                       [this](std::string_view lines) { return take(lines); });
}

const analysis::ObservationTable& FollowArm::table() {
  if (fetched_ && fetched_->table()) return *fetched_->table();
  if (table_) return table_->look(file_.sha256());
  empty_.sha256 = file_.sha256();
  return empty_;
}

FollowedInput FollowArm::state() const {
  const std::string format = format_ ? std::string(analysis::name_of(*format_)) : "";
  if (fetched_) return {file_.path(), format, 0, ""};
  const FollowedPart present = file_.present();
  return {file_.path(), table_ ? format : "", present.bytes, present.sha256, file_.rotated()};
}

LookedInput FollowArm::looked(std::int64_t rows) const {
  return {file_.path(), fetched_ ? fetched_->bytes() : file_.bytes(), rows};
}

}  // namespace haldane::cli
