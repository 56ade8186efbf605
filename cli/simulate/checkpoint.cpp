#include "cli/simulate/checkpoint.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/output.h"
#include "cli/simulate/checkpoint_record.h"
#include "sim/base/check.h"

namespace haldane::cli {
namespace {

constexpr std::string_view magic = R"({"schema":"haldane.checkpoint/)";
constexpr std::uint64_t word_size = 8;
constexpr std::uint64_t record_head = 2 * word_size;    // number, size
constexpr std::uint64_t end_size = 2 * word_size + 32;  // end mark, count, SHA-256
constexpr std::uint64_t end_mark = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t header_max = 1 << 16;
constexpr std::uint64_t block = 1 << 20;  // read at a time
constexpr std::size_t pending_max = 64 << 20;
constexpr auto pause_min = std::chrono::milliseconds(500);

constexpr const char* damaged =
    "is damaged or half written: its checksum does not fit. Delete it to start anew";

std::string word_bytes(std::uint64_t word) {
  std::string bytes(word_size, '\0');
  for (std::uint64_t i = 0; i < word_size; ++i) {
    bytes[i] = static_cast<char>((word >> (8 * i)) & 0xff);
  }
  return bytes;
}

std::uint64_t word_at(std::string_view bytes, std::size_t offset) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < word_size; ++i) {
    word |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[offset + i])) << (8 * i);
  }
  return word;
}

std::string end_bytes(std::uint64_t count, const Sha256& body) {
  const Sha256::Value value = body.value();
  return word_bytes(end_mark) + word_bytes(count) + std::string(value.data(), value.size());
}

}  // namespace

Checkpoint::~Checkpoint() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::optional<CheckpointProblem> Checkpoint::open(const std::string& path,
                                                  const CheckpointIdentity& run,
                                                  const models::Plan& plan) {
  path_ = path;
  plan_ = &plan;
  descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor_ >= 0) return read_existing(run);
  if (errno != ENOENT) return CheckpointProblem{ExitCode::input_not_found, std::strerror(errno)};
  pending_ = header_line(run);
  const auto problem = write();
  if (!problem) return std::nullopt;
  return CheckpointProblem{ExitCode::output_failed, "cannot be written: " + *problem};
}

std::optional<CheckpointProblem> Checkpoint::read_existing(const CheckpointIdentity& run) {
  struct stat status{};
  if (::fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode)) {
    return CheckpointProblem{ExitCode::bad_input, "is no regular file"};
  }
  const auto size = static_cast<std::uint64_t>(status.st_size);
  std::string problem = check_bytes(size);
  if (problem.empty()) {
    const std::string head = bytes(0, std::min(body_size_, header_max));
    const std::size_t line_end = head.find('\n');
    const auto file = parse_header(head.substr(0, line_end));
    if (line_end == std::string::npos || !file) {
      problem = "is a checkpoint of another format than this program's";
    } else if (const std::string differs = difference(*file, run); !differs.empty()) {
      problem = "is of another run; what differs: " + differs;
    } else {
      problem = scan_records(line_end + 1);
    }
  }
  if (problem.empty()) return std::nullopt;
  return CheckpointProblem{ExitCode::bad_input, problem};
}

// The checksum before all else, so that damage is not taken for a difference.
std::string Checkpoint::check_bytes(std::uint64_t size) {
  const std::string start = bytes(0, std::min<std::uint64_t>(size, magic.size()));
  if (start.empty() || !magic.starts_with(start)) return "is no checkpoint of haldane";
  if (size < magic.size() + end_size) return damaged;
  body_size_ = size - end_size;
  for (std::uint64_t at = 0; at < body_size_; at += block) {
    hash_.add(bytes(at, std::min(block, body_size_ - at)));
  }
  const std::string end = bytes(body_size_, end_size);
  if (end.size() != end_size) return damaged;
  return end == end_bytes(word_at(end, word_size), hash_) ? "" : damaged;
}

std::string Checkpoint::scan_records(std::uint64_t first) {
  for (std::uint64_t at = first; at < body_size_;) {
    const std::string problem = read_record(at);
    if (!problem.empty()) return problem;
  }
  const std::uint64_t count = word_at(bytes(body_size_, end_size), word_size);
  return count == places_.size() ? "" : damaged;
}

// Decodes each record once, so that a run never meets one that it cannot use.
std::string Checkpoint::read_record(std::uint64_t& at) {
  constexpr const char* unreadable = "holds a replication that this program cannot read";
  if (body_size_ - at < record_head) return unreadable;
  const std::string head = bytes(at, record_head);
  const std::uint64_t number = word_at(head, 0);
  const std::uint64_t size = word_at(head, word_size);
  at += record_head;
  if (size > body_size_ - at || number > std::numeric_limits<std::uint32_t>::max()) {
    return unreadable;
  }
  if (!decode_replication(bytes(at, size), *plan_)) return unreadable;
  places_[static_cast<std::uint32_t>(number)] = {at, size};
  at += size;
  return "";
}

bool Checkpoint::holds(std::uint32_t replication) const {
  const std::lock_guard lock(mutex_);
  return places_.contains(replication);
}

models::ReplicationResult Checkpoint::load(std::uint32_t replication) const {
  const std::lock_guard lock(mutex_);
  const Place place = places_.at(replication);
  auto result = decode_replication(bytes(place.offset, place.size), *plan_);
  HALDANE_CHECK(result.has_value());
  return std::move(*result);
}

void Checkpoint::add(std::uint32_t replication, const models::ReplicationResult& result) {
  const std::string record = encode_replication(result);
  const std::lock_guard lock(mutex_);
  pending_ += word_bytes(replication) + word_bytes(record.size());
  pending_places_[replication] = {body_size_ + pending_.size(), record.size()};
  pending_ += record;
  // A failure is reported by the next save, which tries again.
  if (pending_.size() > pending_max) static_cast<void>(write());
}

std::optional<std::string> Checkpoint::save_when_due() {
  const std::lock_guard lock(mutex_);
  const auto pause = std::max<Clock::duration>(pause_min, 10 * saving_took_);
  if (pending_.empty() || Clock::now() - saved_ < pause) return std::nullopt;
  return write();
}

std::optional<std::string> Checkpoint::save() {
  const std::lock_guard lock(mutex_);
  return pending_.empty() ? std::nullopt : write();
}

std::optional<std::string> Checkpoint::write() {
  const auto start = Clock::now();
  OutputFile file;
  auto problem = file.open(path_);
  if (!problem) {
    for (std::uint64_t at = 0; at < body_size_; at += block) {
      file.append(bytes(at, std::min(block, body_size_ - at)));
    }
    Sha256 hash = hash_.copy();
    hash.add(pending_);
    file.append(pending_);
    file.append(end_bytes(places_.size() + pending_places_.size(), hash));
    problem = file.finish();
    if (!problem) {
      hash_ = std::move(hash);
      problem = reopen();
    }
  }
  saved_ = Clock::now();
  saving_took_ = saved_ - start;
  return problem;
}

std::optional<std::string> Checkpoint::reopen() {
  body_size_ += pending_.size();
  places_.merge(pending_places_);
  pending_places_.clear();
  pending_.clear();
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ >= 0) return std::nullopt;
  return std::strerror(errno);
}

std::string Checkpoint::bytes(std::uint64_t offset, std::uint64_t size) const {
  std::string text(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got =
        ::pread(descriptor_, text.data() + done, size - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    done += static_cast<std::size_t>(got);
  }
  text.resize(done);
  return text;
}

}  // namespace haldane::cli
