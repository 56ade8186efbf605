// What random systems have beside: parts that came later, put in where the system allows it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace haldane::test {

/// The system with what stands from `from` to `to` replaced, if there is such a place and the
/// result is a valid scenario.
[[nodiscard]] std::string changed(const std::string& system, std::string_view from,
                                  std::string_view to, const std::string& by);

/// With some of these parts, each by chance. **Determinism** depends on the arguments only.
[[nodiscard]] std::string with_extras(std::string system, std::uint64_t seed);

/// Likewise, parts that tests/support/oracle leaves out.
[[nodiscard]] std::string with_more(std::string system, std::uint64_t seed);

}  // namespace haldane::test
