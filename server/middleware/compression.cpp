// Compression: see compression.hpp.
#include "middleware/compression.hpp"

#include "http/entity_tags.hpp"
#include "http/gzip.hpp"

namespace taskd {

namespace {

/// One packet on the way; less is not sooner there.
constexpr std::size_t kLeast = 1024;

bool is_text(std::string_view type) {
  return type.find("json") != std::string_view::npos || type.find("javascript") != std::string_view::npos ||
         (type.starts_with("text/") && !type.starts_with("text/event-stream"));
}

bool is_worth_it(const Response& response) {
  return response.body.size() > kLeast && is_text(response.headers.get("Content-Type").value_or("")) &&
         !response.headers.get("Content-Encoding");
}

void compress(Response& response) {
  response.body = gzip(response.body);
  response.headers.add("Content-Encoding", "gzip");
  if (const auto tag = response.headers.get("ETag")) response.headers.set("ETag", gzip_tag(*tag));
}

}  // namespace

Handler with_compression(Handler next) {
  return [next = std::move(next)](std::shared_ptr<Request> request, Reply reply) {
    const bool accepted = accepts_gzip(request->headers);
    reply.before([accepted](Response& response) {
      const bool worth_it = is_worth_it(response);
      // What has not changed may be either form of it.
      if (worth_it || response.status == 304) response.headers.add("Vary", "Accept-Encoding");
      if (worth_it && accepted) compress(response);
    });
    next(std::move(request), std::move(reply));
  };
}

}  // namespace taskd
