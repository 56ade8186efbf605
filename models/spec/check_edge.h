// What must hold between the keys of the edge, and between them and the rest of a scenario.
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

#include "models/spec/scenario.h"

namespace haldane::models {

/// Blames `path`, unless it or one of `also` has a problem already.
using BlameEdge =
    std::function<void(std::string_view id, const std::string& path,
                       std::initializer_list<std::string_view> also, const std::string& message)>;

/// Reports every rule of the edge (SCN-42x) that is broken.
void check_edge(const Scenario& scenario, const BlameEdge& blame);

}  // namespace haldane::models
