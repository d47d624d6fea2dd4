// A disk with a volatile cache. What is written can be read at once, but it is durable only when it was synced: when
// the power goes, any part of the rest may have reached the platter, and names are no surer than bytes.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace taskcore::power {

constexpr std::size_t kSector = 512;

/// Throws the dice of a cut.
class Fate {
 public:
  explicit Fate(std::uint64_t seed) : random_(seed) {}
  std::uint64_t below(std::uint64_t end) { return random_() % end; }
  bool one_in(std::uint64_t many) { return below(many) == 0; }

 private:
  std::mt19937_64 random_;
};

/// What became of all that was not synced.
struct CutReport {
  std::size_t kept = 0;        ///< Changes that were on the platter whole.
  std::size_t lost = 0;        ///< Changes that left no trace.
  std::size_t torn = 0;        ///< Changes of which some sectors, or a part of one, were there.
  std::size_t names_lost = 0;  ///< Creations and deletions that never took place.
};

class DiskFile {
 public:
  DiskFile() = default;
  explicit DiskFile(std::string content) : content_(content), durable_(std::move(content)) {}

  const std::string& content() const noexcept { return content_; }
  void write(std::size_t offset, std::string bytes);
  void truncate(std::size_t size);
  void sync();

  /// What is on the platter after a cut. With `powersafe_overwrite` a write that was cut short leaves the bytes beside
  /// it alone; else it may spoil the rest of its sectors.
  std::string survivor(Fate& fate, bool powersafe_overwrite, CutReport& report) const;

 private:
  struct Change {
    std::size_t offset = 0;  ///< For a truncation, the size.
    std::string bytes{};
    bool truncates = false;
  };
  static void apply(const Change& change, std::string& to);

  std::string content_{};
  std::string durable_{};
  std::vector<Change> unsynced_{};
};

/// The files by name. One directory: a sync of it makes every name durable.
class VolatileDisk {
 public:
  /// Null when there is none.
  std::shared_ptr<DiskFile> find(const std::string& name) const;
  std::shared_ptr<DiskFile> create(const std::string& name);
  void remove(const std::string& name) { entries_[name].now = nullptr; }
  void sync_name(const std::string& name, const std::shared_ptr<DiskFile>& file);
  void sync_directory();

  CutReport cut(std::uint64_t seed, bool powersafe_overwrite);

  using Image = std::map<std::string, std::string>;
  /// All files as they are now, and the disk made anew from such an image, all of it durable.
  Image image() const;
  void load(const Image& image);

 private:
  struct Entry {
    std::shared_ptr<DiskFile> now{};
    std::shared_ptr<DiskFile> durable{};
  };
  std::map<std::string, Entry> entries_{};
};

}  // namespace taskcore::power
