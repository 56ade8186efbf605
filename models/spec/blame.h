// How rules that hold between keys name the one that is wrong.
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

namespace haldane::models {

/// Blames `path`, unless it or one of `also`, which the rule looked at too, has a problem already.
using Blame =
    std::function<void(std::string_view id, const std::string& path,
                       std::initializer_list<std::string_view> also, const std::string& message)>;

}  // namespace haldane::models
