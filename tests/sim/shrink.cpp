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

}  // namespace

Setup shrink(Setup setup) {
  if (!keep_if_it_fails(setup, setup)) return setup;
  cut_steps(setup);
  for (std::size_t i = 0; i < kSpices.size(); ++i) {
    Setup tried = setup;
    tried.leave_out(static_cast<Spice>(i));
    keep_if_it_fails(tried, setup);
  }
  cut_steps(setup);
  return setup;
}

}  // namespace taskcore::sim
