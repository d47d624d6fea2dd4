// From a call to its answer: see api.hpp.
#include "api/api.hpp"

#include "api/masked.hpp"

namespace taskd {

namespace {

taskcore::ProvenancePtr provenance_of(const Request& request) {
  auto by = std::make_shared<taskcore::Provenance>();
  by->actor = request.identity->user;
  by->role = to_string(request.identity->role);
  by->request_id = request.id;
  by->mask = mask_secrets;
  by->exempt_from_quota = !has_quota(*request.identity);
  return by;
}

/// Heeds the request's Idempotency-Key: 409 while a call under it is under way.
std::optional<Problem> take_key(Call& call) {
  auto key = idempotency_of(*call.request);
  if (!key) return key.error();
  if (!*key) return std::nullopt;
  call.by->idempotency = std::move(*key);
  const std::string scope = call.by->idempotency->scope;
  if (!call.api->in_flight->enter(scope)) {
    return make_problem(409, "A call with this Idempotency-Key is being worked on; repeat it later.");
  }
  // Left when the call is answered, and when nobody ever answers it.
  const std::shared_ptr<void> stay(nullptr,
                                   [in_flight = call.api->in_flight, scope](void*) { in_flight->leave(scope); });
  call.reply.before([stay = std::make_shared<std::shared_ptr<void>>(stay)](const Response&) { stay->reset(); });
  return std::nullopt;
}

}  // namespace

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

std::optional<Response> Call::kept_answer() const {
  if (!by || !by->idempotency || by->idempotency->answer.empty()) return std::nullopt;
  return unpack(by->idempotency->answer);
}

std::optional<Outcome<Response>> Call::repeated(const taskcore::Error& error) const {
  using Found = taskcore::Idempotency::Found;
  if (!by || !by->idempotency || error.code != taskcore::Errc::conflict) return std::nullopt;
  switch (by->idempotency->found) {
    case Found::nothing:
      break;
    case Found::other_body:
      return make_problem(422, "This Idempotency-Key was used with another body.");
    case Found::same:
      Response response = unpack(by->idempotency->answer);
      response.headers.set("Idempotency-Replayed", "true");
      return response;
  }
  return std::nullopt;
}

Handler at_once(ApiPtr api, std::function<Outcome<Response>(const Api&, const Request&)> handle) {
  return [api = std::move(api), handle = std::move(handle)](std::shared_ptr<Request> request, Reply reply) {
    Outcome<Response> outcome = handle(*api, *request);
    reply(outcome ? std::move(*outcome) : to_response(outcome.error(), request->id));
  };
}

Handler later(ApiPtr api, Begin begin) {
  return [api = std::move(api), begin = std::move(begin)](std::shared_ptr<Request> request, Reply reply) {
    Call call{api, std::move(request), std::move(reply), {}};
    call.by = provenance_of(*call.request);
    if (auto problem = take_key(call)) return call.answer(std::move(*problem));
    const auto request_in_hand = call.request;
    if (auto problem = begin(call)) call.answer(std::move(*problem));
    request_in_hand->drop_body();  // it has been read, and the answer may take long
  };
}

}  // namespace taskd
