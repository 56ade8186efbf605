// Access logs of nginx, Apache (combined, with a duration behind) and Envoy (its default, and the
// one of Istio, which adds fields before the sizes).
#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "analysis/ingest/cells.h"
#include "analysis/ingest/formats/record_reader.h"

namespace haldane::analysis {
namespace {

// Takes what precedes the next blank off the front; a quoted piece counts as one, without quotes.
std::string_view next_token(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  if (rest.empty()) return {};
  std::size_t begin = 0;
  std::size_t end = 0;
  if (rest.front() == '"') {
    begin = 1;
    end = 1;
    while (end < rest.size() && rest[end] != '"') end += rest[end] == '\\' ? 2U : 1U;
    end = std::min(end, rest.size());
  } else {
    end = std::min(rest.find(' '), rest.size());
  }
  const std::string_view token = rest.substr(begin, end - begin);
  rest.remove_prefix(std::min(end + begin, rest.size()));
  return token;
}

bool is_whole(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](unsigned char c) { return std::isdigit(c) != 0; });
}

std::optional<int> status_of(std::string_view text) {
  if (!is_whole(text) || text.size() > 3) return std::nullopt;
  int status = 0;
  for (const char c : text) status = status * 10 + (c - '0');
  return status;
}

// "10/Oct/2000:13:55:36 -0700" as Unix seconds.
std::optional<double> log_time(std::string_view text) {
  constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() < 20 || text[2] != '/' || text[6] != '/' || text[11] != ':') return std::nullopt;
  const auto* month = std::find(months.begin(), months.end(), text.substr(3, 3));
  if (month == months.end()) return std::nullopt;
  std::string zone(text.substr(20));
  zone.erase(std::remove(zone.begin(), zone.end(), ' '), zone.end());
  return parse_timestamp(fmt::format("{}-{:02}-{}T{}{}", text.substr(7, 4),
                                     month - months.begin() + 1, text.substr(0, 2),
                                     text.substr(12, 8), zone));
}

// nginx writes seconds with a point ($request_time), Apache whole microseconds (%D); a name before
// an equals sign is passed over.
std::optional<double> duration_ms(std::string_view rest) {
  while (!rest.empty()) {
    std::string_view token = next_token(rest);
    const std::size_t equals = token.find('=');
    if (equals != std::string_view::npos) token.remove_prefix(equals + 1);
    const auto value = parse_cell(token);
    if (!value || *value < 0) continue;
    return token.find('.') != std::string_view::npos ? *value * 1e3 : *value / 1e3;
  }
  return std::nullopt;
}

class AccessLogReader final : public RecordReader {
 public:
  using RecordReader::RecordReader;

  void take_line(std::string_view line, std::int64_t number) override {
    const std::size_t open = line.find(" [");
    const std::size_t close = line.find("] ", open);
    if (open == std::string_view::npos || close == std::string_view::npos) {
      table().malformed(number, "time", "has no [time]");
      return;
    }
    const auto time = log_time(line.substr(open + 2, close - open - 2));
    if (!time) {
      table().malformed(number, "time",
                        fmt::format("\"{}\" is no time", excerpt(line.substr(open + 2, 26))));
      return;
    }
    take_response(line.substr(close + 2), *time, number);
  }

  std::string finish() override {
    if (!table().has("latency_ms")) {
      table().remark(
          "no line has a duration behind its user agent, so there is no latency (nginx: "
          "$request_time, Apache: %D)");
    }
    return {};
  }

 private:
  void take_response(std::string_view rest, double time_s, std::int64_t number) {
    (void)next_token(rest);  // request
    const std::string_view code = next_token(rest);
    const auto status = status_of(code);
    if (!status) {
      table().malformed(number, "status", fmt::format("\"{}\" is no status", excerpt(code)));
      return;
    }
    table().count_row();
    table().add("errors", *status >= 500 ? 1 : 0, time_s);
    (void)next_token(rest);  // bytes
    (void)next_token(rest);  // referrer
    (void)next_token(rest);  // user agent
    if (const auto latency = duration_ms(rest)) table().add("latency_ms", *latency, time_s);
  }
};

class EnvoyReader final : public RecordReader {
 public:
  using RecordReader::RecordReader;

  void take_line(std::string_view line, std::int64_t number) override {
    const std::size_t close = line.find(']');
    const auto time = close == std::string_view::npos || line.front() != '['
                          ? std::nullopt
                          : parse_timestamp(line.substr(1, close - 1));
    if (!time) {
      table().malformed(number, "start_time",
                        fmt::format("\"{}\" begins with no [time]", excerpt(line)));
      return;
    }
    std::string_view rest = line.substr(close + 1);
    (void)next_token(rest);  // request
    const std::string_view code = next_token(rest);
    const auto status = status_of(code);
    (void)next_token(rest);  // response flags
    const auto duration = third_of_three_numbers(rest);
    if (!status) {
      table().malformed(number, "response_code", fmt::format("\"{}\" is no status", excerpt(code)));
    } else if (!duration) {
      table().malformed(number, "duration", "has no received, sent and duration");
    } else {
      table().count_row();
      table().add("latency_ms", *duration, *time);
      table().add("errors", *status >= 500 || *status == 0 ? 1 : 0, *time);
    }
  }

 private:
  // Bytes received, bytes sent, duration in whole milliseconds.
  static std::optional<double> third_of_three_numbers(std::string_view rest) {
    int numbers = 0;
    while (!rest.empty()) {
      const std::string_view token = next_token(rest);
      numbers = is_whole(token) ? numbers + 1 : 0;
      if (numbers == 3) return parse_cell(token);
    }
    return std::nullopt;
  }
};

}  // namespace

std::unique_ptr<RecordReader> make_access_log_reader(TableBuilder& table) {
  return std::make_unique<AccessLogReader>(table);
}

std::unique_ptr<RecordReader> make_envoy_reader(TableBuilder& table) {
  return std::make_unique<EnvoyReader>(table);
}

}  // namespace haldane::analysis
