// `taskd logs`.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <ostream>

#include "cli/client_commands.hpp"
#include "client/local_time.hpp"
#include "client/log_stream.hpp"
#include "client/log_tail.hpp"
#include "client/table.hpp"
#include "client/visible_text.hpp"
#include "config.hpp"
#include "taskcore/time.hpp"

namespace taskd {

namespace json = boost::json;

namespace {

constexpr std::string_view kPage = "1000";
constexpr std::chrono::seconds kRest{1};

/// An instant as it is; of "15m" the one that long ago.
std::string since_parameter(const std::string& since) {
  const auto ago = parse_ttl(since);
  if (!ago) return since;
  const auto now = std::chrono::time_point_cast<taskcore::Duration>(std::chrono::system_clock::now());
  return taskcore::format_time(now - *ago);
}

std::string_view level_colour(std::string_view level) {
  if (level == "ERROR") return kRed;
  return level == "WARN" ? kYellow : std::string_view();
}

/// "2027-01-31 09:00:05.123 INFO  run_7 the text {"a":1}"; of one run's log without the run.
std::string line_text(const json::value& line, bool of_task) {
  std::string level(text_at(line, "level"));
  level.resize(std::max<std::size_t>(level.size(), 5), ' ');
  std::string out = local_time(text_at(line, "timestamp"), TimeForm::millis) + " " + level + " ";
  const auto run = text_at(line, "runId");
  if (of_task && !run.empty()) out.append(run).append(" ");
  out += text_at(line, "message");
  const auto& data = member(line, "data");
  if (!data.is_null()) out += " " + json::serialize(data);
  return visible(out, '\t');
}

class LogReader {
 public:
  LogReader(const LogsCommand& command, ClientSession& session)
      : session_(session),
        path_(path_of(command.id)),
        level_(command.level),
        since_(since_parameter(command.since)),
        of_task_(!is_run_id(command.id)) {}

  /// All of it, and what comes as it comes.
  Answer<LogStream::End> follow() {
    LogStream stream(session_.api, path_ + "/logs" + query({{"level", level_}, {"since", since_}}),
                     {[this](const json::value& line) {
                        print(line);
                        return session_.out.good();
                      },
                      [this] { session_.out.flush(); },
                      [this](const Failure& failure) {
                        print_failure(session_.err, failure, "the log broke off, and is tried again");
                      }});
    return stream.follow();
  }

  /// What has been added since the last time. Errors: as a call's.
  Answer<void> read() {
    for (bool has_next = true; has_next;) {
      const auto page = session_.api.get(
          path_ + "/logs" + query({{"level", level_}, {"since", since_}, {"limit", kPage}, {"cursor", cursor_}}));
      if (!page) return page.error();
      const auto next = text_at(page->value, "nextCursor");
      has_next = !next.empty();
      tail_.take(list_at(page->value, "logs"), has_next, [this](const json::value& line) { print(line); });
      if (has_next) cursor_ = next;
      session_.out.flush();
      if (!session_.out) break;  // nobody reads on
    }
    return {};
  }

  /// Of a task never: another run may come.
  Answer<bool> has_ended() {
    if (of_task_) return false;
    const auto run = session_.api.get(path_);
    if (!run) return run.error();
    return is_settled(text_at(run->value, "status"));
  }

 private:
  void print(const json::value& line) {
    if (session_.json) {
      session_.out << json::serialize(line) << '\n';
      return;
    }
    const std::string text = line_text(line, of_task_);
    const auto colour = session_.has_colours ? level_colour(text_at(line, "level")) : std::string_view();
    session_.out << coloured(text, colour) << '\n';
  }

  ClientSession& session_;
  const std::string path_;
  const std::string level_;
  const std::string since_;
  const bool of_task_;
  std::string cursor_{};
  LogTail tail_{};
};

/// For a server that gives no stream.
Answer<int> ask_again_and_again(LogReader& reader, ClientSession& session) {
  for (;;) {
    const auto ended = reader.has_ended();  // before the lines are read: so the last ones are there, too
    if (!ended) return ended.error();
    if (const auto read = reader.read(); !read) return read.error();
    if (*ended || !session.out) return 0;
    if (!session.api.wait(kRest)) return kExitInterrupted;
  }
}

}  // namespace

Answer<int> run_command(const LogsCommand& command, ClientSession& session) {
  LogReader reader(command, session);
  if (command.follow) {
    const auto end = reader.follow();
    if (!end && end.error().exit_code == kExitInterrupted) return kExitInterrupted;
    if (!end) return end.error();
    if (*end == LogStream::End::no_stream) return ask_again_and_again(reader, session);
  } else if (const auto read = reader.read(); !read) {
    return read.error();
  }
  return 0;
}

}  // namespace taskd
