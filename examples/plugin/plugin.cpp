// A plugin for taskd: the function "sum", and tasks of type "disk_space", which fail when a file system runs full.
#include <filesystem>
#include <string>
#include <taskcore/plugin.hpp>

namespace {

namespace json = boost::json;

double sum(const json::value& params) {
  double total = 0;
  for (const auto& number : params.at("numbers").as_array()) total += number.to_number<double>();
  return total;
}

/// Tasks with a `config` such as {"path": "/var", "leastFree": 1000000000}.
class DiskSpace final : public taskcore::Executor {
 public:
  std::string_view type() const noexcept override { return "disk_space"; }

  taskcore::Result<void> validate(const json::object& config) const override {
    const auto* path = config.if_contains("path");
    if (path == nullptr || !path->is_string()) return taskcore::invalid("/config/path", "must be a directory");
    const auto* least = config.if_contains("leastFree");
    if (least == nullptr || !least->is_int64() || least->get_int64() < 0) {
      return taskcore::invalid("/config/leastFree", "must be a number of bytes");
    }
    return {};
  }

  void start(std::shared_ptr<taskcore::RunContext> context, taskcore::RunCompletion done) override {
    const std::string path(context->config().at("path").as_string());
    std::error_code error;
    const auto space = std::filesystem::space(path, error);
    if (error) return done(taskcore::Outcome::failure("no_such_path", path + ": " + error.message(), false));
    context->log(taskcore::LogLevel::info, std::to_string(space.available) + " bytes are free");
    if (space.available < static_cast<std::uintmax_t>(context->config().at("leastFree").as_int64())) {
      return done(taskcore::Outcome::failure("disk_full", path + " has too little space left"));
    }
    done(taskcore::Outcome::success({{"free", space.available}}));
  }
};

void add(taskcore::Scheduler& scheduler) {
  scheduler.function("sum", [](taskcore::RunContext&, const json::value& params) { return sum(params); });
  scheduler.executor(std::make_shared<DiskSpace>());
}

}  // namespace

TASKCORE_PLUGIN(add)
