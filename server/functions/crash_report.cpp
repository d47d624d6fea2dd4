// Why a process has ended: see crash_report.hpp.
#include "functions/crash_report.hpp"

#include "functions/message.hpp"

namespace taskd {

/// A line such as "file:///srv/tasks.js:12" comes before what is wrong there; "[eval1]" is the runner.
void CrashReport::note_line(std::string_view line) {
  last_line_ = line;
  constexpr std::string_view kScheme = "file://";
  if (line.substr(0, kScheme.size()) == kScheme) line.remove_prefix(kScheme.size());
  const std::size_t colon = line.rfind(':');
  if (!place_.empty() || line.empty() || line.front() != '/' || colon == std::string_view::npos) return;
  const std::string_view number = line.substr(colon + 1);
  const bool is_number = !number.empty() && number.find_first_not_of("0123456789") == std::string_view::npos;
  if (is_number && line[colon - 1] != ']') place_ = line;
}

void CrashReport::note_crash(const boost::json::object& message) {
  error_ = text_of(message, "why");
  const auto* call = message.if_contains("call");
  culprit_ = call != nullptr && call->is_int64() ? call->get_int64() : 0;
  if (const auto place = text_of(message, "place"); !place.empty()) place_ = place;
}

std::string CrashReport::crash() const { return error_ + (place_.empty() ? "" : " (" + place_ + ")"); }

std::string CrashReport::why_not_loaded(const std::string& how) const {
  if (!error_.empty()) return crash();
  return "Node.js ended with " + how + (last_line_.empty() ? "" : ": " + last_line_);
}

std::string CrashReport::why_ended(const std::string& how) const {
  return "ended with " + how + (error_.empty() ? "" : ": " + crash());
}

std::string CrashReport::that_it_ended(const std::string& how) const {
  return "ended with " + how + (place_.empty() ? "" : " (" + place_ + ")");
}

}  // namespace taskd
