// What `haldane power` found, before it is written down.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/report/text_table.h"
#include "analysis/study/margin_advice.h"
#include "analysis/study/power_summary.h"

namespace haldane::cli {

/// One studied release. The first is always the unchanged one, "none".
struct PowerCase {
  std::string effect;
  std::string change;
  analysis::CaseSummary summary;
};

/// A share and a window that were tried for the wanted power.
struct PowerTrial {
  double share = 0;
  double window_s = 0;
  std::string impossible;        ///< why it could not be tried; empty when it was
  std::vector<PowerCase> cases;  ///< "none" and what must be rolled back
  bool enough = false;
  std::optional<double> decided_s;  ///< the window by which all are decided often enough
};

/// The answer to --power.
struct PowerAdvice {
  double power = 0;
  double alpha = 0;
  std::vector<PowerTrial> trials;     ///< in the order tried
  std::optional<std::size_t> chosen;  ///< the recommended one
  std::vector<std::string> harmless;  ///< effects that move no deciding metric beyond its margin
  analysis::MarginAdvice margins;     ///< for the share and window that were asked about
  bool partial = false;
};

struct PowerResult {
  std::string scenario;
  std::string policy;  ///< path
  std::uint64_t seed = 0;
  std::uint32_t runs = 0;  ///< asked for, of each case
  bool partial = false;    ///< stopped before all had run
  double share = 0;
  double alpha = 0;
  double beta = 0;
  double warmup_s = 0;
  analysis::LookSchedule schedule;
  std::uint32_t latencies = 0;
  std::vector<PowerCase> cases;
  std::optional<PowerAdvice> advice;
  std::vector<std::string> notes;
};

/// **Returns** lines of at most style.width columns.
[[nodiscard]] std::string power_text(const PowerResult& result, const analysis::TextStyle& style);

/// One self-contained page: HTML 5 that names no other resource.
[[nodiscard]] std::string power_page(const PowerResult& result);

/// Contract haldane.power/1.
[[nodiscard]] std::string power_json(const PowerResult& result);

}  // namespace haldane::cli
