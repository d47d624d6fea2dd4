// A listener on a free loopback port with a handler of the test's choice, and the threads that carry it.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <future>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "http/listener.hpp"

namespace taskd::testing {

/// Answers with what it got: "METHOD path body".
inline void echo(std::shared_ptr<Request> request, Reply reply) {
  Response response;
  response.headers.add("Content-Type", "text/plain");
  response.body = std::string(to_string(request->method)) + " " + request->path + " " + request->body;
  reply(std::move(response));
}

class TestListener {
 public:
  explicit TestListener(HttpOptions options = {}, Handler handler = echo, int threads = 2)
      : guard_(context_.get_executor()), listener_(Listener::make(context_, options, std::move(handler))) {
    if (listener_->bind("127.0.0.1", 0)) throw std::runtime_error("cannot listen");
    listener_->accept_connections();
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { context_.run(); });
  }
  ~TestListener() {
    drain(std::chrono::milliseconds(0)).wait();
    guard_.reset();
    context_.stop();
    for (auto& thread : threads_) thread.join();
  }
  TestListener(const TestListener&) = delete;
  TestListener& operator=(const TestListener&) = delete;

  std::uint16_t port() const { return listener_->port(); }
  Listener& listener() { return *listener_; }

  std::future<void> drain(std::chrono::milliseconds grace) {
    auto done = std::make_shared<std::promise<void>>();
    auto future = done->get_future();
    listener_->drain(grace, [done] { done->set_value(); });
    return future;
  }

 private:
  boost::asio::io_context context_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
  std::shared_ptr<Listener> listener_;
  std::vector<std::thread> threads_;
};

}  // namespace taskd::testing
