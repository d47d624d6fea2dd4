#include "sim/shrink.hpp"

namespace taskcore::sim {
namespace {

/// Whether `tried` fails; then it is the best so far, and no longer than it has to be.
bool keep_if_it_fails(Setup tried, Setup& best) {
  const Report report = simulate(tried);
  if (report.violation.empty()) return false;
  tried.steps = report.steps;
  best = tried;
  return true;
}

/// Failures come after many steps or show at the end only, so fewer steps are tried in ever smaller cuts.
void cut_steps(Setup& best) {
  for (int cut = best.steps / 2; cut > 0; cut /= 2) {
    for (bool fails = true; fails && best.steps > cut;) {
      Setup tried = best;
      tried.steps -= cut;
      fails = keep_if_it_fails(tried, best);
    }
  }
}

/// What is left out changes all that follows, so that the failure may come later: `room` is how many steps it may take.
void cut_spices(Setup& best, int room) {
  for (std::size_t i = 0; i < kSpices.size(); ++i) {
    Setup tried = best;
    tried.steps = room;
    tried.leave_out(static_cast<Spice>(i));
    keep_if_it_fails(tried, best);
  }
}

}  // namespace

Setup shrink(Setup setup) {
  const int room = setup.steps;
  if (!keep_if_it_fails(setup, setup)) return setup;
  cut_spices(setup, room);
  cut_steps(setup);
  cut_spices(setup, setup.steps);
  return setup;
}

}  // namespace taskcore::sim
