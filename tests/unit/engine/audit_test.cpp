// The audit trail: who did what, in the transaction of the deed, in a chain that nobody can change unseen.
#include <boost/json/parse.hpp>

#include "model/audit_chain.hpp"
#include "unit/engine/unsure_store.hpp"
#include "unit/engine/world.hpp"

namespace taskcore::engine_test {
namespace {

namespace json = boost::json;

ProvenancePtr by(std::string actor, std::string request_id = "r1") {
  auto who = std::make_shared<Provenance>();
  who->actor = std::move(actor);
  who->role = "user";
  who->request_id = std::move(request_id);
  return who;
}

TaskSpec spec(const std::string& id) {
  TaskSpec out;
  out.id = id;
  out.name = "name of " + id;
  out.config = call("park");
  return out;
}

CreateOptions create_by(const std::string& actor) {
  CreateOptions options;
  options.created_by = actor;
  options.by = by(actor);
  return options;
}

EditOptions edit_by(const std::string& actor) {
  EditOptions options;
  options.by = by(actor);
  return options;
}

/// Newest last.
std::vector<AuditEntry> trail(World& world) {
  auto rows = world->audit({.limit = 1000}).value().items;
  std::reverse(rows.begin(), rows.end());
  return rows;
}

std::vector<std::string> actions(World& world) {
  std::vector<std::string> out;
  for (const AuditEntry& row : trail(world)) out.push_back(row.action);
  return out;
}

TaskEdit rename_to(std::string name) {
  return [name = std::move(name)](const Task&, TaskSpec& s) -> Result<void> {
    s.name = name;
    return {};
  };
}

}  // namespace

TEST_CASE("a change tells in the trail who made it, and what was before and after") {
  World world(either_kind());
  world->create(spec("a"), create_by("ann")).value();
  world->update("a", rename_to("new"), edit_by("bob")).value();
  world->remove("a", edit_by("ann")).value();
  const auto rows = trail(world);
  REQUIRE(rows.size() == 3);
  CHECK(actions(world) == Names{"task.create", "task.update", "task.delete"});
  CHECK(rows[0].actor == "ann");
  CHECK(rows[0].role == "user");
  CHECK(rows[0].target == "a");
  CHECK(rows[0].outcome == "done");
  CHECK(rows[0].request_id == "r1");
  CHECK(rows[0].at == world.now());
  CHECK(rows[0].before.empty());
  CHECK(json::parse(rows[0].after).at("name") == "name of a");
  CHECK(rows[1].actor == "bob");
  CHECK(json::parse(rows[1].before).at("name") == "name of a");
  CHECK(json::parse(rows[1].after).at("name") == "new");
  CHECK(json::parse(rows[2].before).at("name") == "new");
  CHECK(rows[2].after.empty());
}

TEST_CASE("what fails, what changes nothing and what nobody asks for leaves no row") {
  World world(either_kind());
  world->create(spec("a")).value();
  CHECK_FALSE(world->create(spec("a"), create_by("ann")).has_value());
  CHECK_FALSE(world->update("b", rename_to("x"), edit_by("ann")).has_value());
  world->update("a", rename_to("name of a"), edit_by("ann")).value();
  world->resume("a", {{}, by("ann")}).value();
  world->cancel("a", {{}, by("ann")}).value();
  auto kept = create_by("ann");
  kept.on_conflict = OnConflict::keep;
  world->create(spec("a"), std::move(kept)).value();
  CHECK(trail(world).empty());
}

TEST_CASE("every verb has its action") {
  World world(either_kind());
  world->create_all({spec("a"), spec("b")}, create_by("ann")).value();
  world->pause("a", {{}, by("ann")}).value();
  world->resume("a", {{}, by("ann")}).value();
  const Run run = world->execute("a", {}, {{}, by("ann")}).value();
  world.settle();
  world->cancel("a", {{}, by("ann")}).value();
  world->cancel("a", {{}, by("ann")}).value();  // it has been asked to already
  world.finish("a", Outcome::failure("x", "stopped"));
  world->retry_run(run.id, {{}, by("ann")}).value();
  world.settle();
  const std::string second = world.last_run("a").id;
  world->signal(second, 1, {{}, by("ann")}).value();
  world->cancel_run(second, {{}, by("ann")}).value();
  world.finish("a", Outcome::failure("x", "stopped"));
  world->remove_runs({.ids = Names{run.id}, .dry_run = true}, {{}, by("ann")}).value();
  world->remove_runs({.ids = Names{run.id}}, {{}, by("ann")}).value();
  world->put_queue({.name = "q", .limit = 2}, by("ann")).value();
  world->put_queue({.name = "q", .limit = 2}, by("ann")).value();
  world->put_calendar({.name = "c", .weekdays = {"sunday"}}, by("ann")).value();
  world->remove_calendar("c", by("ann")).value();
  CHECK(actions(world) == Names{"task.create", "task.create", "task.pause", "task.resume", "task.execute",
                                "task.cancel", "run.retry", "run.signal", "run.cancel", "run.delete", "queue.put",
                                "calendar.put", "calendar.delete"});
  const auto rows = trail(world);
  CHECK(json::parse(rows[4].after).at("id") == json::value(run.id));
  CHECK(json::parse(rows[5].after).at("liveRuns").at(0).at("cancelRequested") == true);
  CHECK(rows[7].target == second);
  CHECK(rows[9].target == run.id);
  CHECK(rows[9].after.empty());
}

TEST_CASE("a task that was there already is told as changed") {
  World world(either_kind());
  world->create(spec("a"), create_by("ann")).value();
  auto options = create_by("bob");
  options.on_conflict = OnConflict::update;
  TaskSpec other = spec("a");
  other.name = "other";
  world->create(other, std::move(options)).value();
  const auto row = trail(world).back();
  CHECK(row.action == "task.update");
  CHECK(json::parse(row.before).at("name") == "name of a");
  CHECK(json::parse(row.after).at("name") == "other");
}

TEST_CASE("what the mask takes out reaches no row, and large texts are told by their hash") {
  World world(either_kind());
  auto options = create_by("ann");
  const auto by = options.by;
  by->mask = [](TaskSpec& task) { task.name = "***"; };
  world->create(spec("a"), std::move(options)).value();
  CHECK(json::parse(trail(world)[0].after).at("name") == "***");
  CHECK(by->task_text == trail(world)[0].after);
  TaskSpec large = spec("b");
  large.config = call("park", {{"text", std::string(60'000, 'x')}});
  large.description = std::string(9'000, 'x');
  world->create(large, create_by("ann")).value();
  const auto after = json::parse(trail(world)[1].after);
  CHECK(after.at("bytes").as_int64() > 69'000);
  CHECK(after.at("sha256").as_string().size() == 64);
}

TEST_CASE("where the mask throws, the change stands and nothing is written of the task") {
  World world(either_kind());
  auto options = create_by("ann");
  const auto by = options.by;
  by->mask = [](TaskSpec&) { throw std::runtime_error("no"); };
  CHECK(world->create(spec("a"), std::move(options)).has_value());
  CHECK(trail(world)[0].after == R"({"id":"a","masked":false})");
  CHECK(by->task_text.empty());
}

TEST_CASE("the chain holds over crashes, and after pruning") {
  auto disk = std::make_shared<Disk>(either_kind());
  auto clock = std::make_shared<testing::VirtualClock>();
  Options options;
  options.retention.audit = 1h;
  World world(disk, clock, 1, options);
  for (const char* id : {"a", "b"}) world->create(spec(id), create_by("ann")).value();
  world.reboot();
  world->create(spec("c"), create_by("ann")).value();
  world.advance(30min);
  world->create(spec("d"), create_by("ann")).value();
  world.advance(45min);
  CHECK(actions(world) == Names{"task.create"});
  world.crash();
  const auto store = disk->open();
  store->open().value();
  const AuditCheck checked = verify_audit(*store).value();
  CHECK_FALSE(checked.broken_at);
  CHECK(checked.rows == 1);
  CHECK(checked.last.seq == 4);
}

TEST_CASE("of the trail the newest rows stay, and the chain holds from the anchor on") {
  auto disk = std::make_shared<Disk>(either_kind());
  auto clock = std::make_shared<testing::VirtualClock>();
  Options options;
  options.retention.audit = GENERATE(Duration(0), Duration(24h));
  options.retention.audit_rows = 3;
  World world(disk, clock, 1, options);
  const auto append = [&](int count) {
    for (int i = 0; i < count; ++i) {
      AuditEntry row;
      row.actor = "ann";
      world->append_audit(row).value();
    }
  };
  const auto numbers = [&] {
    std::vector<std::int64_t> out;
    for (const AuditEntry& row : trail(world)) out.push_back(row.seq);
    return out;
  };
  append(3);
  world.advance(2min);
  CHECK(numbers() == std::vector<std::int64_t>{1, 2, 3});
  append(1);
  world.advance(2min);
  CHECK(numbers() == std::vector<std::int64_t>{2, 3, 4});
  append(1200);  // more than one batch takes
  world.advance(2min);
  CHECK(numbers() == std::vector<std::int64_t>{1202, 1203, 1204});
  world.reboot();
  append(1);
  world.advance(2min);
  world.crash();
  const auto store = disk->open();
  store->open().value();
  const AuditCheck checked = verify_audit(*store).value();
  CHECK_FALSE(checked.broken_at);
  CHECK(checked.rows == 3);
  CHECK(checked.last.seq == 1205);
  CHECK(store->audit_ends().value().anchor.seq == 1202);
}

TEST_CASE("the check finds every row that was changed, removed or moved") {
  std::vector<AuditEntry> rows;
  for (std::int64_t seq = 1; seq <= 5; ++seq) {
    AuditEntry row;
    row.seq = seq;
    row.at = TimePoint(Duration(seq));
    row.actor = "ann";
    row.action = "task.create";
    row.target = "t" + std::to_string(seq);
    row.after = "{}";
    row.hash = chain_hash(rows.empty() ? "" : rows.back().hash, row);
    rows.push_back(row);
  }
  const auto broken_at = [&](const std::vector<AuditEntry>& chain) {
    const auto copy = memory();
    copy->open().value();
    copy->begin().value();
    for (const AuditEntry& row : chain) copy->append_audit(row).value();
    copy->commit().value();
    return verify_audit(*copy).value().broken_at;
  };
  CHECK_FALSE(broken_at(rows));
  CHECK_FALSE(broken_at({}));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto place = static_cast<std::int64_t>(i) + 1;
    for (std::string AuditEntry::*field :
         {&AuditEntry::actor, &AuditEntry::role, &AuditEntry::action, &AuditEntry::target, &AuditEntry::outcome,
          &AuditEntry::before, &AuditEntry::after, &AuditEntry::request_id, &AuditEntry::hash}) {
      auto changed = rows;
      changed[i].*field += "x";
      CHECK(broken_at(changed) == place);
    }
    auto later = rows;
    later[i].at += Duration(1);
    CHECK(broken_at(later) == place);
    auto fewer = rows;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (i + 1 == rows.size()) continue;
    CHECK(broken_at(fewer) == place);
    auto swapped = rows;
    std::swap(swapped[i], swapped[i + 1]);
    swapped[i].seq = place;
    swapped[i + 1].seq = place + 1;
    CHECK(broken_at(swapped) == place);
  }
}

TEST_CASE("a commit whose outcome nobody learns leaves the chain whole") {
  auto disk = std::make_shared<Disk>(either_kind());
  bool unsure = false;
  disk->wrap = [&](std::unique_ptr<Store> inner) { return std::make_unique<UnsureStore>(std::move(inner), unsure); };
  World world(disk, std::make_shared<testing::VirtualClock>(), 1);
  world->create(spec("a"), create_by("ann")).value();
  unsure = true;
  CHECK_FALSE(world->create(spec("b"), create_by("ann")).has_value());
  world->create(spec("c"), create_by("ann")).value();
  CHECK(actions(world).size() == 3);
  world.crash();
  const auto store = disk->open();
  store->open().value();
  CHECK_FALSE(verify_audit(*store).value().broken_at);
}

}  // namespace taskcore::engine_test
