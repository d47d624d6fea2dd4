// Every enumeration has its words, and the words lead back.
#include "model/names.hpp"

#include <set>

#include "support/catch.hpp"

using namespace taskcore;

namespace {

template <class E>
void check_words_lead_back() {
  std::set<std::string_view> words;
  for (std::size_t i = 0; i < kNames<E>.size(); ++i) {
    const auto value = static_cast<E>(i);
    CHECK(to_string(value) == kNames<E>[i]);
    CHECK(parse_name<E>(to_string(value)) == value);
    words.insert(to_string(value));
  }
  CHECK(words.size() == kNames<E>.size());
  CHECK_FALSE(parse_name<E>(""));
  CHECK_FALSE(parse_name<E>("nothing"));
}

}  // namespace

TEST_CASE("each word of an enumeration leads back to its value") {
  check_words_lead_back<Status>();
  check_words_lead_back<Priority>();
  check_words_lead_back<Misfire>();
  check_words_lead_back<Overlap>();
  check_words_lead_back<Recovery>();
  check_words_lead_back<TriggerRule>();
  check_words_lead_back<Jitter>();
  check_words_lead_back<Trigger>();
  check_words_lead_back<AttemptStatus>();
  check_words_lead_back<LogLevel>();
  check_words_lead_back<LogStream>();
  check_words_lead_back<Event::Type>();
}

TEST_CASE("the words stand for the right values") {
  CHECK(to_string(Status::cancelled) == "cancelled");
  CHECK(to_string(Priority::low) == "low");
  CHECK(to_string(Misfire::run_all) == "run_all");
  CHECK(to_string(Overlap::cancel_previous) == "cancel_previous");
  CHECK(to_string(Recovery::fail) == "fail");
  CHECK(to_string(Jitter::none) == "none");
  CHECK(to_string(Trigger::schedule) == "schedule");
  CHECK(to_string(Trigger::backfill) == "backfill");
  CHECK(to_string(AttemptStatus::interrupted) == "interrupted");
  CHECK(to_string(LogLevel::error) == "ERROR");
  CHECK(to_string(LogStream::stderr_) == "stderr");
  CHECK(to_string(Event::Type::task_deleted) == "task.deleted");
  CHECK(to_string(Event::Type::run_settled) == "run.settled");
  CHECK(to_string(Event::Type::run_progress) == "run.progress");
}

TEST_CASE("a number that is no value of an enumeration has no word of one") {
  CHECK(to_string(static_cast<Status>(200)) == "unknown");
}

TEST_CASE("words are exact") {
  CHECK_FALSE(parse_status("Pending"));
  CHECK_FALSE(parse_priority(" low"));
}

TEST_CASE("a log level may be written in any case") {
  CHECK(parse_log_level("warn").value() == LogLevel::warn);
  CHECK(parse_log_level("Debug").value() == LogLevel::debug);
  CHECK(parse_log_level("ERROR").value() == LogLevel::error);
}

TEST_CASE("an unknown log level is refused with the levels that there are") {
  const auto level = parse_log_level("loud\n");
  REQUIRE_FALSE(level.has_value());
  CHECK(level.error().code == Errc::invalid);
  CHECK(level.error().detail == R"("loud?" is not a level; use one of "DEBUG", "INFO", "WARN", "ERROR")");
}
