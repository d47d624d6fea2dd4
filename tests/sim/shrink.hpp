// Makes a failing simulation smaller: what still fails with less of everything is easier to read.
#pragma once

#include "sim/simulation.hpp"

namespace taskcore::sim {

/// A setup that fails too, with as few steps and as few kinds of faults and moves as were found; `setup` itself when it
/// does not fail. The violation may be another one.
Setup shrink(Setup setup);

}  // namespace taskcore::sim
