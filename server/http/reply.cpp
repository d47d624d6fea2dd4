// Reply: see reply.hpp.
#include "http/reply.hpp"

#include <atomic>
#include <exception>
#include <vector>

#include "http/problem.hpp"

namespace taskd {

struct Reply::State {
  State(Send to, std::string id) : send(std::move(to)), request_id(std::move(id)) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State();

  void answer(Response response);

  Send send;
  const std::string request_id;
  std::vector<Before> before{};
  std::vector<After> after{};
  std::atomic<bool> taken{false};
};

/// Without what the rooms would do: one of them may have thrown.
Reply::State::~State() {
  if (taken || request_id.empty()) return;
  try {
    send(to_response(make_problem(500, "The server did not answer this request."), request_id));
  } catch (const std::exception&) {  // No memory for it: the session goes, and its connection with it.
  }
}

void Reply::State::answer(Response response) {
  if (taken.exchange(true)) return;
  try {
    for (auto edit = before.rbegin(); edit != before.rend(); ++edit) (*edit)(response);
  } catch (...) {
    taken = false;
    throw;
  }
  const Answered answered{response.status, response.body.size(), std::chrono::steady_clock::now()};
  std::exchange(send, nullptr)(std::move(response));  // A copy that lives on keeps no connection alive.
  for (auto note = after.rbegin(); note != after.rend(); ++note) {
    try {
      (*note)(answered);
    } catch (...) {  // The client has its answer, and the other rooms their note.
    }
  }
}

Reply::Reply(Send send, std::string request_id)
    : state_(std::make_shared<State>(std::move(send), std::move(request_id))) {}

void Reply::operator()(Response response) const { state_->answer(std::move(response)); }
void Reply::before(Before edit) const { state_->before.push_back(std::move(edit)); }
void Reply::after(After note) const { state_->after.push_back(std::move(note)); }

}  // namespace taskd
