// The denylist: see denylist.hpp.
#include "auth/denylist.hpp"

#include <string_view>

#include "text/trim.hpp"
#include "text/utf8.hpp"

namespace taskd {

using taskcore::Errc;
using taskcore::fail;
using taskcore::Result;

namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string_view without_comment(std::string_view line) {
  for (std::size_t at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1)) {
    if (at == 0 || kBlanks.find(line[at - 1]) != std::string_view::npos) return line.substr(0, at);
  }
  return line;
}

}  // namespace

Result<Denylist> read_denylist(const TextFile& file) {
  std::string_view rest = file.text;
  if (constexpr std::string_view kMark = "\xEF\xBB\xBF"; rest.starts_with(kMark)) rest.remove_prefix(kMark.size());
  Denylist out;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::size_t end = rest.find('\n');
    const std::string_view id = trimmed(without_comment(rest.substr(0, end)));
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    // An id that no token can have is a mistake, and its token would go on unnoticed.
    if (!is_utf8(id) || has_control_character(id)) {
      return fail(Errc::invalid, "line " + std::to_string(number) + " is not UTF-8 text without control characters");
    }
    if (!id.empty()) out.emplace(id);
  }
  return out;
}

}  // namespace taskd
