#include "taskcore/plugin.hpp"

namespace taskcore {

const char* plugin_abi() noexcept { return TASKCORE_PLUGIN_ABI; }

}  // namespace taskcore
