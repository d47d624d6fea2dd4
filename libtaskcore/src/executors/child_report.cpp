#include "executors/child_report.hpp"

#include <charconv>

#include "executors/exec/protocol.hpp"

namespace taskcore {
namespace {

/// Takes `key`, a number and the character after it off the front of `text`.
template <class Number>
bool take(std::string_view& text, std::string_view key, Number& value) {
  if (!text.starts_with(key)) return false;
  text.remove_prefix(key.size());
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end == text.data() + text.size()) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  return true;
}

}  // namespace

std::optional<ChildExit> parse_child_report(std::string_view line) {
  ChildExit exit;
  int cwd = 0;
  int cgroup = 0;
  if (!take(line, exec::kKeyErrno, exit.exec_errno) || !take(line, exec::kKeyCwd, cwd) ||
      !take(line, exec::kKeyCgroup, cgroup) || !take(line, exec::kKeyCode, exit.exit_code) ||
      !take(line, exec::kKeySignal, exit.signal) || !take(line, exec::kKeyRss, exit.max_rss_kb) ||
      !take(line, exec::kKeyCpu, exit.cpu_us) || !take(line, exec::kKeyLeft, exit.left)) {
    return std::nullopt;
  }
  exit.cwd_failed = cwd != 0;
  exit.cgroup_failed = cgroup != 0;
  if (exit.exec_errno != 0) {
    exit.exit_code = -1;  // it is the launcher's, not the command's
  } else {
    exit.lost = exit.exit_code < 0 && exit.signal == 0;
  }
  return exit;
}

}  // namespace taskcore
