// The configurations of api_call and webhook, read and checked.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "net/http_message.hpp"
#include "net/tls_contexts.hpp"
#include "taskcore/time.hpp"

namespace taskcore::net {

enum class CallKind { api_call, webhook };

/// From which status to which one an answer is a success, both included.
struct StatusRange {
  int first = 200;
  int last = 299;
};

struct CallConfig {
  HttpRequest request{};
  std::optional<Duration> timeout{};
  int max_redirects = 0;
  std::vector<StatusRange> expected{};
  TlsOptions tls{};
  std::vector<std::string> signing_keys{};
};

/// Every fault is told, with its pointer below "/config". With `templates`, text that holds "${" is not looked into:
/// what it will be is not known yet.
Result<CallConfig> read_call_config(const boost::json::object& config, CallKind kind, bool templates);

}  // namespace taskcore::net
