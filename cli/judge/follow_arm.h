// One arm of a watch: the file that grows, and the table of what it holds so far.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/ingest/column_sketch.h"
#include "analysis/ingest/formats/growing_table.h"
#include "cli/judge/follow_file.h"
#include "cli/judge/follow_range.h"
#include "cli/judge/follow_report.h"
#include "cli/judge/follow_state.h"

namespace haldane::cli {

class FollowArm {
 public:
  /// First and last second of what there is to ask a server for now.
  using Range = std::function<std::pair<double, double>()>;

  /// A query to a server, which keeps the data: nothing of them is verified here.
  FollowArm(FollowRange fetched, Range range);
  /// `format` empty: by the first lines.
  FollowArm(const std::string& path, std::optional<analysis::InputFormat> format);

  /// Takes what came since the last call. **Returns** how many bytes. **Errors** as FollowFile, and
  /// bad_input where no row can ever be read (a wrong header, a format that is no line format).
  [[nodiscard]] Expected<std::uint64_t, FollowProblem> read_new(
      std::uint64_t bytes_max = FollowFile::no_limit);
  /// Compacts nothing until cut_at(). **Domain** before anything is read.
  void keep_every_row() {
    kept_max_ = analysis::GrowingTable::unlimited;
    if (fetched_) fetched_->keep(kept_max_);
  }
  /// As GrowingTable::cut_at. **Domain** after keep_every_row().
  void cut_at(double begins_s, const std::vector<double>& cuts_s);
  /// Observations that the longest column keeps as they are.
  [[nodiscard]] std::size_t rows_kept() { return table_ ? table_->rows_kept() : 0; }
  /// Takes what a state says was judged, and no more. **Domain** before read_new().
  [[nodiscard]] std::optional<FollowProblem> restore(const FollowedInput& judged);
  [[nodiscard]] std::optional<FollowProblem> verify() const {
    return fetched_ ? std::nullopt : file_.verify();
  }

  /// What was taken; valid until the next call of any member but const ones.
  [[nodiscard]] const analysis::ObservationTable& table();
  [[nodiscard]] bool found() const {
    return fetched_ ? fetched_->table().has_value() : file_.found();
  }
  /// Why the server of a query did not answer when it was asked last, or null.
  [[nodiscard]] const FollowProblem* away() const {
    return fetched_ && fetched_->away() ? &*fetched_->away() : nullptr;
  }
  [[nodiscard]] const std::string& path() const { return file_.path(); }
  [[nodiscard]] FollowedInput state() const;
  /// **Domain** `rows` is of table().
  [[nodiscard]] LookedInput looked(std::int64_t rows) const;

 private:
  [[nodiscard]] Expected<std::uint64_t, FollowProblem> fetch_new();
  [[nodiscard]] std::optional<FollowProblem> take(std::string_view lines);
  [[nodiscard]] std::optional<FollowProblem> choose_format(std::string_view lines);
  [[nodiscard]] std::string_view without_repeated_header(std::string_view lines);

  std::optional<FollowRange> fetched_;
  Range range_;
  FollowFile file_;
  std::optional<analysis::InputFormat> format_;
  std::string first_line_;
  std::size_t kept_max_ = analysis::rows_kept_max;
  std::optional<std::pair<double, std::vector<double>>> cuts_;  // beginning, and moments
  std::unique_ptr<analysis::GrowingTable> table_;               // once there are lines
  analysis::ObservationTable empty_;
};

}  // namespace haldane::cli
