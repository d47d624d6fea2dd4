// Rows as text, every member of them: to compare, and to show in a failure.
#pragma once

#include <string>

#include "taskcore/store.hpp"

namespace taskcore::store_test {

std::string text(const TaskRow& row);
std::string text(const RunRow& row);
std::string text(const LogRow& row);
std::string text(const QueueRow& row);
std::string text(const RateRow& row);
std::string text(const QueueLoad& load);

}  // namespace taskcore::store_test
