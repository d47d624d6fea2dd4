// A move-only callback for one Result: how answers travel inside the engine. Called once, on the thread that has the
// answer, so it must be quick.
#pragma once

#include <memory>
#include <utility>

#include "taskcore/result.hpp"

namespace taskcore {

template <class T>
class Reply {
 public:
  Reply() = default;
  template <class F>
  requires(!std::is_same_v<std::decay_t<F>, Reply>) Reply(F f)
      : impl_(std::make_unique<Impl<F>>(std::move(f))) {}  // NOLINT(google-explicit-constructor): a callable is a reply

  /// One for which a thread waits.
  template <class F>
  static Reply awaited(F f) {
    Reply reply(std::move(f));
    reply.is_awaited_ = true;
    return reply;
  }
  bool is_awaited() const noexcept { return is_awaited_; }

  explicit operator bool() const noexcept { return impl_ != nullptr; }
  void operator()(Result<T>&& result) {
    if (auto impl = std::move(impl_)) impl->call(std::move(result));
  }

 private:
  struct Base {
    virtual ~Base() = default;
    virtual void call(Result<T>&& result) = 0;
  };
  template <class F>
  struct Impl final : Base {
    explicit Impl(F callable) : f(std::move(callable)) {}
    void call(Result<T>&& result) override { f(std::move(result)); }
    F f;
  };
  std::unique_ptr<Base> impl_{};
  bool is_awaited_ = false;
};

}  // namespace taskcore
