#include "cli/judge/follow_state.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/output.h"

namespace haldane::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view schema = "haldane.follow/1";
constexpr std::string_view magic = R"({"schema":"haldane.follow/)";
constexpr std::string_view digest_key = "sha256 ";
constexpr std::uintmax_t bytes_max = std::uintmax_t{64} << 20U;
constexpr const char* damaged =
    "is damaged or half written: its checksum does not fit. Delete it to start anew";

std::string digest_line(std::string_view body) {
  Sha256 hash;
  hash.add(body);
  return fmt::format("{}{}\n", digest_key, hexadecimal(hash.value()));
}

Json to_json(const FollowedInput& input) {
  Json json = {{"path", input.path},
               {"format", input.format},
               {"bytes", input.bytes},
               {"sha256", input.sha256}};
  Json rotated = Json::array();
  for (const FollowedPart& part : input.rotated) {
    rotated.push_back({{"bytes", part.bytes}, {"sha256", part.sha256}});
  }
  if (!rotated.empty()) json["rotated"] = std::move(rotated);
  return json;
}

FollowedInput input_of(const Json& json) {
  FollowedInput input{json.at("path").get<std::string>(), json.at("format").get<std::string>(),
                      json.at("bytes").get<std::uint64_t>(), json.at("sha256").get<std::string>()};
  if (!json.contains("rotated")) return input;
  for (const Json& part : json.at("rotated")) {
    input.rotated.push_back(
        {part.at("bytes").get<std::uint64_t>(), part.at("sha256").get<std::string>()});
  }
  return input;
}

FollowState state_of(const Json& json) {
  FollowState state;
  state.policy = json.at("policy").get<std::string>();
  state.inferred = json.at("inferred").get<bool>();
  state.assumptions = json.at("assumptions").get<std::vector<std::string>>();
  state.started_s = json.at("started_s").get<double>();
  if (json.contains("begins_s")) state.begins_s = json.at("begins_s").get<double>();
  state.looks = json.at("looks").get<std::int64_t>();
  state.baseline = input_of(json.at("baseline"));
  state.canary = input_of(json.at("canary"));
  state.verdict = json.at("verdict").get<std::string>();
  state.last_line = json.at("last_line").get<std::string>();
  state.last_json = json.at("last_json").get<std::string>();
  return state;
}

FollowProblem bad_state(const std::string& path, const std::string& why) {
  return {ExitCode::bad_input, fmt::format("{}: {}", path, why)};
}

}  // namespace

std::string encode(const FollowState& state) {
  Json json = {{"schema", schema},
               {"policy", state.policy},
               {"inferred", state.inferred},
               {"assumptions", state.assumptions},
               {"started_s", state.started_s},
               {"looks", state.looks},
               {"baseline", to_json(state.baseline)},
               {"canary", to_json(state.canary)},
               {"verdict", state.verdict},
               {"last_line", state.last_line},
               {"last_json", state.last_json}};
  if (state.begins_s) json["begins_s"] = *state.begins_s;
  const std::string body = json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  return body + digest_line(body);
}

Expected<FollowState, std::string> decode_follow_state(std::string_view bytes) {
  if (!bytes.starts_with(magic.substr(0, bytes.size())) || bytes.empty()) {
    return Unexpected{std::string("is no state of haldane judge --follow")};
  }
  const std::size_t body_end = bytes.find('\n');
  if (body_end == std::string_view::npos) return Unexpected{std::string(damaged)};
  const std::string_view body = bytes.substr(0, body_end + 1);
  // The checksum before all else, so that damage is not taken for a difference.
  if (bytes.substr(body.size()) != digest_line(body)) return Unexpected{std::string(damaged)};
  const std::string other = "is a state of another format than this program's";
  const Json json = Json::parse(body, nullptr, false);
  if (!json.is_object() || json.value("schema", "") != schema) return Unexpected{other};
  try {
    return state_of(json);
  } catch (const Json::exception&) {
    return Unexpected{other};
  }
}

Expected<std::optional<FollowState>, FollowProblem> load_follow_state(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) return std::optional<FollowState>();
  if (!std::filesystem::is_regular_file(status)) {
    return Unexpected{bad_state(path, "is no regular file")};
  }
  if (std::filesystem::file_size(path, error) > bytes_max) {
    return Unexpected{bad_state(path, "is no state of haldane judge --follow")};
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return Unexpected{
        FollowProblem{ExitCode::input_not_found,
                      fmt::format("{}: cannot be read: {}", path, std::strerror(errno))}};
  }
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  auto state = decode_follow_state(bytes);
  if (!state) return Unexpected{bad_state(path, state.error())};
  return std::optional(std::move(state).value());
}

std::optional<FollowProblem> save_follow_state(const std::string& path, const FollowState& state) {
  OutputFile file;
  auto problem = file.open(path);
  if (!problem) problem = file.commit(encode(state));
  if (!problem) return std::nullopt;
  return FollowProblem{ExitCode::output_failed,
                       fmt::format("{}: the state cannot be written: {}", path, *problem)};
}

}  // namespace haldane::cli
