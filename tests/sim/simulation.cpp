#include "sim/simulation.hpp"

#include "sim/world.hpp"

namespace taskcore::sim {
namespace {

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
      if (chance.one_in(15)) return world.jump(Duration(chance.between(-1800000, 1800000)));
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
         " TASKCORE_SIM_STORE=" + (setup.store == StoreKind::memory ? "memory" : "sqlite") +
         " sim_tests \"The seed of the environment\"";
}

}  // namespace taskcore::sim
