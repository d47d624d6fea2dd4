// GET /openapi.json and /docs: the interface, described by itself. Made once; the same for everybody.
#include <boost/json/serialize.hpp>
#include <functional>
#include <string>

#include "api/api.hpp"
#include "api/parameters.hpp"
#include "openapi/document.hpp"
#include "openapi/page.hpp"
#include "openapi/texts.hpp"

namespace taskd {

namespace {

/// Nothing but its own style sheet, and nobody's frame.
constexpr std::string_view kPolicy =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

Handler fixed(const ApiPtr& api, std::string_view type, std::string body) {
  Response made;
  made.headers.add("Content-Type", type);
  made.headers.add("ETag", "\"" + std::to_string(std::hash<std::string_view>{}(body)) + "\"");
  made.headers.add("Cache-Control", "no-cache");
  made.headers.add("X-Content-Type-Options", "nosniff");
  made.headers.add("Content-Security-Policy", kPolicy);
  made.body = std::move(body);
  return at_once(api, [made = std::move(made)](const Api&, const Request& request) -> Outcome<Response> {
    if (const auto problem = Parameters(request.query, {}).problem()) return *problem;
    return made;
  });
}

}  // namespace

void add_reference(Router& router, const ApiPtr& api) {
  const boost::json::object document = openapi_document();
  router.add(Method::get, "/openapi.json", fixed(api, "application/json", boost::json::serialize(document)));
  router.add(Method::get, "/docs", fixed(api, "text/html; charset=utf-8", reference_page(document)));
  router.add(Method::get, "/docs/page.css", fixed(api, "text/css; charset=utf-8", std::string(page_style())));
}

}  // namespace taskd
