// A type of task of one's own: "file_size" tells how large a file is. What it is to do stands in the task's config.
#include <filesystem>
#include <iostream>
#include <taskcore/executor.hpp>
#include <taskcore/taskcore.hpp>

class FileSize final : public taskcore::Executor {
 public:
  std::string_view type() const noexcept override { return "file_size"; }

  taskcore::Result<void> validate(const boost::json::object& config) const override {
    const auto* file = config.if_contains("file");
    if (file != nullptr && file->is_string()) return {};
    return taskcore::invalid("/config/file", "must be the name of a file");
  }

  void start(std::shared_ptr<taskcore::RunContext> run, taskcore::RunCompletion done) override {
    std::error_code failed;
    const std::string file(run->config().at("file").as_string());
    const auto size = std::filesystem::file_size(file, failed);
    if (failed) return done(taskcore::Outcome::failure("no_file", file + ": " + failed.message()));
    run->log(taskcore::LogLevel::info, file + " has " + std::to_string(size) + " bytes");
    done(taskcore::Outcome::success({{"bytes", size}}));
  }
};

int main(int, char** argv) {
  taskcore::Host host({});
  host.scheduler().executor(std::make_shared<FileSize>());
  host.start().value();
  auto task = host.scheduler().create({.name = "Size", .config = {.type = "file_size", .values = {{"file", argv[0]}}}});
  const auto run = host.scheduler().wait(host.scheduler().execute(task.value().id).value().id).value();
  std::cout << run.result << '\n';
  return run.status == taskcore::Status::completed ? 0 : 1;
}
