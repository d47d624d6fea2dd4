#include "sim/simulation.hpp"

#include "sim/world.hpp"

namespace taskcore::sim {
namespace {

/// Leases are told by the wall clock, which the nodes of a shared store have in common: there it is not set back far.
Duration some_jump(const World& world, Chance& chance) {
  const int most = world.shared() ? 60000 : 1800000;
  return Duration(chance.between(-most, most));
}

/// Something that happens seldom. False when it is left out, or does not happen now.
bool befall(World& world, Chance& chance, const Setup& setup) {
  if (chance.one_in(15) && setup.has(Spice::outage)) return world.advance(chance.ms(60000, 7200000)), true;
  if (chance.one_in(15) && setup.has(Spice::jump)) return world.jump(some_jump(world, chance)), true;
  if (world.shared() && chance.one_in(4) && setup.has(Spice::still)) {
    const Duration time = chance.of({Duration(4000), Duration(16000), Duration(25000), Duration(120000)});
    return world.stand_still(time), true;
  }
  if (chance.one_in(30) && setup.has(Spice::stop))
    return world.stop(chance.of({Duration(0), Duration(1000), Duration(30000)})), true;
  if (chance.one_in(60) && setup.has(Spice::die)) return world.die(), true;
  return false;
}

/// One random move.
void move(World& world, Chance& chance, const Setup& setup) {
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
      if (befall(world, chance, setup)) return;
      return world.move_attempts();
    case 10:
    case 11:
      return world.move_attempts();
    default:
      return world.work(chance.between(1, 8));
  }
}

/// Users and executors go on and nothing fails: whatever may start does, at once.
void steady_times(World& world, Chance& chance) {
  world.end_faults();
  world.live_through(Duration(60000));
  for (int i = 0; i < 60 && !world.failed(); ++i) {
    for (int asks = chance.between(0, 3); asks > 0; --asks) world.ask();
    world.work(chance.between(1, 30));
    world.advance_to_next();
    world.check_nothing_waits();
  }
}

/// Nothing but time lets go what the rates of keys hold up.
void quiet_times(World& world, Chance& chance) {
  world.narrow_queues();
  world.pause_all();
  for (int asks = chance.between(5, 20); asks > 0; --asks) world.ask();
  world.behave();
  for (int minutes = 0; minutes < 3 && !world.failed(); ++minutes) {
    world.live_through(Duration(60000));
    world.check_nothing_waits();
  }
}

/// Executors behave, time passes: what can settle must.
void calm_down(World& world) {
  world.behave();
  world.live_through(Duration(60000));
  world.free_queues();
  world.live_through(Duration(600000));
  world.check_overdue();
  world.signal_all();
  world.pause_all();
  world.live_through(Duration(3600000) + world.set_back());
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
    move(world, chance, setup);
    if (report.steps % 250 == 0) world.audit();
  }
  if (!world.failed()) steady_times(world, chance);
  if (!world.failed() && chance.one_in(2)) quiet_times(world, chance);
  if (!world.failed()) calm_down(world);
  world.fill(report);
  return report;
}

}  // namespace taskcore::sim
