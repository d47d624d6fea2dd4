#include "executors/function_executor.hpp"

#include <algorithm>

namespace taskcore {
namespace {

constexpr int kMostThreads = 64;
constexpr std::size_t kMostGathered = 64;  // the first of them waits for the last

int thread_count(const Options& options) {
  return options.function_threads > 0 ? options.function_threads : std::min(options.max_concurrent, kMostThreads);
}

}  // namespace

FunctionExecutor::FunctionExecutor(const Options& options)
    : inline_(options.function_threads < 0), pool_(thread_count(options)) {}

void FunctionExecutor::add(std::string name, Function function) {
  const std::lock_guard lock(mutex_);
  functions_[std::move(name)] = std::make_shared<const Function>(std::move(function));
}

std::shared_ptr<const Function> FunctionExecutor::find(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto it = functions_.find(name);
  return it == functions_.end() ? nullptr : it->second;
}

std::string FunctionExecutor::names() const {
  const std::lock_guard lock(mutex_);
  std::string out;
  for (const auto& [name, function] : functions_) out += (out.empty() ? "'" : ", '") + name + "'";
  return out.empty() ? "none is registered" : "registered are " + out;
}

Result<void> FunctionExecutor::validate(const boost::json::object& config) const {
  for (const auto& [key, value] : config) {
    if (key != "function" && key != "params")
      return invalid("/config/" + std::string(key), "unknown field; known are function, params");
  }
  const auto* name = config.if_contains("function");
  if (name == nullptr) return {};
  if (!name->is_string() || name->get_string().empty())
    return invalid("/config/function", "must be the name of a function");
  const auto function = find(name->get_string());
  if (!function)
    return invalid("/config/function", "there is no function '" + std::string(name->get_string()) + "'; " + names());
  if (!function->validate) return {};
  const auto* params = config.if_contains("params");
  return function->validate(params != nullptr ? *params : boost::json::value());
}

void FunctionExecutor::start(std::shared_ptr<RunContext> context, RunCompletion done) {
  const auto* name = context->config().if_contains("function");
  if (name == nullptr || !name->is_string()) return done(Outcome::success());
  auto function = find(name->get_string());
  if (!function) {
    return done(Outcome::failure("unknown_function",
                                 "there is no function '" + std::string(name->get_string()) + "'; " + names()));
  }
  if (!function->blocking || inline_) return function->start(std::move(context), std::move(done));
  calls_.push_back({std::move(function), std::move(context), std::move(done)});
  if (!gathering_ || calls_.size() >= kMostGathered) pool_.post(calls_);
}

void FunctionExecutor::stop() noexcept { pool_.stop(); }

}  // namespace taskcore
