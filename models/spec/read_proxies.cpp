// `edge.proxies`.
#include "models/spec/read_law.h"
#include "models/spec/sections.h"

namespace haldane::models {
namespace {

using config::Mapping;

void read_tls(const Value& value, const FileReader& files, std::optional<ProxiesSpec::Tls>& out) {
  if (!value.present() || value.is_word("none")) return;
  ProxiesSpec::Tls spec;
  Mapping tls = value.mapping();
  tls.required("new_connections").share(spec.new_connections, config::between(0.0, 1.0));
  tls.optional("resumed").share(spec.resumed, config::between(0.0, 1.0));
  read_law(tls.required("full_handshake"), LawUnit::seconds, files, spec.full_handshake);
  read_law(tls.optional("resumption"), LawUnit::seconds, files, spec.resumption);
  tls.finish();
  out = std::move(spec);
}

}  // namespace

void read_proxies(const Value& value, const FileReader& files, std::optional<ProxiesSpec>& out) {
  if (!value.present() || value.is_word("none")) return;
  ProxiesSpec spec;
  Mapping proxies = value.mapping();
  read_tls(proxies.optional("tls"), files, spec.tls);
  const Value waf = proxies.optional("waf");
  if (waf.present() && !waf.is_word("none")) {
    LawSpec law;
    if (read_law(waf, LawUnit::seconds, files, law)) spec.waf = std::move(law);
  }
  const auto [name, cores] = proxies.exactly_one({"cores", "cores_per_node"});
  cores.count(name == "cores" ? spec.cores : spec.cores_per_node, 1, ScenarioLimits::cores_max);
  proxies.finish();
  if (value.present() && !spec.tls && !spec.waf)
    value.fail("SCN-488", "must have tls or waf: else they do nothing");
  out = std::move(spec);
}

}  // namespace haldane::models
