// An Asio loop with threads of its own.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <thread>
#include <vector>

namespace taskd {

/// An io_context with its threads; it runs until it is stopped.
class Loop {
 public:
  explicit Loop(unsigned threads) : guard_(context.get_executor()) {
    for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { context.run(); });
  }
  ~Loop() { stop(); }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void stop() {
    context.stop();
    for (auto& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }

  boost::asio::io_context context;

 private:
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
  std::vector<std::thread> threads_;
};

}  // namespace taskd
