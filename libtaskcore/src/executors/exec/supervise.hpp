// The supervisor's main function, whichever way the program was started (sys.cpp).
#pragma once

namespace taskcore::exec {

/// Runs one command to the end of its whole tree, reports over the control socket, and returns the exit status.
int supervise(char** argv, char** envp);

}  // namespace taskcore::exec
