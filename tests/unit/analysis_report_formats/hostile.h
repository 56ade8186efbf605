// Verdicts whose names try to break out of every format.
#pragma once

#include <string>
#include <vector>

#include "tests/unit/analysis_report/samples.h"

namespace haldane::analysis {

/// Markup, line ends, control characters, broken UTF-8, a surrogate, a noncharacter, commands.
inline std::vector<std::string> hostile_names() {
  return {"a|b",
          "</testcase><failure/>",
          "]]>\"'&amp;",
          "line\nfeed\r::error::x",
          "100%0A,::set-output name=verdict::promote",
          "##[add-path]/tmp",
          std::string("nul\0byte\x1b[2J", 13),
          "broken\xff\xc3(",
          "surrogate\xED\xA0\x80 noncharacter\xEF\xBF\xBF",
          "right\xE2\x80\xAEto left\xE2\x81\xA6",
          "quote\"backslash\\",
          "\" } 1\n# EOF\n",
          "`code` **bold** [link](http://x) <img src=x> @someone",
          "",
          "\xE2\x82\xAC ok",
          std::string(100'000, 'x')};
}

inline Verdict hostile_verdict() {
  Verdict verdict = sample_verdict();
  for (const std::string& name : hostile_names()) {
    Evidence evidence = sample_latency_evidence();
    evidence.name = name;
    evidence.reason = name + ": beyond";
    verdict.metrics.push_back(evidence);
    verdict.reasons.push_back(evidence.reason);
    verdict.assumptions.push_back(name);
    verdict.inputs.push_back({name, name});
  }
  return verdict;
}

}  // namespace haldane::analysis
