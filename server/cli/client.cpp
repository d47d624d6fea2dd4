// See client.hpp.
#include "cli/client.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <istream>
#include <iterator>
#include <ostream>
#include <sstream>

#include "cli/client_commands.hpp"
#include "client/table.hpp"

namespace taskd {

namespace {

Answer<Secret> token_of(const ClientCommand& command) {
  if (command.token_file.empty()) return command.token;
  std::error_code error;
  const auto mode = std::filesystem::status(command.token_file, error).permissions();
  if (!error && (mode & std::filesystem::perms::others_read) != std::filesystem::perms::none) {
    return usage_failure("--token-file: " + command.token_file + " can be read by everyone; chmod 600 it");
  }
  std::istringstream no_input;
  auto text = read_file(command.token_file, no_input);
  if (!text) return usage_failure("--token-file: " + text.error().detail);
  text->erase(text->find_last_not_of(" \t\r\n") + 1);
  return Secret(std::move(*text));
}

Answer<std::optional<std::string>> authorities_of(const ClientCommand& command) {
  if (command.ca.empty()) return std::optional<std::string>();
  std::istringstream no_input;
  auto text = read_file(command.ca, no_input);
  if (!text) return usage_failure("--ca (TASK_CA): " + text.error().detail);
  return std::optional(std::move(*text));
}

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

bool wants_colours(bool is_terminal) {
  const char* terminal = std::getenv("TERM");
  const bool is_dumb = terminal != nullptr && std::strcmp(terminal, "dumb") == 0;
  return is_terminal && !is_dumb && !is_set("NO_COLOR");
}

Answer<int> run_all(const ClientCommand& command, std::istream& in, std::ostream& out, std::ostream& err) {
  auto token = token_of(command);
  if (!token) return token.error();
  const auto authorities = authorities_of(command);
  if (!authorities) return authorities.error();
  auto connection = Connection::make(command.url, *token, *authorities);
  if (!connection) return connection.error();
  ApiClient api(**connection, [&err](std::chrono::seconds time) {
    err << "taskd: the server limits how often it is called; going on in " << time.count() << " s" << std::endl;
  });
  const bool is_terminal = ::isatty(STDOUT_FILENO) == 1;
  const bool has_progress = ::isatty(STDERR_FILENO) == 1;
  ClientSession session{api, in, out, err, command.json, is_terminal, wants_colours(is_terminal), has_progress};
  auto done = std::visit([&session](const auto& what) { return run_command(what, session); }, command.what);
  out.flush();
  if (done && !out) return usage_failure("the output could not be written: " + std::string(std::strerror(errno)));
  return done;
}

}  // namespace

int run_client(const ClientCommand& command, std::istream& in, std::ostream& out, std::ostream& err) {
  try {
    const auto done = run_all(command, in, out, err);
    if (done) return *done;
    print_failure(err, done.error());
    return done.error().exit_code;
  } catch (const std::exception& error) {
    err << "taskd: " << error.what() << '\n';
    return kExitUnavailable;  // 1 would be a run that failed
  }
}

std::string_view status_colour(std::string_view status) {
  if (status == "completed") return kGreen;
  if (status == "failed") return kRed;
  if (status == "running") return kCyan;
  return status == "cancelled" ? kYellow : std::string_view();
}

bool is_settled(std::string_view status) {
  return status == "completed" || status == "failed" || status == "cancelled";
}

Answer<std::string> read_file(const std::string& file, std::istream& in) {
  if (file == "-") return std::string(std::istreambuf_iterator<char>(in), {});
  errno = 0;
  std::ifstream opened(file);
  std::string text{std::istreambuf_iterator<char>(opened), {}};
  if (!opened.is_open() || (text.empty() && errno != 0)) {
    return usage_failure("cannot read \"" + file + "\": " + std::strerror(errno));
  }
  return text;
}

}  // namespace taskd
