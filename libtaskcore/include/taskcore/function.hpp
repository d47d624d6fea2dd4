// Functions of the host as tasks: what a callable may look like, and how it is turned into an attempt's outcome.
// A callable that gives an asio::awaitable runs on the scheduler's executor; any other one on the function threads.
#pragma once

#include <boost/json/value.hpp>
#include <boost/json/value_from.hpp>
#include <boost/json/value_to.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "taskcore/executor.hpp"
#include "taskcore/result.hpp"

namespace boost::asio {
template <typename T, typename Executor>
class awaitable;
}

namespace taskcore {

/// Throw it from a function to fail for good, with no retry.
class fatal : public std::runtime_error {
 public:
  explicit fatal(const std::string& message) : std::runtime_error(message) {}
};

/// Throw it from a function to be run again after `delay`. Uses up no retry.
class snooze : public std::exception {
 public:
  explicit snooze(Duration delay) : delay_(delay) {}
  Duration delay() const noexcept { return delay_; }
  const char* what() const noexcept override { return "snoozed"; }

 private:
  Duration delay_;
};

/// Return it from a function (which then gives an Outcome) to wait for a signal without a slot or a thread. It is
/// called again when the signal has come, and has it:
///
///     if (!run.signal()) return await_signal(24h);
///     return Outcome::success(*run.signal());
///
/// When none has come within `timeout` (none: as long as it takes), the run fails for good: "signal_timeout".
inline Outcome await_signal(std::optional<Duration> timeout = {}) { return Outcome::await_signal(timeout); }

/// A registered function. `blocking` functions are called on the function threads and complete before they return.
struct Function {
  bool blocking = true;
  std::function<void(std::shared_ptr<RunContext>, RunCompletion)> start{};
  /// Checks the "params" of a task's configuration, null when it has none, as Executor::validate does. Errors:
  /// `invalid`, with pointers below "/config/params". May be left out.
  std::function<Result<void>(const boost::json::value& params)> validate{};
};

namespace detail {

/// The outcome for the exception in flight. Call it in a catch block, or with what a coroutine ended with.
Outcome outcome_of_exception(std::exception_ptr error) noexcept;

/// The parameters that a run is called with: the run's own, unless those of the task's configuration took what they
/// want of them; else those of the configuration, else {}.
const boost::json::value& call_params(const RunContext& context);

/// The outcome for parameters that do not convert to the function's type.
Outcome bad_params(const std::string& why);

template <class T>
struct awaited {
  static constexpr bool value = false;
  using type = T;
};
template <class T, class E>
struct awaited<boost::asio::awaitable<T, E>> {
  static constexpr bool value = true;
  using type = T;
};

template <class T>
struct is_result : std::false_type {};
template <class T>
struct is_result<boost::system::result<T, Error>> : std::true_type {};

template <class T>
Outcome to_outcome(T&& value) {
  using V = std::decay_t<T>;
  if constexpr (is_result<V>::value) {
    if (!value) {
      const Error& error = value.error();
      return Outcome::failure(std::string(to_string(error.code)), error.detail, error.code != Errc::invalid);
    }
    if constexpr (std::is_void_v<typename V::value_type>) {
      return Outcome::success();
    } else {
      return to_outcome(*std::forward<T>(value));
    }
  } else if constexpr (std::is_same_v<V, Outcome>) {
    return std::forward<T>(value);
  } else if constexpr (std::is_same_v<V, boost::json::value>) {
    return Outcome::success(std::forward<T>(value));
  } else {
    return Outcome::success(boost::json::value_from(std::forward<T>(value)));
  }
}

/// The type of a callable's second parameter, without reference.
template <class F>
struct params_of : params_of<decltype(&F::operator())> {};
template <class R, class P>
struct params_of<R (*)(RunContext&, P)> {
  using type = std::decay_t<P>;
};
template <class C, class R, class P>
struct params_of<R (C::*)(RunContext&, P)> {
  using type = std::decay_t<P>;
};
template <class C, class R, class P>
struct params_of<R (C::*)(RunContext&, P) const> {
  using type = std::decay_t<P>;
};

template <class F, class P, class Done>
void call_function(const F& f, RunContext& context, const P& params, Done&& done) {
  using R = std::invoke_result_t<const F&, RunContext&, const P&>;
  if constexpr (std::is_void_v<R>) {
    f(context, params);
    done(Outcome::success());
  } else {
    done(to_outcome(f(context, params)));
  }
}

/// Runs a coroutine function. Needs <boost/asio/co_spawn.hpp>, found by argument-dependent look-up when a host
/// instantiates it.
template <class F, class P>
void spawn_function(std::shared_ptr<const F> f, std::shared_ptr<RunContext> context, std::shared_ptr<const P> params,
                    RunCompletion& done) {
  using A = std::invoke_result_t<const F&, RunContext&, const P&>;
  using T = typename awaited<A>::type;
  auto executor = context->executor();
  // This may throw, when a plain function makes the awaitable; then `done` is still at hand.
  auto coroutine = (*f)(*context, *params);
  auto completion = std::make_shared<RunCompletion>(std::move(done));
  if constexpr (std::is_void_v<T>) {
    co_spawn(executor, std::move(coroutine), [f, context, params, completion](std::exception_ptr error) {
      (*completion)(error ? outcome_of_exception(error) : Outcome::success());
    });
  } else {
    co_spawn(executor, std::move(coroutine), [f, context, params, completion](std::exception_ptr error, T value) {
      (*completion)(error ? outcome_of_exception(error) : to_outcome(std::move(value)));
    });
  }
}

template <class F>
Function make_function(F callable) {
  using P = typename params_of<F>::type;
  using R = std::invoke_result_t<const F&, RunContext&, const P&>;
  constexpr bool is_coroutine = awaited<R>::value;
  auto f = std::make_shared<const F>(std::move(callable));
  Function out;
  out.blocking = !is_coroutine;
  out.start = [f](std::shared_ptr<RunContext> context, RunCompletion done) {
    try {
      const boost::json::value& raw = call_params(*context);
      if constexpr (std::is_same_v<P, boost::json::value> && !is_coroutine) {
        call_function(*f, *context, raw, done);
      } else {
        std::shared_ptr<const P> params;
        if constexpr (std::is_same_v<P, boost::json::value>) {
          params = std::make_shared<const P>(raw);
        } else {
          auto converted = boost::json::try_value_to<P>(raw);
          if (!converted) return done(bad_params(converted.error().message()));
          params = std::make_shared<const P>(std::move(*converted));
        }
        if constexpr (is_coroutine) {
          spawn_function<F, P>(f, context, params, done);
        } else {
          call_function(*f, *context, *params, done);
        }
      }
    } catch (...) {
      done(outcome_of_exception(std::current_exception()));
    }
  };
  return out;
}

}  // namespace detail
}  // namespace taskcore
