// `timeline`: scripted changes, and `faults`: the same by chance. Each event knows its own keys
// only, so that a purge with a factor is an error and not silently a purge.
#include <charconv>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "models/spec/read_law.h"
#include "models/spec/sections.h"

namespace haldane::models {
namespace {

using config::Mapping;
using Kind = TimelineEvent::Kind;

constexpr std::uint32_t index_max = 1'000'000;

void read_index(const Value& value, std::optional<std::uint32_t>& out,
                std::uint32_t most = index_max) {
  std::uint32_t index = 0;
  if (value.count(index, 0, most)) out = index;
}

/// How long an event lasts: a duration in the timeline, a law in faults.
class LastingReader {
 public:
  LastingReader() = default;
  explicit LastingReader(const FileReader& files) : files_(&files) {}
  LastingReader(const FileReader& files, std::optional<LawSpec>& law)
      : files_(&files), law_(&law) {}

  [[nodiscard]] bool is_scripted() const { return law_ == nullptr; }
  [[nodiscard]] const FileReader& files() const { return *files_; }
  void read(Mapping& event, TimelineEvent& out) const {
    if (is_scripted()) {
      event.optional("for").duration(out.lasting,
                                     config::inside(Duration{}, ScenarioLimits::duration_max));
      return;
    }
    LawSpec law;
    if (read_law(event.required("for"), LawUnit::seconds, *files_, law)) *law_ = std::move(law);
  }

