// Reads a text as if it were a file, for the tests of all formats.
#pragma once

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include "analysis/ingest/formats/read_observations.h"

namespace haldane::analysis {

inline Expected<ObservationTable, IngestError> read_text(const std::string& text,
                                                         const ReadOptions& options = {}) {
  std::string path = (std::filesystem::temp_directory_path() / "haldane-in-XXXXXX").string();
  const int descriptor = ::mkstemp(path.data());
  if (descriptor >= 0) ::close(descriptor);
  std::ofstream(path, std::ios::binary) << text;
  auto read = read_observations(path, options);
  std::filesystem::remove(path);
  return read;
}

/// Fails the test where there is no table.
inline ObservationTable table_of(const std::string& text, const ReadOptions& options = {}) {
  auto read = read_text(text, options);
  if (!read) {
    ADD_FAILURE() << to_string(read.error().diagnostics);
    return {};
  }
  return std::move(read).value();
}

/// The messages of a refusal.
inline std::string refusal_of(const std::string& text, const ReadOptions& options = {}) {
  const auto read = read_text(text, options);
  EXPECT_FALSE(read.has_value()) << text.substr(0, 80);
  return read ? "" : to_string(read.error().diagnostics);
}

/// The column, or a failure and an empty one.
inline ObservationColumn column_of(const ObservationTable& table, const std::string& name) {
  const ObservationColumn* column = table.find(name);
  if (column == nullptr) ADD_FAILURE() << "no column " << name;
  return column == nullptr ? ObservationColumn{} : *column;
}

}  // namespace haldane::analysis
