#include "sim/setup.hpp"

#include <algorithm>
#include <cstdlib>

namespace taskcore::sim {
namespace {

std::string variable(const char* name, const char* otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? text : otherwise;
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
    case StoreKind::power_cut:
      return "power_cut";
  }
  return "memory";
}

StoreKind store_kind(std::string_view word) noexcept {
  for (const StoreKind kind : {StoreKind::sqlite, StoreKind::shared, StoreKind::power_cut}) {
    if (word == to_string(kind)) return kind;
  }
  return StoreKind::memory;
}

Setup setup_of_environment() {
  Setup setup;
  setup.seed = std::stoull(variable("TASKCORE_SIM_SEED", "1"));
  setup.steps = std::stoi(variable("TASKCORE_SIM_STEPS", "1500"));
  setup.store = store_kind(variable("TASKCORE_SIM_STORE", "memory"));
  const std::string without = "," + variable("TASKCORE_SIM_WITHOUT", "") + ",";
  for (std::size_t i = 0; i < kSpices.size(); ++i) {
    if (without.find("," + std::string(kSpices[i]) + ",") != std::string::npos) setup.leave_out(static_cast<Spice>(i));
  }
  return setup;
}

std::string command_line(const Setup& setup) {
  std::string without;
  for (std::size_t i = 0; i < kSpices.size(); ++i) {
    if (!setup.has(static_cast<Spice>(i))) without += (without.empty() ? "" : ",") + std::string(kSpices[i]);
  }
  return "TASKCORE_SIM_SEED=" + std::to_string(setup.seed) + " TASKCORE_SIM_STEPS=" + std::to_string(setup.steps) +
         " TASKCORE_SIM_STORE=" + to_string(setup.store) + (without.empty() ? "" : " TASKCORE_SIM_WITHOUT=" + without) +
         " sim_tests \"The seed of the environment\"";
}

}  // namespace taskcore::sim
