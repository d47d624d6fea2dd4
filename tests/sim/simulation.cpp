#include "sim/simulation.hpp"

#include "sim/world.hpp"

namespace taskcore::sim {
namespace {

/// Leases are told by the wall clock, which the nodes of a shared store have in common: there it is not set back far.
Duration some_jump(const World& world, Chance& chance) {
  const int most = world.shared() ? 60000 : 1800000;
  return Duration(chance.between(-most, most));
}

/// One random move.
void move(World& world, Chance& chance) {
  switch (chance.below(20)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return world.ask();
    case 4:
      return world.advance(chance.ms(0, 3000));
    case 5:
    case 6:
    case 7:
    case 8:
      return world.advance_to_next();
    case 9:
      if (chance.one_in(15)) return world.advance(chance.ms(60000, 7200000));
      if (chance.one_in(15)) return world.jump(some_jump(world, chance));
      if (world.shared() && chance.one_in(4))
        return world.stand_still(chance.of({Duration(4000), Duration(16000), Duration(25000), Duration(120000)}));
      if (chance.one_in(30)) return world.stop(chance.of({Duration(0), Duration(1000), Duration(30000)}));
      if (chance.one_in(60)) return world.die();
      return world.move_attempts();
    case 10:
    case 11:
      return world.move_attempts();
    default:
      return world.work(chance.between(1, 8));
  }
}

/// Faults end, executors behave, time passes: what can settle must.
void calm_down(World& world) {
  world.behave();
  world.live_through(Duration(600000));
  world.check_overdue();
  world.pause_all();
  world.live_through(Duration(3600000));
  world.check_settled();
  world.audit();
}

}  // namespace

const char* to_string(StoreKind kind) noexcept {
  switch (kind) {
    case StoreKind::memory:
      break;
    case StoreKind::sqlite:
      return "sqlite";
    case StoreKind::shared:
      return "shared";
  }
  return "memory";
}

StoreKind store_kind(std::string_view word) noexcept {
  for (const StoreKind kind : {StoreKind::sqlite, StoreKind::shared}) {
    if (word == to_string(kind)) return kind;
  }
  return StoreKind::memory;
}

Report simulate(const Setup& setup) {
  World world(setup);
  Chance chance(setup.seed, 1);
  Report report;
  while (report.steps < setup.steps && !world.failed()) {
    ++report.steps;
    world.ensure_alive();
    move(world, chance);
    if (report.steps % 250 == 0) world.audit();
  }
  if (!world.failed()) calm_down(world);
  world.fill(report);
  return report;
}

std::string command_line(const Setup& setup) {
  return "TASKCORE_SIM_SEED=" + std::to_string(setup.seed) + " TASKCORE_SIM_STEPS=" + std::to_string(setup.steps) +
         " TASKCORE_SIM_STORE=" + to_string(setup.store) + " sim_tests \"The seed of the environment\"";
}

}  // namespace taskcore::sim
