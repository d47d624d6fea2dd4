// `taskd run`.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <ostream>

#include "cli/client_commands.hpp"
#include "client/local_time.hpp"
#include "client/pretty_json.hpp"
#include "client/table.hpp"
#include "client/visible_text.hpp"
#include "http/strict_json.hpp"

namespace taskd {

namespace json = boost::json;

namespace {

using std::chrono::milliseconds;
constexpr milliseconds kFirstLook{50};
constexpr milliseconds kLongestRest{1000};

Answer<std::string> execute_body(const RunCommand& command) {
  json::object body;
  if (command.with_dependencies) body["withDependencies"] = true;
  if (!command.params.empty()) {
    auto params = parse_strict_json(command.params);
    if (!params) return usage_failure("--params: " + params.error().detail);
    if (!params->is_object()) return usage_failure("--params: must be a JSON object, such as {\"day\": 1}");
    body["params"] = std::move(*params);
  }
  return body.empty() ? std::string() : json::serialize(body);
}

/// One line on standard error that is written over, as long as there is somebody to see it.
class Progress {
 public:
  explicit Progress(const ClientSession& session) : session_(session) {}
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(const json::value& run) {
    if (!session_.has_progress) return;
    const auto passed = std::chrono::steady_clock::now() - began_;
    std::string text = std::string(text_at(run, "id")) + " " + std::string(text_at(run, "status"));
    if (const auto reason = text_at(run, "reason"); !reason.empty()) text += " (" + std::string(reason) + ")";
    if (const auto* attempt = member(run, "attempt").if_int64(); attempt != nullptr && *attempt > 1) {
      text += ", attempt " + std::to_string(*attempt);
    }
    text += ", " + short_duration(std::chrono::duration_cast<milliseconds>(passed));
    session_.err << "\r\x1b[K" << visible(text) << std::flush;
    is_shown_ = true;
  }

  void clear() {
    if (is_shown_) session_.err << "\r\x1b[K" << std::flush;
    is_shown_ = false;
  }

 private:
  const ClientSession& session_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  bool is_shown_ = false;
};

/// The run goes on without us: whoever waited is told its id.
Failure left_behind(Failure failure, std::string_view id) {
  failure.detail += "; " + std::string(id) + " may go on: `taskd show " + std::string(id) + "`, `taskd cancel " +
                    std::string(id) + "`";
  failure.fields.clear();
  return failure;
}

Answer<Document> wait_for_end(Document run, ClientSession& session) {
  const std::string id(text_at(run.value, "id"));
  Progress progress(session);
  for (milliseconds rest = kFirstLook; !is_settled(text_at(run.value, "status"));
       rest = std::min(2 * rest, kLongestRest)) {
    progress.show(run.value);
    if (!session.api.wait(rest)) return left_behind(interrupted(), id);
    auto now = session.api.get(path_of(id));
    if (!now) return left_behind(now.error(), id);
    run = std::move(*now);
  }
  return run;
}

int print_end(const Document& run, const ClientSession& session) {
  const auto status = text_at(run.value, "status");
  const bool is_done = status == "completed";
  if (session.json) {
    session.out << run.text << '\n';
  } else if (const auto& result = member(run.value, "result"); !result.is_null()) {
    session.out << visible(pretty_json(result), '\n') << '\n';
  }
  if (is_done) return 0;
  std::string told(text_at(run.value, "id"));
  told.append(" ").append(status);
  const auto& error = member(run.value, "error");
  const auto reason = text_at(run.value, "reason");
  if (!error.is_null()) {
    told.append(": ").append(text_at(error, "code")).append(": ").append(text_at(error, "message"));
  } else if (!reason.empty()) {
    told.append(": ").append(reason);
  }
  session.err << "taskd: " << visible(told) << '\n';
  return kExitRunFailed;
}

}  // namespace

Answer<int> run_command(const RunCommand& command, ClientSession& session) {
  const auto body = execute_body(command);
  if (!body) return body.error();
  auto run = session.api.post(task_path_of(command.id) + "/execute", *body);
  if (!run) return run.error();
  if (!command.wait) {
    session.out << (session.json ? run->text : std::string(text_at(run->value, "id"))) << '\n';
    return 0;
  }
  const auto ended = wait_for_end(std::move(*run), session);
  if (!ended) return ended.error();
  return print_end(*ended, session);
}

}  // namespace taskd
