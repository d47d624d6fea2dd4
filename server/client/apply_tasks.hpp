// Brings tasks to a server. Where none of them is there yet, all are made in one call or none is; else one after the
// other, and one that is refused does not keep the rest.
#pragma once

#include <functional>
#include <optional>

#include "client/api_client.hpp"
#include "client/task_file.hpp"

namespace taskd {

/// What becomes of a task that is there already.
enum class Existing { update, keep };

enum class Applied { created, updated, unchanged, kept, failed };
std::string_view to_string(Applied value) noexcept;

struct AppliedTask {
  std::size_t place = 0;  ///< In the list.
  std::string id{};       ///< As the server knows it; empty where it does not.
  Applied what = Applied::failed;
  Failure failure{};
};

class TaskApplier {
 public:
  /// `tell` gets each task once it is done with.
  TaskApplier(ApiClient& api, Existing existing, std::function<void(const AppliedTask&)> tell);

  /// `tasks` are in the order in which they can be made. The failure, if there is one, ended it.
  std::optional<Failure> apply(const TaskList& tasks);

 private:
  enum class Batch { made, refused, not_for_these };

  Answer<Batch> make_all(const TaskList& tasks);
  std::optional<Failure> apply_one(const TaskList& tasks, std::size_t place);
  Answer<std::optional<boost::json::value>> version_of(const std::string& id);
  void tell_refusals(const Failure& failure, std::size_t count);

  ApiClient& api_;
  Existing existing_;
  std::function<void(const AppliedTask&)> tell_;
};

}  // namespace taskd
