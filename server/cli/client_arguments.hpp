// The commands that speak to a running server, as plain values, and their part of the command line.
#pragma once

#include <string>
#include <variant>

#include "auth/secret.hpp"

namespace CLI {
class App;
}

namespace taskd {

/// The filters are as the list's parameters: words, with commas between them.
struct ListCommand {
  std::string status{};
  std::string type{};
  std::string priority{};
  std::string tag{};
  std::string text{};
  int limit = 50;
  bool all = false;
};

/// Ids are those of tasks, or of runs where they look like one.
struct ShowCommand {
  std::string id{};
};

struct RunCommand {
  std::string id{};
  std::string params{};  ///< A JSON object; empty: none.
  bool with_dependencies = false;
  bool wait = false;
};

struct LogsCommand {
  std::string id{};
  std::string level{};
  std::string since{};  ///< An RFC 3339 instant, or how long ago, such as 15m.
  bool follow = false;
};

struct CancelCommand {
  std::string id{};
};

struct ApplyCommand {
  std::string file{};  ///< "-" is standard input.
};

struct ExportCommand {
  std::string file{};  ///< Empty, and "-": standard output.
};

struct ImportCommand {
  std::string file{};
  bool update = false;  ///< Tasks that are there already become as the file has them.
};

struct ClientCommand {
  std::variant<ListCommand, ShowCommand, RunCommand, LogsCommand, CancelCommand, ApplyCommand, ExportCommand,
               ImportCommand>
      what{};
  std::string url = "http://127.0.0.1:3001";
  std::string ca{};          ///< A file of PEM certificates; empty: the system's authorities.
  std::string token_file{};  ///< Empty: `token` it is.
  Secret token{};
  bool json = false;  ///< For scripts.
};

/// Adds the commands to `app`. Once it has parsed one of them, `command` is it. Both must live until then.
void add_client_commands(CLI::App& app, ClientCommand& command);

/// Whether it has.
bool parsed_client_command(const CLI::App& app);

}  // namespace taskd
