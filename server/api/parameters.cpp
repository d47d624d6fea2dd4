// Query parameters: see parameters.hpp.
#include "api/parameters.hpp"

#include <algorithm>
#include <charconv>

#include "http/json_body.hpp"

namespace taskd {

using taskcore::Priority;
using taskcore::Status;
using taskcore::Trigger;

Parameters::Parameters(const Query& query, std::initializer_list<std::string_view> known) : query_(query) {
  for (const auto& [name, value] : query.items()) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    std::string text = "is unknown here";
    if (known.size() > 0) {
      text += "; known are";
      for (const std::string_view one : known) text += (one == *known.begin() ? " " : ", ") + std::string(one);
    }
    refuse(name, text);
    break;
  }
}

void Parameters::refuse(std::string_view name, const std::string& what) {
  if (!problem_) problem_ = make_problem(400, "Query parameter \"" + std::string(name) + "\" " + what + ".");
}

std::string Parameters::text(std::string_view name) {
  if (query_.count(name) > 1) refuse(name, "may be given once only");
  return std::string(query_.get(name).value_or(""));
}

std::string Parameters::required(std::string_view name) {
  std::string given = text(name);
  if (given.empty()) refuse(name, "is missing");
  return given;
}

std::string Parameters::choice(std::string_view name, std::initializer_list<std::string_view> words) {
  std::string given = text(name);
  if (query_.count(name) == 0 || std::find(words.begin(), words.end(), given) != words.end()) return given;
  std::string takes = "takes";
  for (const std::string_view word : words) takes += (word == *words.begin() ? " " : " or ") + std::string(word);
  refuse(name, takes);
  return given;
}

std::vector<std::string> Parameters::list(std::string_view name) {
  std::vector<std::string> out;
  for (const auto& [key, value] : query_.items()) {
    if (key != name) continue;
    for (std::string_view rest = value;;) {
      const std::size_t comma = rest.find(',');
      out.emplace_back(rest.substr(0, comma));
      if (out.back().empty()) refuse(name, "has an empty value");
      if (comma == std::string_view::npos) break;
      rest = rest.substr(comma + 1);
    }
  }
  return out;
}

std::vector<Status> Parameters::statuses(std::string_view name) {
  std::vector<Status> out;
  for (const std::string& text : list(name)) {
    const std::size_t before = out.size();
    for (const Status one : {Status::pending, Status::running, Status::completed, Status::failed, Status::cancelled}) {
      if (to_string(one) == text) out.push_back(one);
    }
    if (out.size() == before) refuse(name, "takes pending, running, completed, failed and cancelled");
  }
  return out;
}

std::vector<Priority> Parameters::priorities(std::string_view name) {
  std::vector<Priority> out;
  for (const std::string& text : list(name)) {
    const std::size_t before = out.size();
    for (const Priority one : {Priority::low, Priority::normal, Priority::high}) {
      if (to_string(one) == text) out.push_back(one);
    }
    if (out.size() == before) refuse(name, "takes low, normal and high");
  }
  return out;
}

std::vector<Trigger> Parameters::triggers(std::string_view name) {
  std::vector<Trigger> out;
  for (const std::string& text : list(name)) {
    const std::size_t before = out.size();
    for (const Trigger one :
         {Trigger::manual, Trigger::schedule, Trigger::backfill, Trigger::dependency, Trigger::retry_now}) {
      if (to_string(one) == text) out.push_back(one);
    }
    if (out.size() == before) refuse(name, "takes manual, schedule, backfill, dependency and retry_now");
  }
  return out;
}

taskcore::LogLevel Parameters::level(std::string_view name) {
  const std::string given = text(name);
  if (given.empty()) return taskcore::LogLevel::debug;
  const auto level = taskcore::parse_log_level(given);
  if (!level) refuse(name, "takes DEBUG, INFO, WARN or ERROR");
  return level ? *level : taskcore::LogLevel::debug;
}

std::optional<taskcore::TimePoint> Parameters::time(std::string_view name) {
  const std::string given = text(name);
  if (given.empty()) return std::nullopt;
  const auto at = taskcore::parse_time(given);
  if (!at) {
    refuse(name, "must be an RFC 3339 time such as 2027-01-31T09:00:00Z");
    return std::nullopt;
  }
  return *at;
}

bool Parameters::flag(std::string_view name) {
  const std::string given = text(name);
  if (query_.count(name) > 0 && given != "true" && given != "false") refuse(name, "takes true or false");
  return given == "true";
}

std::size_t Parameters::number(std::string_view name, std::size_t absent, std::size_t most) {
  const std::string given = text(name);
  if (query_.count(name) == 0) return absent;
  std::size_t value = 0;
  const auto [end, ec] = std::from_chars(given.data(), given.data() + given.size(), value);
  if (ec != std::errc() || end != given.data() + given.size() || value < 1 || value > most) {
    refuse(name, "must be a whole number from 1 to " + std::to_string(most));
  }
  return value;
}

std::size_t Parameters::limit() { return number("limit", 50, 1000); }

bool Parameters::oldest_first() {
  const std::string given = text("sort");
  if (query_.count("sort") > 0 && given != "createdAt" && given != "-createdAt") {
    refuse("sort", "takes createdAt or -createdAt");
  }
  return given == "createdAt";
}

std::optional<Problem> refuse_arguments(const Request& request) {
  if (auto problem = Parameters(request.query, {}).problem()) return problem;
  return refuse_members(request);
}

Problem query_problem(const taskcore::Error& error) {
  Problem problem = to_problem(error);
  if (error.code == taskcore::Errc::invalid) problem.status = 400;
  return problem;
}

}  // namespace taskd
