// `traffic`: who asks for what, and how patiently.
#include "models/spec/sections.h"

namespace haldane::models {

using config::Mapping;

void read_traffic(const Value& value, const FileReader& files, TrafficSpec& out) {
  Mapping traffic = value.mapping();
  read_arrivals(traffic.required("arrivals"), files, out.arrivals);
  const Value objects = traffic.optional("objects");
  const Value classes = traffic.optional("classes");
  if (objects.present() && classes.present()) {
    classes.fail("SCN-464", "must not stand beside objects: each class has objects of its own");
  }
  const Value& catalogue = objects.present() ? objects : classes;
  if (out.arrivals.process == ArrivalsSpec::Process::trace && catalogue.present()) {
    catalogue.fail("SCN-484", "must not be given: the trace says what is asked for");
  }
  read_objects(objects, files, out.objects);
  read_classes(classes, files, out);
  if (out.arrivals.trace) out.objects.count = out.arrivals.trace->object_count;
  read_client(traffic.optional("client"), out.client);
  traffic.finish();
}

}  // namespace haldane::models
