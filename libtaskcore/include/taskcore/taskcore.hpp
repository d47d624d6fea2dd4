// Everything that a host program usually needs.
#pragma once

#include "taskcore/audit.hpp"
#include "taskcore/calendar.hpp"
#include "taskcore/error.hpp"
#include "taskcore/host.hpp"
#include "taskcore/metrics.hpp"
#include "taskcore/options.hpp"
#include "taskcore/queue.hpp"
#include "taskcore/quota.hpp"
#include "taskcore/result.hpp"
#include "taskcore/run.hpp"
#include "taskcore/schedule.hpp"
#include "taskcore/scheduler.hpp"
#include "taskcore/stores/memory.hpp"
#include "taskcore/stores/sqlite.hpp"
#include "taskcore/task.hpp"
#include "taskcore/time.hpp"
