#include "soak/soak.hpp"

#include <cmath>
#include <filesystem>

#include "crash/process_tree.hpp"

namespace taskcore::soak {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kBetweenSamples{250};
constexpr Duration kReadingLag{1500};  // What is read now was told at most so long ago.
constexpr std::chrono::minutes kDrainPatience{2};
constexpr int kLivesUntilStop = 8;  // One in so many ends by SIGTERM.

TimePoint wall_now() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

}  // namespace

Soak::Soak(Settings settings, std::string program, std::string mark)
    : settings_(std::move(settings)),
      program_(std::move(program)),
      mark_(std::move(mark)),
      database_(settings_.directory + "/soak.db"),
      random_(static_cast<unsigned>(settings_.seed)),
      checker_(database_, settings_.keep()) {}

double Soak::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

double Soak::warm_up() const { return settings_.length > std::chrono::minutes(1) ? 5 : 0.3; }

std::vector<std::string> Soak::command(const char* mode) const {
  return {program_,
          mode,
          settings_.directory,
          std::to_string(lives_),
          std::to_string(settings_.seed),
          std::to_string(settings_.length.count()),
          std::to_string(settings_.rate)};
}

/// Most lives last some seconds; one in five may be a long one, since what grows slowly shows in it alone.
milliseconds Soak::draw_length() {
  const double share = std::uniform_real_distribution<double>(0, 1)(random_);
  const double total = static_cast<double>(settings_.length.count());
  const double usual = std::min(6000.0, total / 4);
  if (random_() % 5 != 0) return milliseconds(static_cast<int>(usual / 20 + share * usual));
  return milliseconds(static_cast<int>(usual * std::pow(std::max(1.0, total / 8 / usual), share)));
}

std::string Soak::run() {
  const auto end = start_ + settings_.length;
  for (auto now = start_; now < end; now = std::chrono::steady_clock::now()) {
    const auto length = std::min(draw_length(), std::chrono::ceil<milliseconds>(end - now));
    ++lives_;
    if (auto wrong = one_life(length, lives_ % kLivesUntilStop != 0); !wrong.empty())
      return "life " + std::to_string(lives_) + ": " + wrong;
  }
  return last_life();
}

std::string Soak::one_life(milliseconds length, bool kill) {
  const auto born = std::chrono::steady_clock::now();
  const auto end = born + length;
  testing::Victim child(command("--child-live"));
  std::string text;
  bool alive = true;
  for (auto next = born; alive && next < end;) {
    next = std::min(next + kBetweenSamples, end);
    const TimePoint since = wall_now() - kReadingLag;
    alive = child.read_until(next, text);
    if (auto wrong = learn_lines(text, since); !wrong.empty()) return wrong;
    const double age = std::chrono::duration<double>(std::chrono::steady_clock::now() - born).count();
    samples_.take(seconds(), age, lives_, child.pid(), database_);
  }
  if (alive && kill) {
    child.kill(text);
    ++kills_;
    return learn_and_check(text, false);
  }
  child.ask_to_end();
  const int code = child.wait(text);
  ++stops_;
  if (auto wrong = learn_and_check(text, false); !wrong.empty()) return wrong;
  return alive && code == 0 ? "" : "the child ended with exit code " + std::to_string(code);
}

std::string Soak::last_life() {
  ++lives_;
  testing::Victim child(command("--child-drain"));
  std::string text;
  if (child.read_until(std::chrono::steady_clock::now() + kDrainPatience, text)) {
    child.kill(text);
    return "the drain does not come to its end";
  }
  const int code = child.wait(text);
  if (auto wrong = learn_and_check(text, true); !wrong.empty()) return "after the drain: " + wrong;
  if (code != 0) return "the drain ended with exit code " + std::to_string(code);
  const auto left = crash::marked_processes(mark_);
  if (!crash::all_gone(left, std::chrono::seconds(5))) return "processes are left behind";
  return {};
}

/// Takes the whole lines off `text`.
std::string Soak::learn_lines(std::string& text, TimePoint since) {
  const std::size_t end = text.rfind('\n') + 1;
  auto wrong = told_.learn(std::string_view(text).substr(0, end), since);
  text.erase(0, end);
  return wrong;
}

std::string Soak::learn_and_check(const std::string& text, bool drained) {
  if (auto wrong = told_.learn(text, wall_now() - kReadingLag); !wrong.empty()) return wrong;
  if (!std::filesystem::exists(database_)) return {};  // Killed before it had made it.
  told_.forget_instants(wall_now() - std::chrono::minutes(2));
  return checker_.check(told_, wall_now(), drained);
}

}  // namespace taskcore::soak
