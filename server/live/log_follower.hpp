// One caller's tail of a log: what is stored, then what comes, at the pace of the client. The store alone says what
// there is; events and the clock only say when to look.
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "api/api.hpp"
#include "live/live_stream.hpp"
#include "taskcore/query.hpp"

namespace taskd {

class LogFollower : public LiveStream {
 public:
  /// Follows the run that `query` names until it is over, else the task for as long as the client likes. The cursor is
  /// one that follows: the id of a line that this gave before, or kLogBegin.
  LogFollower(ApiPtr api, std::shared_ptr<const Request> request, std::shared_ptr<void> seat, taskcore::LogQuery query);

  void more() override { read_on(); }
  void heard(std::span<const ToldPtr> fresh) override;
  void tick(unsigned count) override;

 private:
  void read_on();
  std::optional<taskcore::Status> status();
  bool tell_end(taskcore::Status status);

  const ApiPtr api_;
  std::mutex mutex_{};
  taskcore::LogQuery query_;
  bool is_running_ = true;  ///< Lines may come at any time.
};

/// The cursor before the first line.
inline constexpr std::string_view kLogBegin = "follow";

}  // namespace taskd
