#include "cli/judge/follow_range.h"

#include <limits>
#include <utility>

#include "analysis/ingest/append_table.h"
#include "cli/judge/prometheus.h"

namespace haldane::cli {

FollowRange::FollowRange(std::string query, double step_s, Ask ask)
    : query_(std::move(query)), step_s_(step_s), ask_(std::move(ask)) {
  settled_.path = query_;
}

Expected<std::uint64_t, FollowProblem> FollowRange::failed(FollowProblem problem) {
  if (problem.code != ExitCode::unavailable) return Unexpected{std::move(problem)};
  away_ = std::move(problem);
  return std::uint64_t{0};
}

Expected<FollowRange::Piece, FollowProblem> FollowRange::piece(double start_s, double end_s) const {
  auto document = ask_(start_s, end_s);
  if (!document) return Unexpected{document.error()};
  auto table = table_of_range(query_, *document);
  if (!table) return Unexpected{table.error()};
  return Piece{std::move(*document), std::move(*table)};
}

double FollowRange::settled_until_s() const {
  return *start_s_ + settled_pieces_ * piece_steps * step_s_;
}

// The last point that is known for good is asked for again: what counters of the next piece
// increase from.
double FollowRange::after_s() const {
  return settled_pieces_ == 0 ? -std::numeric_limits<double>::infinity() : settled_until_s();
}

std::optional<FollowProblem> FollowRange::settle(double end_s) {
  for (;;) {
    const double from_s = settled_until_s();
    const double to_s = from_s + piece_steps * step_s_;
    if (to_s + settling_s > end_s) return std::nullopt;
    const auto next = piece(from_s, to_s);
    if (!next) return next.error();
    append_after(settled_, next->table, after_s(), kept_max_);
    settled_hash_.add(next->document);
    settled_bytes_ += next->document.size();
    ++settled_pieces_;
  }
}

Expected<std::uint64_t, FollowProblem> FollowRange::read(double start_s, double end_s) {
  if (end_s <= start_s) return std::uint64_t{0};
  if (!start_s_) start_s_ = start_s;
  if (auto problem = settle(end_s)) return failed(std::move(*problem));
  const auto fresh = piece(settled_until_s(), end_s);
  if (!fresh) return failed(fresh.error());
  away_.reset();
  analysis::ObservationTable all = settled_;
  append_after(all, fresh->table, after_s(), kept_max_);
  if (all.rows == 0) return std::uint64_t{0};
  Sha256 hash = settled_hash_.copy();
  hash.add(fresh->document);
  all.sha256 = hexadecimal(hash.value());
  if (table_ && table_->sha256 == all.sha256) return std::uint64_t{0};
  table_ = std::move(all);
  bytes_ = settled_bytes_ + fresh->document.size();
  return std::uint64_t{fresh->document.size()};
}

}  // namespace haldane::cli