 private:
  const FileReader* files_ = nullptr;
  std::optional<LawSpec>* law_ = nullptr;
};

void read_tier(Mapping& event, TimelineEvent& out) {
  event.required("tier").choice<TimelineEvent::Tier>(
      out.tier, {{"api", TimelineEvent::Tier::api}, {"workers", TimelineEvent::Tier::workers}});
}

std::optional<TimelineEvent::Tag> parse_tag(std::string_view text) {
  const auto number = [&text](std::uint32_t& out) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return error == std::errc{};
  };
  TimelineEvent::Tag tag;
  constexpr std::string_view between = " of ";
  if (!number(tag.number) || !text.starts_with(between)) return std::nullopt;
  text.remove_prefix(between.size());
  if (!number(tag.of) || !text.empty() || tag.of > index_max || tag.number >= tag.of)
    return std::nullopt;
  return tag;
}

void read_tag(const Value& value, std::optional<TimelineEvent::Tag>& out) {
  std::string text;
  if (!value.present() || !value.text(text)) return;
  out = parse_tag(text);
  if (!out) {
    value.fail("SCN-423",
               fmt::format("must be a class of the catalogue, K of N with 0 <= K < N <= {}, but "
                           "was {}",
                           index_max, value.as_written()),
               "for example 3 of 100");
  }
}

// What may be slow or fail without being made of replicas.
void read_any_tier(Mapping& event, TimelineEvent& out) {
  event.required("tier").choice<TimelineEvent::Tier>(
      out.tier, {{"api", TimelineEvent::Tier::api},
                 {"workers", TimelineEvent::Tier::workers},
                 {"dependency", TimelineEvent::Tier::dependency}});
}

void read_purge(Mapping& event, TimelineEvent& out) {
  const Value share = event.optional("share");
  const Value tag = event.optional("tag");
  const Value key = event.optional("key");
  share.share(out.share, config::above_to(0.0, 1.0));
  read_tag(tag, out.purge_tag);
  read_index(key, out.purge_key, ScenarioLimits::objects_max - 1);
  for (const Value* other : {&tag, &key}) {
    if (!other->present() || (!share.present() && (other == &tag || !tag.present()))) continue;
    other->fail("SCN-424", "must stand alone: a purge has a share, a tag or a key");
  }
  read_index(event.optional("site"), out.site);
  event.optional("soft").boolean(out.soft);
}

void read_surge(Mapping& event, const LastingReader& lasting, TimelineEvent& out) {
  event.required("factor").number(out.factor, config::above_to(0.0, 1e6));
  read_index(event.optional("site"), out.site);
  lasting.read(event, out);
}

void read_ramp(Mapping& event, TimelineEvent& out) {
  read_surge(event, {}, out);
  const bool good = event.required("over").duration(
      out.rise, config::inside(Duration{}, ScenarioLimits::duration_max));
  if (good && out.lasting < out.rise) {
    event.fail_key("over", "SCN-470", "must be <= for, which counts from the start of the ramp");
  }
}

void read_flash_crowd(Mapping& event, TimelineEvent& out) {
  event.required("factor").number(out.factor, config::above_to(1.0, 1e6));
  read_index(event.optional("site"), out.site);
  const auto range = config::inside(Duration{}, ScenarioLimits::duration_max);
  event.required("rise").duration(out.rise, range);
  event.required("decay").duration(out.decay, range);
}

void read_site_failure(Mapping& event, const LastingReader& lasting, TimelineEvent& out) {
  read_index(event.required("site"), out.site);
  lasting.read(event, out);
}

void read_replica_failure(Mapping& event, const LastingReader& lasting, TimelineEvent& out) {
  read_tier(event, out);
  event.optional("count").count(out.count, 1, ScenarioLimits::replicas_max);
  read_index(event.optional("cell"), out.cell);
  lasting.read(event, out);
}

void read_slow_down(Mapping& event, const LastingReader& lasting, TimelineEvent& out) {
  read_any_tier(event, out);
  event.required("factor").number(out.factor, config::above_to(0.0, 1'000.0));
  lasting.read(event, out);
  event.optional("replicas").count(out.replicas, 1, ScenarioLimits::replicas_max);
}

void read_bad_release(Mapping& event, const LastingReader& lasting, TimelineEvent& out) {
  event.required("share").share(out.share, config::above_to(0.0, 1.0));
  event.optional("factor").number(out.factor, config::above_to(0.0, 1'000.0));
  event.optional("probability").share(out.probability, config::between(0.0, 1.0));
  lasting.read(event, out);
  if (event.present() && out.factor == 1 && out.probability == 0) {
    event.fail("SCN-477", "must have a factor or a probability: else nothing is bad about it");
  }
}

void read_nodes(Mapping& event, TimelineEvent& out) {
  event.required("count").count(out.count, 1, ScenarioLimits::nodes_per_site_max);
  read_index(event.optional("site"), out.site);
}

// As everywhere, a number of objects and a rate; here they are the event's count and factor.
void read_warm_up(Mapping& event, TimelineEvent& out) {
  event.required("objects").count(out.count, 1, ScenarioLimits::objects_max);
  event.required("rate").rate(out.factor, config::between(0.001, ScenarioLimits::rate_max_per_s));
  read_index(event.optional("site"), out.site);
}

void read_failures(Mapping& event, const LastingReader& lasting, TimelineEvent& out) {
  read_any_tier(event, out);
  event.required("probability").share(out.probability, config::between(0.0, 1.0));
  lasting.read(event, out);
}

void read_packet_loss(Mapping& event, const LastingReader& lasting, TimelineEvent& out) {
  event.required("link").choice<TimelineEvent::Link>(
      out.link, {{"edge_to_api", TimelineEvent::Link::edge_to_api},
                 {"api_to_workers", TimelineEvent::Link::api_to_workers}});
  event.required("probability")
      .share(out.probability, config::between(0.0, ScenarioLimits::packet_loss_max));
  lasting.read(event, out);
}

// Workers only: the API is replaced by its canary.
void read_worker_tier(Mapping& event, TimelineEvent& out) {
  event.required("tier").choice<TimelineEvent::Tier>(out.tier,
                                                     {{"workers", TimelineEvent::Tier::workers}});
}

void read_deploy(Mapping& event, const FileReader& files, TimelineEvent& out) {
  read_worker_tier(event, out);
  out.share = 0.25;
  event.optional("wave").share(out.share, config::above_to(0.0, 1.0));
  read_startup(event.optional("startup"), files, out.startup);
}

void read_effect(Mapping& event, const LastingReader& lasting, TimelineEvent& out) {
  switch (out.kind) {
    case Kind::purge:
      return read_purge(event, out);
    case Kind::surge:
      return read_surge(event, lasting, out);
    case Kind::site_failure:
      return read_site_failure(event, lasting, out);
    case Kind::replica_failure:
      return read_replica_failure(event, lasting, out);
    case Kind::slow_down:
      return read_slow_down(event, lasting, out);
    case Kind::failures:
      return read_failures(event, lasting, out);
    case Kind::ramp:
    case Kind::flash_crowd:
      return out.kind == Kind::ramp ? read_ramp(event, out) : read_flash_crowd(event, out);
    case Kind::nodes:
    case Kind::warm_up:
      return out.kind == Kind::nodes ? read_nodes(event, out) : read_warm_up(event, out);
    case Kind::bad_release:
      return read_bad_release(event, lasting, out);
    case Kind::packet_loss:
      return read_packet_loss(event, lasting, out);
    case Kind::deploy:
      return read_deploy(event, lasting.files(), out);
    case Kind::rollback:
      return read_worker_tier(event, out);
  }
}

TimelineEvent read_event(const Value& value, const FileReader& files) {
  TimelineEvent out;
  Mapping event = value.mapping();
  Duration at;
  if (event.required("at").duration(at,
                                    config::from_below(Duration{}, ScenarioLimits::duration_max))) {
    out.at = SimTime::zero() + at;
  }
  const bool good =
      event.required("event").choice<Kind>(out.kind, {{"purge", Kind::purge},
                                                      {"surge", Kind::surge},
                                                      {"site_failure", Kind::site_failure},
                                                      {"replica_failure", Kind::replica_failure},
                                                      {"slow_down", Kind::slow_down},
                                                      {"failures", Kind::failures},
                                                      {"ramp", Kind::ramp},
                                                      {"flash_crowd", Kind::flash_crowd},
                                                      {"nodes", Kind::nodes},
                                                      {"warm_up", Kind::warm_up},
                                                      {"bad_release", Kind::bad_release},
                                                      {"packet_loss", Kind::packet_loss},
                                                      {"deploy", Kind::deploy},
                                                      {"rollback", Kind::rollback}});
  if (!good) return out;  // without the kind nobody knows which keys are right
  read_effect(event, LastingReader(files), out);
  event.finish();
  return out;
}

FaultSpec read_fault(const Value& value, const FileReader& files) {
  FaultSpec out;
  Mapping fault = value.mapping();
  const bool good = fault.required("event").choice<Kind>(
      out.event.kind, {{"purge", Kind::purge},
                       {"surge", Kind::surge},
                       {"site_failure", Kind::site_failure},
                       {"replica_failure", Kind::replica_failure},
                       {"slow_down", Kind::slow_down},
                       {"failures", Kind::failures},
                       {"bad_release", Kind::bad_release},
                       {"packet_loss", Kind::packet_loss}});
  if (!good) return out;
  const Value every = fault.required("every");
  if (read_law(every, LawUnit::seconds, files, out.every) && !(law_mean(out.every) > 0)) {
    every.fail("SCN-204", "must have a mean > 0");
  }
  read_effect(fault, LastingReader(files, out.lasting), out.event);
  fault.finish();
  return out;
}

}  // namespace

void read_timeline(const Value& value, const FileReader& files, std::vector<TimelineEvent>& out) {
  const std::vector<Value> elements = value.elements();
  if (elements.size() > ScenarioLimits::timeline_max) {
    value.fail("CFG-107", fmt::format("must have at most {} events, but has {}",
                                      ScenarioLimits::timeline_max, elements.size()));
    return;
  }
  for (const Value& element : elements) out.push_back(read_event(element, files));
}

void read_faults(const Value& value, const FileReader& files, std::vector<FaultSpec>& out) {
  const std::vector<Value> elements = value.elements();
  if (elements.size() > ScenarioLimits::faults_max) {
    value.fail("CFG-107", fmt::format("must have at most {} faults, but has {}",
                                      ScenarioLimits::faults_max, elements.size()));
    return;
  }
  for (const Value& element : elements) out.push_back(read_fault(element, files));
}

}  // namespace haldane::models
