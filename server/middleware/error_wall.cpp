// Error wall: see error_wall.hpp.
#include "middleware/error_wall.hpp"

#include <exception>

#include "http/problem.hpp"

namespace taskd {

Handler with_error_wall(Handler next, FaultSink sink) {
  return [next = std::move(next), sink = std::move(sink)](std::shared_ptr<Request> request, Reply reply) {
    const auto answer = [&](std::string_view what) {
      if (sink) sink(request->id, what);
      reply(to_response(to_problem({}), request->id));
    };
    try {
      next(request, reply);
    } catch (const std::exception& error) {
      answer(error.what());
    } catch (...) {
      answer("an exception of unknown type");
    }
  };
}

}  // namespace taskd
