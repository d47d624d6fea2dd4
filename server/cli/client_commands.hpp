// What each command of a client is given, and the commands themselves. Each gives the exit code of what it did, or the
// Failure that run_client prints.
#pragma once

#include <iosfwd>

#include "cli/client_arguments.hpp"
#include "client/api_client.hpp"

namespace taskd {

struct ClientSession {
  ApiClient& api;
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool json = false;
  bool is_terminal = false;   ///< `out` is one.
  bool has_colours = false;   ///< `out` takes them.
  bool has_progress = false;  ///< `err` is a terminal.
};

Answer<int> run_command(const ListCommand& command, ClientSession& session);
Answer<int> run_command(const ShowCommand& command, ClientSession& session);
Answer<int> run_command(const RunCommand& command, ClientSession& session);
Answer<int> run_command(const LogsCommand& command, ClientSession& session);
Answer<int> run_command(const CancelCommand& command, ClientSession& session);
Answer<int> run_command(const ApplyCommand& command, ClientSession& session);
Answer<int> run_command(const ExportCommand& command, ClientSession& session);
Answer<int> run_command(const ImportCommand& command, ClientSession& session);

/// Of a status; empty: none.
std::string_view status_colour(std::string_view status);

/// Whether a run of that status has ended.
bool is_settled(std::string_view status);

/// The text of a file, or of `in` where it is "-". Errors: kExitUsage, naming the file.
Answer<std::string> read_file(const std::string& file, std::istream& in);

}  // namespace taskd
