// The functions of a module: see function_module.hpp. This file has the calls, function_module_process.cpp the process.
#include "functions/function_module.hpp"

#include <boost/asio/post.hpp>
#include <utility>

namespace taskd {

using taskcore::Errc;
using taskcore::fail;
using taskcore::Outcome;
using taskcore::Result;

std::shared_ptr<FunctionModule> FunctionModule::make(const boost::asio::any_io_executor& executor, Options options) {
  return std::shared_ptr<FunctionModule>(new FunctionModule(executor, std::move(options)));
}

FunctionModule::FunctionModule(const boost::asio::any_io_executor& executor, Options options)
    : options_(std::move(options)),
      strand_(boost::asio::make_strand(executor)),
      start_timer_(strand_),
      load_timer_(strand_) {}

Result<std::vector<std::string>> FunctionModule::load() {
  std::error_code ec;
  if (!std::filesystem::is_regular_file(options_.file, ec)) {
    return fail(Errc::invalid, "there is no file " + options_.file.string());
  }
  auto answer = std::make_shared<std::promise<Names>>();
  boost::asio::post(strand_, [self = shared_from_this(), answer] {
    self->load_answer_ = answer;
    self->start_process();
  });
  return answer->get_future().get();
}

void FunctionModule::add_to(taskcore::Scheduler& scheduler, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    taskcore::Function function;
    function.blocking = false;
    function.start = [self = shared_from_this(), name](std::shared_ptr<taskcore::RunContext> context,
                                                       taskcore::RunCompletion done) {
      self->call(name, std::move(context), std::move(done));
    };
    scheduler.add_function(name, std::move(function));
  }
}

void FunctionModule::call(std::string function, std::shared_ptr<taskcore::RunContext> context,
                          taskcore::RunCompletion done) {
  auto ended = std::make_shared<taskcore::RunCompletion>(std::move(done));
  boost::asio::post(strand_, [self = shared_from_this(), function = std::move(function), context = std::move(context),
                              ended]() mutable {
    const std::uint64_t id = self->next_id_++;
    auto call =
        std::make_shared<FunctionCall>(id, std::move(function), std::move(context), std::move(*ended), self->strand_);
    if (self->stopping_) return call->end(Outcome::failure("stopped", "the server is stopping"));
    self->begin(id, call);
  });
}

void FunctionModule::begin(std::uint64_t id, const std::shared_ptr<FunctionCall>& call) {
  calls_.emplace(id, call);
  call->on_stop([weak = weak_from_this(), id] {
    const auto self = weak.lock();
    if (self) boost::asio::post(self->strand_, [self, id] { self->stop_call(id); });
  });
  if (!ready_ || !killed_why_.empty()) return start_when_due();
  call->sent = true;
  process_->send(call->request());
}

/// Asks a call to stop. One that does not takes the process with it when its grace is over.
void FunctionModule::stop_call(std::uint64_t id) {
  const auto found = calls_.find(id);
  if (found == calls_.end()) return;
  const auto call = found->second;
  if (!call->sent) {
    calls_.erase(found);
    return call->end(Outcome::failure("stopped", "asked to stop before the process of the functions was there"));
  }
  process_->send(call->abort_request());
  call->grace.expires_after(call->kill_grace());
  call->grace.async_wait([self = shared_from_this(), id](const boost::system::error_code& error) {
    if (error || self->calls_.find(id) == self->calls_.end()) return;
    self->kill_for("a call did not end when it was asked to");
  });
}

void FunctionModule::end_culprit(const std::string& why) {
  const auto it = calls_.find(static_cast<std::uint64_t>(report_.culprit()));
  if (it == calls_.end() || !it->second->sent) return;
  const auto call = it->second;
  calls_.erase(it);
  call->end(Outcome::failure("process_ended", why));
}

void FunctionModule::end_calls(bool waiting_too, std::string_view code, const std::string& why) {
  for (auto next = calls_.begin(); next != calls_.end();) {
    const auto call = next->second;
    if (!call->sent && !waiting_too) {
      ++next;
    } else {
      next = calls_.erase(next);
      call->end(Outcome::failure(std::string(code), why));
    }
  }
}

void FunctionModule::log(taskcore::LogLevel level, const std::string& text) const {
  if (options_.log) options_.log(level, text);
}

}  // namespace taskd
