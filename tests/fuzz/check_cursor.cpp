// See check_cursor.hpp.
#include "fuzz/check_cursor.hpp"

#include <string>

#include "fuzz/must.hpp"
#include "taskcore/scheduler.hpp"
#include "taskcore/testing/manual_host.hpp"

namespace taskcore::testing {

namespace {

/// A store with a page and a bit of everything.
class World {
 public:
  World() {
    scheduler().function("fuzz", [](RunContext&, const boost::json::value&) {});
    host_.start().value();
    for (const char* id : {"a", "b", "c"}) {
      scheduler().create({.id = id, .name = id, .config = call("fuzz")}).value();
      scheduler().execute(id).value();
      scheduler().put_calendar({.name = id, .dates = {"12-25"}}).value();
    }
    host_.settle();
  }

  Scheduler& scheduler() { return host_.scheduler(); }

 private:
  ManualHost host_{};
};

template <class T>
void check(const Result<Page<T>>& page) {
  if (page) return must(page->items.size() <= 2, "a page is too long");
  must(page.error().code == Errc::invalid, "refused as something else than invalid");
  must(page.error().fields.size() == 1 && page.error().fields[0].pointer == "/cursor", "refused at another place");
  must_be_printable(page.error().detail);
}

}  // namespace

void check_cursor(std::string_view text) {
  static World world;
  const Scheduler& scheduler = world.scheduler();
  const std::string cursor(text);
  for (const bool oldest_first : {false, true}) {
    check(scheduler.list({.oldest_first = oldest_first, .limit = 2, .cursor = cursor}));
    check(scheduler.runs({.oldest_first = oldest_first, .limit = 2, .cursor = cursor}));
    check(scheduler.dead_letters({.oldest_first = oldest_first, .limit = 2, .cursor = cursor}));
  }
  check(scheduler.logs({.task_id = "a", .limit = 2, .cursor = cursor}));
  check(scheduler.calendars({.limit = 2, .cursor = cursor}));
}

}  // namespace taskcore::testing
