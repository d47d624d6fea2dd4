// Bodies of bulk calls: see bulk_body.hpp.
#include "api/bulk_body.hpp"

#include <array>

#include "http/json_body.hpp"

namespace taskd {

namespace json = boost::json;
using taskcore::RunQuery;
using taskcore::RunSelection;
using taskcore::Status;
using taskcore::TimePoint;
using taskcore::Trigger;

namespace {

constexpr std::array kStatuses{Status::pending, Status::running, Status::completed, Status::failed, Status::cancelled};
constexpr std::array kTriggers{Trigger::manual, Trigger::schedule, Trigger::backfill, Trigger::dependency,
                               Trigger::retry_now};

/// Reads values, and keeps what is wrong with them.
class Reader {
 public:
  void refuse(std::string pointer, std::string detail) {
    problem_.errors.push_back({std::move(pointer), std::move(detail)});
  }
  std::string text(const json::value& value, const std::string& pointer) {
    if (value.is_string()) return std::string(value.get_string());
    refuse(pointer, "must be a text");
    return {};
  }
  std::optional<TimePoint> time(const json::value& value, const std::string& pointer) {
    const auto at = taskcore::parse_time(value.is_string() ? std::string_view(value.get_string()) : "");
    if (at) return *at;
    refuse(pointer, "must be an RFC 3339 time such as 2027-01-31T09:00:00Z");
    return std::nullopt;
  }
  /// One of the words of `all`, or a list of some.
  template <class All>
  auto words(const json::value& value, const std::string& pointer, const All& all) {
    std::vector<typename All::value_type> out;
    const auto* list = value.if_array();
    if (list == nullptr) {
      add_word(value, pointer, all, out);
    } else if (list->empty()) {
      refuse(pointer, "must not be empty; leave it out to match all");
    } else {
      for (std::size_t i = 0; i < list->size(); ++i) add_word((*list)[i], pointer + "/" + std::to_string(i), all, out);
    }
    return out;
  }
  bool flag(const json::value& value, const std::string& pointer) {
    if (value.is_bool()) return value.get_bool();
    refuse(pointer, "must be true or false");
    return false;
  }
  std::vector<std::string> texts(const json::value& value, const std::string& pointer) {
    std::vector<std::string> out;
    const auto* list = value.if_array();
    if (list == nullptr) refuse(pointer, "must be a list of ids");
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
      out.push_back(text((*list)[i], pointer + "/" + std::to_string(i)));
    }
    return out;
  }

  const Problem& problem() const { return problem_; }

 private:
  template <class All>
  void add_word(const json::value& value, const std::string& pointer, const All& all,
                std::vector<typename All::value_type>& out) {
    std::string takes;
    for (const auto one : all) {
      if (value.is_string() && to_string(one) == std::string_view(value.get_string())) return out.push_back(one);
      takes += (takes.empty() ? "" : ", ") + std::string(to_string(one));
    }
    refuse(pointer, "must be one of " + takes);
  }

  Problem problem_ = make_problem(422, "The body has wrong members.");
};

RunQuery read_filter(const json::value& value, taskcore::BulkVerb verb, Reader& reader) {
  RunQuery out;
  const auto* members = value.if_object();
  if (members == nullptr) {
    reader.refuse("/filter", "must be an object; {} stands for all");
    return out;
  }
  const bool takes_status = verb != taskcore::BulkVerb::redrive;
  for (const auto& [name, given] : *members) {
    const std::string pointer = "/filter/" + std::string(name);
    if (name == "taskId") {
      out.task_id = reader.text(given, pointer);
      if (out.task_id.empty() && given.is_string()) reader.refuse(pointer, "must not be empty");
    } else if (name == "status" && takes_status) {
      out.status = reader.words(given, pointer, kStatuses);
    } else if (name == "trigger") {
      out.trigger = reader.words(given, pointer, kTriggers);
    } else if (name == "createdAfter") {
      out.created_after = reader.time(given, pointer);
    } else if (name == "createdBefore") {
      out.created_before = reader.time(given, pointer);
    } else if (name == "finishedAfter") {
      out.finished_after = reader.time(given, pointer);
    } else if (name == "finishedBefore") {
      out.finished_before = reader.time(given, pointer);
    } else if (name == "cursor") {
      out.cursor = reader.text(given, pointer);
    } else {
      reader.refuse(pointer, std::string("is unknown; ") + (takes_status ? "status, " : "") +
                                 "taskId, trigger, createdAfter, createdBefore, finishedAfter, finishedBefore and "
                                 "cursor are known");
    }
  }
  return out;
}

}  // namespace

Outcome<RunSelection> read_selection(const Request& request, taskcore::BulkVerb verb) {
  const auto body = json_object_body(request);
  if (!body) return body.error();
  RunSelection out;
  Reader reader;
  for (const auto& [name, value] : *body) {
    if (name == "filter") {
      out.filter = read_filter(value, verb, reader);
    } else if (name == "ids") {
      out.ids = reader.texts(value, "/ids");
    } else if (name == "dryRun") {
      out.dry_run = reader.flag(value, "/dryRun");
    } else {
      reader.refuse("/" + std::string(name), "is unknown; filter, ids and dryRun are known");
    }
  }
  if (!reader.problem().errors.empty()) return reader.problem();
  return out;
}

}  // namespace taskd
