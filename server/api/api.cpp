// From a call to its answer: see api.hpp.
#include "api/api.hpp"

namespace taskd {

void Call::answer(Outcome<Response> outcome) const {
  reply(outcome ? std::move(*outcome) : to_response(outcome.error(), request->id));
}

void Call::fault(std::exception_ptr error) const {
  std::string what = "an exception of unknown type";
  try {
    std::rethrow_exception(std::move(error));
  } catch (const std::exception& known) {
    what = known.what();
  } catch (...) {
  }
  if (api->on_fault) api->on_fault(request->id, what);
  answer(to_problem({}));
}

Handler at_once(ApiPtr api, std::function<Outcome<Response>(const Api&, const Request&)> handle) {
  return [api = std::move(api), handle = std::move(handle)](std::shared_ptr<Request> request, Reply reply) {
    Outcome<Response> outcome = handle(*api, *request);
    reply(outcome ? std::move(*outcome) : to_response(outcome.error(), request->id));
  };
}

Handler later(ApiPtr api, Begin begin) {
  return [api = std::move(api), begin = std::move(begin)](std::shared_ptr<Request> request, Reply reply) {
    const Call call{api, std::move(request), std::move(reply)};
    if (auto problem = begin(call)) call.answer(std::move(*problem));
  };
}

}  // namespace taskd
