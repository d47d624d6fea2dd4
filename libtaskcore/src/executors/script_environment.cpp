#include "executors/script_environment.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cstdlib>

namespace taskcore {
namespace {

using Environment = std::vector<std::pair<std::string, std::string>>;

/// The system takes no longer single string (MAX_ARG_STRLEN is 128 KiB).
constexpr std::size_t kMaxVariableBytes = 120 * 1024;

void inherit(Environment& env, const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  if (value == nullptr) value = otherwise;
  if (value != nullptr) env.emplace_back(name, value);
}

void add_json(Environment& env, RunContext& context, const char* name, const boost::json::value& value) {
  std::string text = boost::json::serialize(value);
  if (text.size() > kMaxVariableBytes) {
    context.log(LogLevel::warn, std::string(name) + " is left out of the environment: it is larger than 120 KiB");
    return;
  }
  env.emplace_back(name, std::move(text));
}

}  // namespace

Environment script_environment(const Script& script, RunContext& context) {
  Environment env;
  inherit(env, "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  inherit(env, "HOME", "/");
  inherit(env, "LANG", nullptr);
  inherit(env, "TZ", nullptr);
  env.emplace_back("TASK_ID", context.task_id());
  env.emplace_back("TASK_NAME", context.task_name());
  env.emplace_back("TASK_RUN_ID", context.id());
  env.emplace_back("TASK_ATTEMPT", std::to_string(context.attempt()));
  if (const auto at = context.scheduled_for()) env.emplace_back("TASK_SCHEDULED_FOR", format_time(*at));
  if (!context.params().is_null()) add_json(env, context, "TASK_PARAMS", context.params());
  if (!context.dependencies().empty()) add_json(env, context, "TASK_INPUT", context.dependencies());
  for (const auto& [name, value] : script.env) {
    const auto same = std::find_if(env.begin(), env.end(), [&](const auto& entry) { return entry.first == name; });
    if (same != env.end()) {
      same->second = value;
    } else {
      env.emplace_back(name, value);
    }
  }
  return env;
}

}  // namespace taskcore
