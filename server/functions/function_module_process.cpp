// The process of a module's functions: its start, what it says, its end. See function_module.hpp.
#include <boost/asio/post.hpp>
#include <utility>

#include "functions/function_module.hpp"
#include "functions/message.hpp"
#include "functions/runner.hpp"

namespace taskd {

namespace json = boost::json;
using taskcore::Errc;
using taskcore::fail;
using taskcore::LogLevel;

namespace {

constexpr std::chrono::seconds kReapTime{5};

}  // namespace

void FunctionModule::start_when_due() {
  if (process_ || start_waits_) return;
  start_waits_ = true;
  start_timer_.expires_at(pace_.next_start());
  start_timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    self->start_waits_ = false;
    if (!error && !self->stopping_ && !self->calls_.empty()) self->start_process();
  });
}

void FunctionModule::start_process() {
  report_ = {};
  killed_why_.clear();
  not_loaded_.clear();
  pace_.started(RestartPace::Clock::now());
  NodeProcess::Handlers handlers;
  handlers.on_message = [self = shared_from_this()](const json::object& message) { self->take(message); };
  handlers.on_line = [self = shared_from_this()](int stream, std::string_view line) {
    if (stream == 2 && !self->ready_) self->report_.note_line(line);
    self->log(stream == 2 ? LogLevel::warn : LogLevel::info, std::string(line));
  };
  handlers.on_end = [self = shared_from_this()](const std::string& how) { self->ended(how); };
  auto process = NodeProcess::start(strand_, kRunner, std::move(handlers));
  if (!process) {
    pace_.ended(RestartPace::Clock::now());
    answer_load(process.error());
    return end_calls(true, "not_started", process.error().detail);
  }
  process_ = std::move(*process);
  process_->send({{"type", "load"},
                  {"file", std::filesystem::absolute(options_.file).string()},
                  {"maxOutput", options_.max_output}});
  load_timer_.expires_after(options_.load_time);
  load_timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (error || !self->process_ || self->ready_) return;
    self->not_loaded("it was not loaded within " + std::to_string(self->options_.load_time.count()) + " ms");
  });
}

void FunctionModule::take(const json::object& message) {
  const std::string_view type = text_of(message, "type");
  if (type == "ready") return ready(message);
  if (type == "crash") return report_.note_crash(message);
  const auto found = calls_.find(static_cast<std::uint64_t>(number_of(message, "id")));
  if (found == calls_.end()) return;
  const auto call = found->second;
  if (call->take(message)) calls_.erase(found);
}

void FunctionModule::ready(const json::object& message) {
  load_timer_.cancel();
  std::vector<std::string> names;
  if (const auto* list = message.if_contains("functions"); list != nullptr && list->is_array()) {
    for (const auto& name : list->get_array()) {
      if (name.is_string() && !name.get_string().empty()) names.emplace_back(name.get_string());
    }
  }
  if (names.empty()) return not_loaded("it exports no function");
  ready_ = true;
  report_ = {};
  log(LogLevel::info, "process " + std::to_string(process_->pid()) + " has loaded " + options_.file.string() +
                          " with Node.js " + std::string(text_of(message, "version")));
  answer_load(std::move(names));
  for (const auto& [id, call] : calls_) {
    call->sent = true;
    process_->send(call->request());
  }
}

void FunctionModule::not_loaded(const std::string& why) {
  not_loaded_ = options_.file.string() + " cannot be loaded: " + why;
  process_->kill();
}

void FunctionModule::kill_for(const std::string& why) {
  if (!process_) return;
  killed_why_ = why;
  process_->kill();
}

void FunctionModule::ended(const std::string& how) {
  load_timer_.cancel();
  process_.reset();
  pace_.ended(RestartPace::Clock::now());
  if (!std::exchange(ready_, false) && not_loaded_.empty()) {
    not_loaded_ = options_.file.string() + " cannot be loaded: " + report_.why_not_loaded(how);
  }
  if (end_answer_) {
    end_calls(true, "stopped", "the server is stopping");
    return end_answer_->set_value();
  }
  if (!not_loaded_.empty()) {
    if (!load_answer_) log(LogLevel::error, not_loaded_);
    answer_load(fail(Errc::unavailable, not_loaded_));
    return end_calls(true, "not_loaded", not_loaded_);
  }
  // What an error says may be a secret of the run that it came from.
  const std::string why = killed_why_.empty() ? report_.that_it_ended(how) : "was killed: " + killed_why_;
  log(LogLevel::error, "the process " + why);
  if (killed_why_.empty()) end_culprit("the process of the functions " + report_.why_ended(how));
  end_calls(false, killed_why_.empty() ? "process_ended" : "process_killed", "the process of the functions " + why);
  if (!calls_.empty()) start_when_due();
}

void FunctionModule::answer_load(Names names) {
  if (const auto answer = std::exchange(load_answer_, nullptr)) answer->set_value(std::move(names));
}

void FunctionModule::stop() noexcept try {
  auto ended = std::make_shared<std::promise<void>>();
  auto end = ended->get_future();
  boost::asio::post(strand_, [self = shared_from_this(), ended] {
    self->stopping_ = true;
    self->start_timer_.cancel();
    if (!self->process_) return ended->set_value();
    self->end_answer_ = ended;
    self->process_->close();
  });
  if (end.wait_for(options_.stop_time) == std::future_status::ready) return;
  boost::asio::post(strand_, [self = shared_from_this()] {
    if (self->process_) self->process_->kill();
  });
  end.wait_for(kReapTime);
} catch (...) {
  // The process is killed with the executor's context.
}

}  // namespace taskd
