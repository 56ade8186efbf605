#include "models/workload/step_function.h"

#include <algorithm>

namespace haldane::models {

// The index of the step that begins exactly at `t`, made if it is missing.
std::size_t StepFunction::split(SimTime t) {
  const auto next = std::lower_bound(steps_.begin(), steps_.end(), t,
                                     [](const Step& step, SimTime time) { return step.at < time; });
  const auto index = next - steps_.begin();
  if (next != steps_.end() && next->at == t) return static_cast<std::size_t>(index);
  const double value = next == steps_.begin() ? initial_ : std::prev(next)->value;
  steps_.insert(next, Step{t, value});
  return static_cast<std::size_t>(index);
}

void StepFunction::multiply(SimTime from, SimTime to, double factor) {
  const std::size_t begin = split(from);
  const std::size_t end = to == SimTime::never() ? steps_.size() : split(to);
  for (std::size_t i = begin; i < end; ++i) steps_[i].value *= factor;
}

void StepFunction::assign(SimTime from, SimTime to, double value) {
  const std::size_t begin = split(from);
  const std::size_t end = to == SimTime::never() ? steps_.size() : split(to);
  for (std::size_t i = begin; i < end; ++i) steps_[i].value = value;
}

double StepFunction::at_step(SimTime t) const {
  const auto next = std::upper_bound(steps_.begin(), steps_.end(), t,
                                     [](SimTime time, const Step& step) { return time < step.at; });
  return next == steps_.begin() ? initial_ : std::prev(next)->value;
}

SimTime StepFunction::next_change(SimTime t) const {
  const auto next = std::upper_bound(steps_.begin(), steps_.end(), t,
                                     [](SimTime time, const Step& step) { return time < step.at; });
  return next == steps_.end() ? SimTime::never() : next->at;
}

}  // namespace haldane::models
