// What the user is looking at: a terminal or a file, how wide, with or without colour.
#pragma once

#include "analysis/report/text_table.h"

namespace haldane::cli {

/// Whether messages go to a terminal that can redraw a line.
[[nodiscard]] bool progress_is_welcome();

/// Columns of the terminal that standard error is on; 80 when it cannot be told.
[[nodiscard]] int message_width();

/// For text on standard output. Colour only on a terminal, without NO_COLOR (any non-empty value)
/// and with TERM other than "dumb"; a file gets 80 columns.
[[nodiscard]] analysis::TextStyle output_style();

}  // namespace haldane::cli
