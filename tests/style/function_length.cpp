#include "tests/style/function_length.h"

#include <algorithm>
#include <cctype>

namespace haldane::style {
namespace {

std::string joined(const SourceFile& file) {
  std::string text;
  for (const std::string& line : file.lines) text += line + "\n";
  return text;
}

void blank(std::string& text, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < std::min(end, text.size()); ++i) {
    if (text[i] != '\n') text[i] = ' ';
  }
}

std::size_t end_of(const std::string& text, std::string_view stop, std::size_t from) {
  const std::size_t at = text.find(stop, from);
  return at == std::string::npos ? text.size() : at + stop.size();
}

// The end of a literal that starts at `at` with `quote`; backslashes protect.
std::size_t end_of_literal(const std::string& text, std::size_t at, char quote) {
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      return i + 1;
    }
  }
  return text.size();
}

std::size_t end_of_raw_string(const std::string& text, std::size_t at) {
  const std::size_t open = text.find('(', at);
  if (open == std::string::npos) return text.size();
  std::string stop = ")";
  stop.append(text, at + 2, open - at - 2);
  stop += '"';
  return end_of(text, stop, open);
}

bool is_word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// Where the thing that starts at `at` ends if it is a comment or literal; `at` itself if it is
// code.
std::size_t end_of_blank(const std::string& text, std::size_t at) {
  const std::string_view here = std::string_view(text).substr(at, 2);
  if (here == "//") return end_of(text, "\n", at) - 1;
  if (here == "/*") return end_of(text, "*/", at + 2);
  if (here == "R\"") return end_of_raw_string(text, at);
  if (text[at] == '"') return end_of_literal(text, at, '"');
  const bool is_digit_separator = at > 0 && is_word_character(text[at - 1]);
  if (text[at] == '\'' && !is_digit_separator) return end_of_literal(text, at, '\'');
  return at;
}

// Preprocessor lines would otherwise look like the start of a declaration.
void blank_directives(std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = end_of(text, "\n", at);
    if (text[at] == '#') {
      while (end >= 2 && end < text.size() && text[end - 2] == '\\') end = end_of(text, "\n", end);
      blank(text, at, end);
    }
    at = end;
  }
}

bool has_word(std::string_view head, std::string_view word) {
  for (std::size_t at = head.find(word); at != std::string_view::npos;
       at = head.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool left = at == 0 || !is_word_character(head[at - 1]);
    const bool right = end == head.size() || !is_word_character(head[end]);
    if (left && right) return true;
  }
  return false;
}

// A ':' outside parentheses after ')': the start of a constructor's list of initialisers.
bool has_initialiser_list(std::string_view head) {
  int depth = 0;
  bool closed = false;
  for (std::size_t i = 0; i < head.size(); ++i) {
    if (head[i] == '(') ++depth;
    if (head[i] == ')') closed = --depth == 0 || closed;
    const bool scope = (i > 0 && head[i - 1] == ':') || (i + 1 < head.size() && head[i + 1] == ':');
    if (head[i] == ':' && !scope && depth == 0 && closed) return true;
  }
  return false;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0)
    text.remove_suffix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0)
    text.remove_prefix(1);
  return text;
}

enum class Brace { scope, function, initialiser };

// What a '{' opens, from the text between it and the end of what came before.
Brace classify(std::string_view head) {
  head = trimmed(head);
  if (has_word(head, "alignas") && (has_word(head, "class") || has_word(head, "struct")))
    return Brace::scope;
  const std::size_t parenthesis = head.find('(');
  if (parenthesis == std::string_view::npos) {
    for (const char* word : {"namespace", "class", "struct", "union", "extern"}) {
      if (has_word(head, word)) return Brace::scope;
    }
    return Brace::initialiser;
  }
  if (std::count(head.begin(), head.end(), '(') != std::count(head.begin(), head.end(), ')'))
    return Brace::initialiser;
  if (has_initialiser_list(head) && !head.empty() && is_word_character(head.back()))
    return Brace::initialiser;
  const bool is_value = head.back() == '=' || head.back() == ',';
  return is_value ? Brace::initialiser : Brace::function;
}

// Walks the braces outside functions; inside one only its end matters.
class Scanner {
 public:
  explicit Scanner(std::string text) : text_(std::move(text)) {}

  std::vector<Function> run() {
    for (; at_ < text_.size(); ++at_) step();
    return std::move(functions_);
  }

 private:
  void step() {
    switch (text_[at_]) {
      case '{':
        open();
        break;
      case '}':
      case ';':
        head_ = at_ + 1;
        break;
      default:
        break;
    }
  }

  void open() {
    const Brace brace = classify(std::string_view(text_).substr(head_, at_ - head_));
    if (brace == Brace::scope) {
      head_ = at_ + 1;
      return;
    }
    const std::size_t close = matching_brace();
    if (brace == Brace::function) {
      add_function(close);
      head_ = close + 1;
    }
    at_ = close;
  }

  [[nodiscard]] std::size_t matching_brace() const {
    int depth = 0;
    for (std::size_t i = at_; i < text_.size(); ++i) {
      if (text_[i] == '{') ++depth;
      if (text_[i] == '}' && --depth == 0) return i;
    }
    return text_.size() - 1;
  }

  void add_function(std::size_t close) {
    std::size_t first = head_;
    while (first < at_ && std::isspace(static_cast<unsigned char>(text_[first])) != 0) ++first;
    functions_.push_back({line_of(first), line_of(close) - line_of(first) + 1});
  }

  [[nodiscard]] std::size_t line_of(std::size_t at) const {
    const auto begin = text_.begin();
    return 1 + static_cast<std::size_t>(
                   std::count(begin, begin + static_cast<std::ptrdiff_t>(at), '\n'));
  }

  std::string text_;
  std::size_t at_ = 0;
  std::size_t head_ = 0;  // where the text that belongs to the next brace begins
  std::vector<Function> functions_;
};

}  // namespace

std::string without_comments_and_strings(const SourceFile& file) {
  std::string text = joined(file);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = end_of_blank(text, at);
    blank(text, at, end);
    at = std::max(end, at + 1);
  }
  return text;
}

std::vector<Function> functions_in(const SourceFile& file) {
  std::string text = without_comments_and_strings(file);
  blank_directives(text);
  return Scanner(std::move(text)).run();
}

}  // namespace haldane::style
