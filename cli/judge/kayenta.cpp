#include "cli/judge/kayenta.h"

#include "analysis/kayenta/remote/judge_request.h"
#include "analysis/kayenta/remote/request.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/result_files.h"
#include "config/file.h"

namespace haldane::cli {
namespace {

namespace kayenta = analysis::kayenta;

// A day of one-minute steps of a thousand metrics is about 50 MB.
constexpr std::size_t request_bytes_max = std::size_t{256} << 20;

analysis::Decision decision_of(kayenta::ScoreLabel label) {
  if (label == kayenta::ScoreLabel::pass) return analysis::Decision::promote;
  return label == kayenta::ScoreLabel::marginal ? analysis::Decision::inconclusive
                                                : analysis::Decision::rollback;
}

}  // namespace

ExitCode judge_kayenta(const std::string& request, const JudgeOptions& options) {
  const auto text = config::read_file(request, request_bytes_max);
  if (!text) {
    const Diagnostics problems = {text.error().to_diagnostic()};
    write_message(to_string(problems));
    return config::input_is_missing(problems) ? ExitCode::input_not_found : ExitCode::bad_input;
  }
  const auto parsed = kayenta::read_judge_request(*text, request);
  if (!parsed) {
    write_message(to_string(parsed.error()));
    return ExitCode::bad_input;
  }
  ResultFiles files;
  const ExitCode opened = files.open(options.out, "");
  if (opened != ExitCode::success) return opened;
  const kayenta::JudgeAnswer answer = kayenta::judge_request(*parsed);
  const ExitCode written = files.write(kayenta::judge_result_json(*parsed, answer), "");
  return written == ExitCode::success ? exit_code_of(decision_of(answer.score.label), options)
                                      : written;
}

}  // namespace haldane::cli
