#include "analysis/ingest/csv_records.h"

#include <algorithm>
#include <cstring>

namespace haldane::analysis {
namespace {

constexpr std::size_t none = std::string_view::npos;

}  // namespace

void CsvSplitter::feed(std::string_view bytes, bool last) {
  buffer_.erase(0, begin_);
  begin_ = 0;
  buffer_.append(bytes);
  last_ = last;
  lines_end_ = buffer_.rfind('\n') + 1;  // npos + 1 is 0
}

std::string_view CsvSplitter::whole_lines() const {
  if (skipping_ || begin_ >= lines_end_) return {};
  return {buffer_.data() + begin_, lines_end_ - begin_};
}

void CsvSplitter::skip_lines(std::size_t bytes, std::int64_t lines) {
  begin_ += bytes;
  line_ += lines;
}

void CsvSplitter::give(std::size_t end, bool has_quotes, CsvRecord& record) {
  std::string_view text(buffer_.data() + begin_, end - begin_);
  record.line = line_;
  line_ += 1 + (has_quotes ? std::count(text.begin(), text.end(), '\n') : 0);
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  record.text = text;
  record.has_quotes = has_quotes;
  record.oversized = false;
  begin_ = std::min(end + 1, buffer_.size());
}

// The line end that closes a record with quotes, or none. A quote opens only where a field starts.
std::size_t CsvSplitter::quoted_end(std::size_t newline) const {
  bool quoted = false;
  bool field_start = true;
  for (std::size_t i = begin_; i < buffer_.size(); ++i) {
    const char c = buffer_[i];
    if (quoted) {
      if (c == '"') quoted = false;  // a doubled quote opens again at once
    } else if (c == '"' && (field_start || buffer_[i - 1] == '"')) {
      quoted = true;
    } else if (c == '\n') {
      return i;
    }
    field_start = !quoted && c == ',';
    if (i - begin_ > record_max) return newline;
  }
  return last_ ? newline : none;
}

bool CsvSplitter::give_oversized(CsvRecord& record) {
  record.text = std::string_view(buffer_.data() + begin_, 40);
  record.line = line_;
  record.oversized = true;
  skipping_ = true;
  return true;
}

bool CsvSplitter::next(CsvRecord& record) {
  if (skipping_) {
    const std::size_t end = buffer_.find('\n', begin_);
    if (end == none) {
      begin_ = buffer_.size();
      return false;
    }
    begin_ = end + 1;
    ++line_;
    skipping_ = false;
  }
  if (begin_ >= buffer_.size()) return false;
  const char* start = buffer_.data() + begin_;
  const std::size_t rest = buffer_.size() - begin_;
  const auto* found = static_cast<const char*>(std::memchr(start, '\n', rest));
  std::size_t newline = found ? static_cast<std::size_t>(found - buffer_.data()) : none;
  const std::size_t length = found ? newline - begin_ : rest;
  if (length > record_max) return give_oversized(record);
  if (!found) {
    if (!last_) return false;
    newline = buffer_.size();
  }
  const bool has_quotes = std::memchr(start, '"', length) != nullptr;
  std::size_t end = newline;
  if (has_quotes) {
    end = quoted_end(newline);
    if (end == none) return false;
  }
  give(end, has_quotes, record);
  return true;
}

namespace {

// A quoted field starting at `position` (on its quote); moves past the closing quote.
bool take_quoted(std::string_view text, std::size_t& position, std::string_view& field,
                 std::string& scratch) {
  const std::size_t begin = scratch.size();
  for (++position; position < text.size(); ++position) {
    if (text[position] != '"') {
      scratch += text[position];
    } else if (position + 1 < text.size() && text[position + 1] == '"') {
      scratch += '"';
      ++position;
    } else {
      ++position;
      field = std::string_view(scratch).substr(begin);
      return position == text.size() || text[position] == ',';
    }
  }
  return false;
}

}  // namespace

bool split_fields(const CsvRecord& record, std::vector<std::string_view>& fields,
                  std::string& scratch) {
  fields.clear();
  scratch.clear();
  // Views into scratch must not move while it grows.
  if (record.has_quotes) scratch.reserve(record.text.size());
  const std::string_view text = record.text;
  for (std::size_t position = 0;;) {
    std::string_view field;
    if (record.has_quotes && position < text.size() && text[position] == '"') {
      if (!take_quoted(text, position, field, scratch)) return false;
    } else {
      const std::size_t comma = std::min(text.find(',', position), text.size());
      field = text.substr(position, comma - position);
      position = comma;
    }
    fields.push_back(field);
    if (position >= text.size()) return true;
    ++position;
  }
}

}  // namespace haldane::analysis
