// Conditional fetches, made ready to run.
#pragma once

#include "models/plan.h"

namespace haldane::models {

/// **Domain** the API is compiled.
void compile_revalidation(Plan& plan);

}  // namespace haldane::models
