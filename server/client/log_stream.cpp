// See log_stream.hpp.
#include "client/log_stream.hpp"

#include <algorithm>

namespace taskd {

namespace {

constexpr std::chrono::milliseconds kLongestRest{5000};
constexpr std::chrono::seconds kPatience{60};

}  // namespace

Answer<LogStream::End> LogStream::follow() {
  for (;;) {
    const bool is_first = !was_heard();
    const auto response = listen();
    if (has_end_) return End::over;
    if (has_left_) return End::left;
    if (is_foreign_) return foreign_answer();
    const int refusal = response ? 0 : response.error().status;
    if (is_first && (refusal == 429 || refusal == 503)) return End::no_stream;  // too many streams
    if ((response && !response->is_events) || refusal == 406 || refusal == 415) {
      if (last_id_.empty()) return End::no_stream;
      return foreign_answer(refusal);  // asked without a stream, the log would be told from its beginning again
    }
    if (response) heard_ = Clock::now();
    if (!response && !is_to_be_borne(response.error())) return response.error();
    if (!api_.wait(rest_)) return interrupted();
    rest_ = std::min(2 * rest_, kLongestRest);
  }
}

Answer<ClientResponse> LogStream::listen() {
  EventParser parser;
  return api_.follow(target_, last_id_, was_heard(), [&](std::string_view text) {
    if (!text.empty()) {  // a head alone does not make the next try come sooner
      rest_ = kFirstRest;
      failures_ = 0;
      if (!parser.feed(text, [this](const StreamEvent& event) { take(event); })) is_foreign_ = true;
      if (hooks_.on_pause) hooks_.on_pause();
    }
    heard_ = Clock::now();  // at the end: a full pipe may hold up what is told
    return !has_end_ && !has_left_ && !is_foreign_;
  });
}

void LogStream::take(const StreamEvent& event) {
  if (has_left_ || is_foreign_) return;
  if (event.name == "end") has_end_ = true;
  if (event.name != "log") return;
  const auto line = parse_answer(event.data);
  is_foreign_ = !line;
  if (!line) return;
  has_left_ = !hooks_.on_line(*line);
  if (!event.id.empty()) last_id_ = event.id;
}

bool LogStream::is_to_be_borne(const Failure& failure) {
  if (failure.exit_code != kExitUnavailable || !was_heard() || Clock::now() - heard_ > kPatience) return false;
  if (++failures_ == 2 && hooks_.on_outage) hooks_.on_outage(failure);
  return true;
}

}  // namespace taskd
