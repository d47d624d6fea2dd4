// `taskd cancel`.
#include <ostream>

#include "cli/client_commands.hpp"
#include "client/visible_text.hpp"

namespace taskd {

Answer<int> run_command(const CancelCommand& command, ClientSession& session) {
  const auto done = session.api.post(path_of(command.id) + "/cancel");
  if (!done) return done.error();
  if (session.json) {
    session.out << done->text << '\n';
    return 0;
  }
  const auto status = text_at(done->value, "status");
  session.out << visible(command.id) << ' ' << (status == "running" ? "running, to be cancelled" : status) << '\n';
  return 0;
}

}  // namespace taskd
