// Measured durations or sizes from a text file, for the empirical law.
//
// One value a line; empty lines and lines that start with # are skipped. A value carries its unit
// ("12.5ms") unless the law names one for the whole file (`unit: ms`): a number without any unit is
// how a thousandfold error gets in.
#pragma once

#include <string>
#include <vector>

#include "config/file.h"
#include "config/value.h"
#include "models/spec/read_law.h"

namespace haldane::models {

/// Reads the name of a unit ("ms", "kB") that fits the law. **Errors** CFG-105.
bool read_sample_unit(const config::Value& value, LawUnit unit, std::string& out);

/// Reads the file that `file` names, beside the document that names it, sorted ascending.
/// **Errors** SCN-205 the file cannot be read or has no values, SCN-206 a line is no value (the
/// first ten such lines are listed). **Cost** at most 64 MiB.
bool read_sample_file(const config::Value& file, LawUnit unit, const std::string& unit_name,
                      const config::FileReader& files, std::vector<double>& out);

/// The numbers >= 0 of the file that `file` names, one a line, in the order of the file. **Errors**
/// as read_sample_file().
bool read_weight_file(const config::Value& file, const config::FileReader& files,
                      std::vector<double>& out);

}  // namespace haldane::models
