#include "secrets.hpp"

#include <unistd.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string_view>
#include <vector>

#include "auth/secret.hpp"

namespace taskd {

namespace {

constexpr std::string_view kPrefix = "TASK_SECRET_";
constexpr std::uintmax_t kLargestFile = 64 * 1024;

std::optional<std::string> read_file(const std::filesystem::path& path) {
  std::error_code bad;
  if (!std::filesystem::is_regular_file(path, bad) || std::filesystem::file_size(path, bad) > kLargestFile || bad) {
    return std::nullopt;
  }
  std::ifstream in(path);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in.is_open()) return std::nullopt;
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

}  // namespace

Secrets take_environment_secrets() {
  std::vector<std::string> names;
  for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (text.starts_with(kPrefix)) names.emplace_back(text.substr(0, text.find('=')));
  }
  Secrets out;
  for (const std::string& name : names) {
    if (auto value = take_environment(name.c_str())) out[name.substr(kPrefix.size())] = std::move(*value);
  }
  return out;
}

taskcore::SecretSource secret_source(std::filesystem::path directory, Secrets variables) {
  // Held by a pointer: the source is copied with the options, the secrets are not.
  return [directory = std::move(directory), shared = std::make_shared<const Secrets>(std::move(variables))](
             std::string_view name) -> std::optional<std::string> {
    if (!directory.empty() && !name.starts_with('.')) {
      if (auto value = read_file(directory / name)) return value;
    }
    const auto it = shared->find(name);
    return it == shared->end() ? std::nullopt : std::optional(it->second);
  };
}

}  // namespace taskd
