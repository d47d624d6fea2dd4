// See database.hpp. What is examined, and how a copy is made, is the library's.
#include "cli/database.hpp"

#include <unistd.h>

#include <ostream>
#include <string>

#include "serve_options.hpp"
#include "taskcore/stores/sqlite.hpp"

namespace taskd {

namespace {

int failed(const taskcore::Error& error, std::ostream& err) {
  err << "taskd: " << error.detail << '\n';
  return kExitFailure;
}

/// How far a copy has come, on one line of a terminal that is gone at the end.
class Progress {
 public:
  Progress(std::string verb, std::ostream& err) : verb_(std::move(verb)), err_(err) {}
  ~Progress() {
    if (percent_ >= 0) err_ << "\r\x1b[K" << std::flush;
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  taskcore::SqliteProgress sink() {
    if (::isatty(STDERR_FILENO) != 1) return {};
    return [this](std::size_t done, std::size_t total) {
      const int percent = total > 0 ? static_cast<int>(100 * done / total) : 100;
      if (percent == percent_) return;
      percent_ = percent;
      err_ << "\r\x1b[K" << verb_ << ' ' << percent << " %" << std::flush;
    };
  }

 private:
  std::string verb_;
  std::ostream& err_;
  int percent_ = -1;
};

/// Whether all is well; what is wrong goes to `err`, a line each.
bool check_store(const Config& config, std::ostream& out, std::ostream& err) {
  const auto found = taskcore::check_sqlite(config.store_file.string());
  if (!found) return failed(found.error(), err), false;
  for (const std::string& problem : found->problems) err << "taskd: " << problem << '\n';
  if (!found->problems.empty()) return false;
  out << config.store_file.string() << " is in order: " << found->tasks << " tasks, " << found->runs << " runs, "
      << found->audit_rows << " rows in the audit trail\n";
  return true;
}

}  // namespace

int run_check(const Config& config, std::ostream& out, std::ostream& err) {
  const bool is_good = check_store(config, out, err);
  out.flush();
  return is_good ? 0 : kExitFailure;
}

int run_backup(const BackupCommand& command, const Config& config, std::ostream& out, std::ostream& err) {
  taskcore::Result<void> done;
  {
    Progress progress("backing up", err);
    done = taskcore::backup_sqlite(config.store_file.string(), command.file, {command.force, progress.sink()});
  }
  if (!done) {
    const auto code = done.error().code;
    const int exit_code = failed(done.error(), err);
    if (code == taskcore::Errc::conflict) err << "taskd: --force replaces it\n";
    return code == taskcore::Errc::conflict || code == taskcore::Errc::invalid ? kExitUsage : exit_code;
  }
  out << config.store_file.string() << " is backed up in " << command.file << '\n';
  out.flush();
  return 0;
}

int run_restore(const RestoreCommand& command, const Config& config, std::ostream& out, std::ostream& err) {
  if (const auto made = make_data_dir(config); !made) return failed(made.error(), err);
  taskcore::Result<std::string> kept;
  {
    Progress progress("restoring", err);
    kept = taskcore::restore_sqlite(command.file, config.store_file.string(), progress.sink());
  }
  if (!kept) return failed(kept.error(), err);
  out << command.file << " is restored to " << config.store_file.string() << '\n';
  if (!kept->empty()) out << "What was there is kept as " << *kept << '\n';
  out.flush();
  return 0;
}

}  // namespace taskd
