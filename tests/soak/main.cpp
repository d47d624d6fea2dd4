// taskcore_soak: mixed load for so many minutes, killed at random moments; then whether all that was told is true.
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <vector>

#include "soak/child.hpp"
#include "soak/soak.hpp"

using namespace taskcore;

namespace {

constexpr const char* kUsage =
    "taskcore_soak (--minutes N | --seconds N) [--seed S] [--rate CALLS_A_SECOND] [--dir D] [--json FILE]\n";

[[noreturn]] void refuse(const std::string& what) {
  std::cerr << "taskcore_soak: " << what << '\n' << kUsage;
  std::exit(2);
}

std::uint64_t number(const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (bad != std::errc() || end != text.data() + text.size()) refuse("not a whole number: " + text);
  return value;
}

soak::Settings parse(const std::vector<std::string>& words) {
  soak::Settings out;
  out.directory = std::filesystem::current_path().string();
  for (std::size_t i = 0; i + 1 < words.size(); i += 2) {
    const std::string& value = words[i + 1];
    if (words[i] == "--minutes") {
      out.length = std::chrono::minutes(number(value));
    } else if (words[i] == "--seconds") {
      out.length = std::chrono::seconds(number(value));
    } else if (words[i] == "--seed") {
      out.seed = number(value);
    } else if (words[i] == "--rate") {
      out.rate = static_cast<int>(std::max<std::uint64_t>(1, number(value)));
    } else if (words[i] == "--dir") {
      out.directory = std::filesystem::absolute(value).string();
    } else if (words[i] == "--json") {
      out.json_file = value;
    } else {
      refuse("unknown: " + words[i]);
    }
  }
  if (words.size() % 2 != 0) refuse(words.back() + " needs a value");
  if (out.length.count() <= 0) refuse("it must last a while");
  return out;
}

/// What Soak::command wrote.
int be_child(const std::vector<std::string>& words) {
  soak::Settings settings;
  settings.directory = words.at(1);
  settings.seed = number(words.at(3));
  settings.length = std::chrono::milliseconds(number(words.at(4)));
  settings.rate = static_cast<int>(number(words.at(5)));
  const int life = static_cast<int>(number(words.at(2)));
  return words[0] == "--child-live" ? soak::live(settings, life) : soak::drain(settings, life);
}

int be_parent(soak::Settings settings) {
  std::string pattern = settings.directory + "/taskcore-soak-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) refuse("cannot make a directory in " + settings.directory);
  settings.directory = pattern;
  const std::string mark = std::filesystem::path(pattern).filename().string();
  ::setenv("TASKCORE_MARK", mark.c_str(), 1);
  soak::Soak soak(settings, std::filesystem::read_symlink("/proc/self/exe").string(), mark);
  std::string wrong;
  try {
    wrong = soak.run();
  } catch (const std::exception& error) {
    wrong = error.what();
  }
  soak.print(std::cout);
  const std::string verdict = wrong.empty() ? "PASS" : "FAIL: " + wrong;
  if (!settings.json_file.empty()) std::ofstream(settings.json_file) << soak.json(verdict);
  if (wrong.empty()) {
    std::filesystem::remove_all(settings.directory);
  } else {
    std::cout << "The files are left in " << settings.directory << ".\n";
  }
  std::cout << verdict << std::endl;
  return wrong.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  // Its own children; not for users.
  if (words.size() == 6 && words[0].starts_with("--child-")) return be_child(words);
  return be_parent(parse(words));
}
