// Access log: see access_log.hpp.
#include "middleware/access_log.hpp"

#include <cstdio>

namespace taskd {

std::string format_access_line(const AccessRecord& record) {
  char milliseconds[32];
  std::snprintf(milliseconds, sizeof milliseconds, "%.3fms", static_cast<double>(record.duration.count()) / 1000.0);
  std::string line = record.method + " " + record.path + " " + std::to_string(record.status) + " " +
                     std::to_string(record.body_size) + "B " + milliseconds + " " + record.remote_address;
  if (!record.user.empty()) line += " user=" + record.user;
  return line + " id=" + record.request_id;
}

boost::json::object access_fields(const AccessRecord& record) {
  boost::json::object fields{{"method", record.method},
                             {"path", record.path},
                             {"route", record.route},
                             {"status", record.status},
                             {"bytes", record.body_size},
                             {"durationMs", static_cast<double>(record.duration.count()) / 1000.0},
                             {"remoteAddress", record.remote_address}};
  if (!record.user.empty()) fields.emplace("user", record.user);
  fields.emplace("requestId", record.request_id);
  return fields;
}

Handler with_access_log(Handler next, AccessSink sink) {
  if (!sink) return next;
  return [next = std::move(next), sink = std::move(sink)](std::shared_ptr<Request> request, Reply reply) {
    const auto began = std::chrono::steady_clock::now();
    reply.after([request, began, sink](const Reply::Answered& answered) {
      AccessRecord record;
      record.request_id = request->id;
      record.remote_address = request->remote_address;
      record.method = to_string(request->method);
      record.path = request->path;
      record.route = request->route;
      if (request->identity) record.user = request->identity->user;
      record.refusal = request->refusal;
      record.status = answered.status;
      record.body_size = answered.body_size;
      record.duration = std::chrono::duration_cast<std::chrono::microseconds>(answered.at - began);
      sink(record);
    });
    next(std::move(request), std::move(reply));
  };
}

}  // namespace taskd
