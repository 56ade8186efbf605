// Whose results a checkpoint holds: only a run of the same engine, scenario and seed may go on with
// them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models/spec/scenario.h"

namespace haldane::cli {

struct CheckpointIdentity {
  std::string version;  ///< of the program
  std::string engine;   ///< a hash that changes when the engine's results do
  std::string scenario;
  std::uint64_t parameters = 0;  ///< hash of every parameter but the seed
  std::uint64_t seed = 0;
  double sample_share = 0;  ///< of the requests of replication 0, kept for the arms
};

/// Of a run by this program. **Cost** a hash over the scenario.
[[nodiscard]] CheckpointIdentity identity_of(const models::Scenario& scenario, double sample_share);

/// The first line of a file, with its end: one JSON object.
[[nodiscard]] std::string header_line(const CheckpointIdentity& identity);

/// Reads what header_line() wrote. **Returns** nothing for anything else.
[[nodiscard]] std::optional<CheckpointIdentity> parse_header(const std::string& line);

/// **Returns** what keeps a run from going on with a file, in words; empty when nothing does. A
/// file with samples also serves a run that needs none.
[[nodiscard]] std::string difference(const CheckpointIdentity& file, const CheckpointIdentity& run);

}  // namespace haldane::cli
