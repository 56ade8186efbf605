// One arm of a watch that a server keeps: a range that grows, asked for in pieces. What is an hour
// old is asked for once; only what may still change is asked for again at each look. Asked for as a
// whole, a long watch would come to the longest answer that is read, and to the 11,000 points that
// Prometheus gives at most. Long columns are compacted, as those of files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "analysis/ingest/column_sketch.h"
#include "analysis/ingest/observation_table.h"
#include "cli/judge/follow_file.h"
#include "cli/sha256.h"
#include "sim/base/expected.h"

namespace haldane::cli {

class FollowRange {
 public:
  /// The document of a query_range from `start_s` to `end_s`, both included.
  using Ask = std::function<Expected<std::string, FollowProblem>(double start_s, double end_s)>;
  /// Steps of a piece that is asked for once.
  static constexpr int piece_steps = 240;
  /// A piece is asked for again while its end is not so long ago: scrapes may come late.
  static constexpr double settling_s = 300;

  /// **Domain** step_s > 0, seconds.
  FollowRange(std::string query, double step_s, Ask ask);

  /// As GrowingTable. **Domain** before the first read().
  void keep(std::size_t kept_max) { kept_max_ = kept_max; }

  [[nodiscard]] const std::string& query() const { return query_; }
  /// Asks for what is not known for good yet of all from `start_s` (the same at each call) to
  /// `end_s`; nothing where that is not after it. **Returns** bytes of the last answer, or 0 where
  /// nothing is new or the server does not answer. **Errors** as query_range and table_of_range.
  [[nodiscard]] Expected<std::uint64_t, FollowProblem> read(double start_s, double end_s);

  /// Everything so far; empty before the first answer that holds something.
  [[nodiscard]] const std::optional<analysis::ObservationTable>& table() const { return table_; }
  /// Why the server did not answer when it was asked last; empty when it did.
  [[nodiscard]] const std::optional<FollowProblem>& away() const { return away_; }
  /// Of the answers that it is made of.
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  struct Piece {
    std::string document;
    analysis::ObservationTable table;
  };
  [[nodiscard]] Expected<Piece, FollowProblem> piece(double start_s, double end_s) const;
  [[nodiscard]] std::optional<FollowProblem> settle(double end_s);
  /// A server that does not answer may do so at the next look.
  [[nodiscard]] Expected<std::uint64_t, FollowProblem> failed(FollowProblem problem);
  [[nodiscard]] double settled_until_s() const;
  [[nodiscard]] double after_s() const;

  std::string query_;
  double step_s_;
  Ask ask_;
  std::size_t kept_max_ = analysis::rows_kept_max;
  std::optional<double> start_s_;
  int settled_pieces_ = 0;
  analysis::ObservationTable settled_;
  std::uint64_t settled_bytes_ = 0;
  Sha256 settled_hash_;
  std::optional<analysis::ObservationTable> table_;
  std::uint64_t bytes_ = 0;
  std::optional<FollowProblem> away_;
};

}  // namespace haldane::cli
