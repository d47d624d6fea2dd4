// Names of error codes, and errors as text.
#include "taskcore/error.hpp"

#include <ostream>

namespace taskcore {

std::string_view to_string(Errc code) noexcept {
  switch (code) {
    case Errc::invalid:
      return "invalid";
    case Errc::not_found:
      return "not_found";
    case Errc::conflict:
      return "conflict";
    case Errc::cycle:
      return "cycle";
    case Errc::has_dependents:
      return "has_dependents";
    case Errc::stale:
      return "stale";
    case Errc::over_quota:
      return "over_quota";
    case Errc::overloaded:
      return "overloaded";
    case Errc::unavailable:
      return "unavailable";
    case Errc::storage_full:
      return "storage_full";
    case Errc::corrupt:
      return "corrupt";
    case Errc::locked:
      return "locked";
    case Errc::would_deadlock:
      return "would_deadlock";
    case Errc::stopped:
      return "stopped";
    case Errc::timeout:
      return "timeout";
    case Errc::internal:
      return "internal";
  }
  return "internal";  // A number that was cast to Errc from elsewhere.
}

std::ostream& operator<<(std::ostream& out, const Error& error) {
  return out << to_string(error.code) << ": " << error.detail;
}

}  // namespace taskcore
