// What the operating system knows of this process, under Prometheus' usual names.
#pragma once

#include "metrics/exposition.hpp"

namespace taskd {

void write_process(Exposition& out);

}  // namespace taskd
