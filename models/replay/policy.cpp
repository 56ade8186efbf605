#include "models/replay/policy.h"

#include <string>

namespace haldane::models {
namespace {

std::string bare(std::string_view name) {
  std::string text;
  for (const char c : name) {
    if (c == '-' || c == '_') continue;
    text += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return text;
}

}  // namespace

std::string_view name_of(ReplayPolicy policy) {
  for (const NamedPolicy& named : all_policies) {
    if (named.policy == policy) return named.name;
  }
  return "";
}

std::optional<ReplayPolicy> policy_of(std::string_view name) {
  for (const NamedPolicy& named : all_policies) {
    if (bare(named.name) == bare(name)) return named.policy;
  }
  return std::nullopt;
}

}  // namespace haldane::models
