// What compile_plan makes of `traffic.objects` and `traffic.classes`.
#pragma once

#include "models/plan.h"

namespace haldane::models {

/// Sets Plan::classes, Plan::formats, Plan::objects and Plan::object_bytes. **Cost** O(objects)
/// where they have sizes.
void compile_objects(Plan& plan);

}  // namespace haldane::models
