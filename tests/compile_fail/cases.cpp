// Code that must not compile, one case a number; CASE 0 is the control, which must.
#include "sim/base/expected.h"
#include "sim/base/time.h"

namespace haldane {

struct Failure {};
Expected<int, Failure> attempt();

SimTime control(SimTime point, Duration span) {
  if (attempt().has_value()) return point + span;
  return SimTime::zero() + (point - SimTime::zero()) + span * 2;
}

#if CASE == 1
auto sum_of_points(SimTime a, SimTime b) {
  return a + b;
}
#elif CASE == 2
auto scaled_point(SimTime a) {
  return a * 2;
}
#elif CASE == 3
bool point_before_span(SimTime a, Duration b) {
  return a < b;
}
#elif CASE == 4
SimTime span_as_point(Duration a) {
  return a;
}
#elif CASE == 5
Duration point_as_span(SimTime a) {
  return a;
}
#elif CASE == 6
Duration number_as_span() {
  return 5;
}
#elif CASE == 7
SimTime number_as_point() {
  return 5;
}
#elif CASE == 8
auto span_plus_number(Duration a) {
  return a + 5;
}
#elif CASE == 9
auto product_of_spans(Duration a, Duration b) {
  return a * b;
}
#elif CASE == 10
void ignored_failure() {
  attempt();
}
#endif

}  // namespace haldane
