#include "engine/spread.hpp"

#include <algorithm>
#include <cstdint>

namespace taskcore {
namespace {

/// FNV-1a, and the end of SplitMix64: ids that differ in their last letter alone are to lie far apart, too.
std::uint64_t hash(std::string_view text) {
  std::uint64_t h = 0xCBF29CE484222325;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  h = (h ^ (h >> 30)) * 0xBF58476D1CE4E5B9;
  h = (h ^ (h >> 27)) * 0x94D049BB133111EB;
  return h ^ (h >> 31);
}

}  // namespace

Duration start_delay(std::string_view task_id, Duration jitter, const Schedule& schedule, TimePoint instant) {
  if (jitter <= Duration(0)) return Duration(0);
  Duration room = jitter;
  if (const auto next = schedule.next(instant)) room = std::min(room, *next - instant);
  // A share of the room, not a remainder by it: tasks stay evenly spread where a gap is narrower than the jitter. A
  // room is at most a day, so the product has bits to spare.
  const std::uint64_t share = hash(task_id) >> 32;
  return Duration(static_cast<Duration::rep>((share * static_cast<std::uint64_t>(room.count())) >> 32));
}

}  // namespace taskcore
