// The "who may do what" table, row by row.
#include "auth/policy.hpp"

#include "support/catch.hpp"

using namespace taskd;

namespace {

const Identity kAdmin{"root", Role::admin};
const Identity kUser{"alice", Role::user};
const Identity kViewer{"vera", Role::viewer};
const Relation kOwner{true, false};
const Relation kAssignee{false, true};
const Relation kStranger{};

}  // namespace

TEST_CASE("an admin may do everything with every task", "[policy]") {
  for (const Action action : {Action::see, Action::control, Action::change}) {
    for (const Relation relation : {kOwner, kAssignee, kStranger})
      CHECK(decide(kAdmin, action, relation) == Verdict::allow);
  }
  CHECK(may_create(kAdmin));
  CHECK(is_admin(kAdmin));
}

TEST_CASE("an owner may do everything with their own", "[policy]") {
  for (const Action action : {Action::see, Action::control, Action::change}) {
    CHECK(decide(kUser, action, kOwner) == Verdict::allow);
  }
  CHECK(may_create(kUser));
  CHECK(may_act(kUser));
  CHECK_FALSE(is_admin(kUser));
}

TEST_CASE("an assignee sees and controls but does not change", "[policy]") {
  CHECK(decide(kUser, Action::see, kAssignee) == Verdict::allow);
  CHECK(decide(kUser, Action::control, kAssignee) == Verdict::allow);
  CHECK(decide(kUser, Action::change, kAssignee) == Verdict::forbid);
}

TEST_CASE("a viewer only looks, whatever the relation", "[policy]") {
  for (const Relation relation : {kOwner, kAssignee}) {
    CHECK(decide(kViewer, Action::see, relation) == Verdict::allow);
    CHECK(decide(kViewer, Action::control, relation) == Verdict::forbid);
    CHECK(decide(kViewer, Action::change, relation) == Verdict::forbid);
  }
  CHECK_FALSE(may_create(kViewer));
  CHECK_FALSE(may_act(kViewer));
}

TEST_CASE("a stranger is not told that the task exists", "[policy]") {
  for (const Identity& caller : {kUser, kViewer}) {
    for (const Action action : {Action::see, Action::control, Action::change}) {
      CHECK(decide(caller, action, kStranger) == Verdict::hide);
    }
  }
}

TEST_CASE("script roles are a set", "[policy]") {
  const ScriptRoles roles{true, false, false};
  CHECK(roles.has(Role::admin));
  CHECK_FALSE(roles.has(Role::user));
  CHECK_FALSE(roles.has(Role::viewer));
}
