// Makers of task configurations: what a host says in C++ becomes the JSON that the executors read.
#include <boost/json/array.hpp>

#include "taskcore/task.hpp"

namespace taskcore {

namespace json = boost::json;

namespace {

TaskConfig function_call(const std::string& function, json::object params) {
  json::object values{{"function", function}};
  if (!params.empty()) values["params"] = std::move(params);
  return {.type = "custom", .values = std::move(values)};
}

}  // namespace

TaskConfig script(const Script& what) {
  json::object values{{"command", what.command}};
  if (!what.args.empty()) values["args"] = json::array(what.args.begin(), what.args.end());
  if (!what.cwd.empty()) values["cwd"] = what.cwd;
  if (!what.env.empty()) {
    json::object env;
    for (const auto& [name, value] : what.env) env[name] = value;
    values["env"] = std::move(env);
  }
  if (!what.stdin_text.empty()) values["stdin"] = what.stdin_text;
  if (what.shell) values["shell"] = true;
  if (!what.no_retry_exit_codes.empty()) {
    values["noRetryExitCodes"] = json::array(what.no_retry_exit_codes.begin(), what.no_retry_exit_codes.end());
  }
  return {.type = "script", .values = std::move(values)};
}

namespace {

void put_headers(json::object& values, const std::vector<std::pair<std::string, std::string>>& headers) {
  if (headers.empty()) return;
  json::object out;
  for (const auto& [name, value] : headers) out[name] = value;
  values["headers"] = std::move(out);
}

}  // namespace

TaskConfig api_call(const ApiCall& what) {
  json::object values{{"url", what.url}, {"method", what.method}};
  put_headers(values, what.headers);
  if (!what.body.is_null()) values["body"] = what.body;
  if (!what.bearer.empty()) values["auth"] = json::object{{"bearer", what.bearer}};
  if (what.timeout) values["timeout"] = what.timeout->count();
  if (!what.expect_status.empty()) {
    values["expectStatus"] = json::array(what.expect_status.begin(), what.expect_status.end());
  }
  if (what.follow_redirects) values["followRedirects"] = *what.follow_redirects;
  return {.type = "api_call", .values = std::move(values)};
}

TaskConfig webhook(const Webhook& what) {
  json::object values{{"url", what.url}};
  put_headers(values, what.headers);
  if (!what.body.is_null()) values["body"] = what.body;
  if (!what.secrets.empty()) values["secret"] = json::array(what.secrets.begin(), what.secrets.end());
  return {.type = "webhook", .values = std::move(values)};
}

TaskConfig call(std::string function, json::object params) { return function_call(function, std::move(params)); }

TaskConfig call(std::string function, std::initializer_list<std::pair<json::string_view, json::value_ref>> params) {
  return function_call(function, json::object(params));
}

}  // namespace taskcore
