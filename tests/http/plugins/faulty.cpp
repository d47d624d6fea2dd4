// Plugins that must be refused, one for each definition.
#include <stdexcept>
#include <taskcore/plugin.hpp>

#if defined(FAULTY_NO_SYMBOL)
extern "C" int something_else() { return 0; }
#elif defined(FAULTY_OTHER_ABI)
extern "C" const char* taskcore_plugin_abi() { return "taskcore 0.0.0, Boost 1_0"; }
extern "C" void taskcore_plugin(taskcore::Scheduler&) { throw std::logic_error("called in spite of its ABI"); }
#elif defined(FAULTY_THROWS)
namespace {
void add(taskcore::Scheduler&) { throw std::runtime_error("no\nlicence"); }
}  // namespace
TASKCORE_PLUGIN(add)
#elif defined(FAULTY_UNRESOLVED)
void nobody_has_it();
TASKCORE_PLUGIN([](taskcore::Scheduler&) { nobody_has_it(); })
#endif
