#include "analysis/judge/closed_testing.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

#include <fmt/format.h>

namespace haldane::analysis {
namespace {

using Outcome = Evidence::Outcome;

std::vector<std::size_t> ascending(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&values](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  return order;
}

std::vector<Assessment*> that_decide(std::vector<Assessment>& assessments) {
  std::vector<Assessment*> entries;
  for (Assessment& a : assessments) {
    if (a.evidence.role != Role::informational) entries.push_back(&a);
  }
  return entries;
}

// A metric with two margins may be tested against either, so its evidence counts for half.
double parts_of(const Assessment& entry, double alpha, std::size_t entries) {
  return alpha / (static_cast<double>(entries) * entry.share.rollback);
}

void show_beyond(Evidence& evidence, const std::string& how) {
  evidence.outcome = Outcome::beyond_margin;
  evidence.reason +=
      fmt::format(" alone, but beyond it with the evidence of the other entries ({})", how);
}

void close_e_values(double alpha, const std::vector<Assessment*>& entries) {
  std::vector<double> e_values;
  for (const Assessment* entry : entries) {
    // Nothing said is an e-value of 0.
    e_values.push_back(entry->evidence.e_value.value_or(0) /
                       parts_of(*entry, alpha, entries.size()));
  }
  const std::vector<double> closed = closed_e_values(e_values);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    Evidence& evidence = entries[i]->evidence;
    if (evidence.outcome != Outcome::undecided || closed[i] * alpha < 1) continue;
    show_beyond(evidence, fmt::format("closed testing, e = {:.3g}", closed[i]));
  }
}

void close_p_values(double alpha, Multiplicity multiplicity,
                    const std::vector<Assessment*>& entries) {
  std::vector<double> p_values;
  for (const Assessment* entry : entries) {
    p_values.push_back(std::min(
        1.0, entry->evidence.p_value.value_or(1) * parts_of(*entry, alpha, entries.size())));
  }
  const bool holm = multiplicity == Multiplicity::holm;
  const std::vector<double> adjusted =
      holm ? holm_p_values(p_values) : benjamini_hochberg_p_values(p_values);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    Evidence& evidence = entries[i]->evidence;
    if (evidence.outcome != Outcome::undecided || adjusted[i] > alpha) continue;
    show_beyond(evidence, fmt::format("{}, adjusted p = {:.2g}",
                                      holm ? "Holm" : "Benjamini-Hochberg", adjusted[i]));
  }
}

}  // namespace

std::vector<double> closed_e_values(const std::vector<double>& e_values) {
  const std::vector<std::size_t> order = ascending(e_values);
  std::vector<double> closed(e_values);
  for (std::size_t i = 0; i < e_values.size(); ++i) {
    double sum = e_values[i];
    double size = 1;
    // The sets with the least mean hold the least of the others.
    for (const std::size_t other : order) {
      if (other == i) continue;
      sum += e_values[other];
      size += 1;
      closed[i] = std::min(closed[i], sum / size);
    }
  }
  return closed;
}

std::vector<double> holm_p_values(const std::vector<double>& p_values) {
  std::vector<double> adjusted(p_values.size());
  double largest = 0;
  double left = static_cast<double>(p_values.size());
  for (const std::size_t i : ascending(p_values)) {
    largest = std::max(largest, std::min(1.0, left * p_values[i]));
    adjusted[i] = largest;
    left -= 1;
  }
  return adjusted;
}

std::vector<double> benjamini_hochberg_p_values(const std::vector<double>& p_values) {
  const std::vector<std::size_t> order = ascending(p_values);
  std::vector<double> adjusted(p_values.size());
  const double all = static_cast<double>(p_values.size());
  double least = 1;
  for (std::size_t rank = order.size(); rank > 0; --rank) {
    const std::size_t i = order[rank - 1];
    least = std::min(least, p_values[i] * all / static_cast<double>(rank));
    adjusted[i] = least;
  }
  return adjusted;
}

void close_tests(double alpha, Multiplicity multiplicity, std::vector<Assessment>& assessments) {
  const std::vector<Assessment*> entries = that_decide(assessments);
  if (entries.size() < 2) return;
  const bool by_p = std::any_of(entries.begin(), entries.end(), [](const Assessment* entry) {
    return entry->evidence.p_value.has_value();
  });
  by_p ? close_p_values(alpha, multiplicity, entries) : close_e_values(alpha, entries);
}

}  // namespace haldane::analysis
