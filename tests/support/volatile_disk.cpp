// What survives a cut: each change for itself, whole, in some of its sectors, or not at all.
#include "support/volatile_disk.hpp"

#include <algorithm>

namespace taskcore::power {
namespace {

/// How a cut treats one file: a disk may have written nothing back, all, or whatever it liked.
enum class Luck { none, all, any };

Luck draw_luck(Fate& fate) {
  switch (fate.below(6)) {
    case 0:
      return Luck::none;
    case 1:
      return Luck::all;
    default:
      return Luck::any;
  }
}

void put(std::string& to, std::size_t offset, const char* bytes, std::size_t size) {
  if (to.size() < offset + size) to.resize(offset + size);
  std::copy(bytes, bytes + size, to.begin() + static_cast<std::ptrdiff_t>(offset));
}

void spoil(std::string& to, std::size_t from, std::size_t end, Fate& fate) {
  for (std::size_t i = from; i < std::min(end, to.size()); ++i) to[i] = static_cast<char>(fate.below(256));
}

/// Some sectors of a write arrive, others do not, and one may be cut in its middle.
void tear(std::string& to, std::size_t offset, const std::string& bytes, bool powersafe_overwrite, Fate& fate) {
  const std::size_t end = offset + bytes.size();
  const bool cuts_a_sector = fate.one_in(3);
  for (std::size_t at = offset; at < end;) {
    const std::size_t sector = at / kSector * kSector;
    std::size_t size = std::min(end, sector + kSector) - at;
    const bool arrives = fate.one_in(2);
    if (arrives && cuts_a_sector && fate.one_in(4)) {
      const std::size_t part = fate.below(size);
      put(to, at, bytes.data() + (at - offset), part);
      if (fate.one_in(2)) spoil(to, at + part, at + size, fate);
      if (!powersafe_overwrite && fate.one_in(2)) {
        spoil(to, sector, at, fate);
        spoil(to, at + size, sector + kSector, fate);
      }
    } else if (arrives) {
      put(to, at, bytes.data() + (at - offset), size);
    }
    at += size;
  }
}

}  // namespace

void DiskFile::apply(const Change& change, std::string& to) {
  if (change.truncates) {
    to.resize(change.offset);
  } else {
    put(to, change.offset, change.bytes.data(), change.bytes.size());
  }
}

void DiskFile::write(std::size_t offset, std::string bytes) {
  unsynced_.push_back({offset, std::move(bytes), false});
  apply(unsynced_.back(), content_);
}

void DiskFile::truncate(std::size_t size) {
  unsynced_.push_back({size, {}, true});
  apply(unsynced_.back(), content_);
}

void DiskFile::sync() {
  for (const Change& change : unsynced_) apply(change, durable_);
  unsynced_.clear();
}

std::string DiskFile::survivor(Fate& fate, bool powersafe_overwrite, CutReport& report) const {
  std::string platter = durable_;
  if (unsynced_.empty()) return platter;
  const Luck luck = draw_luck(fate);
  std::size_t largest = platter.size();
  for (const Change& change : unsynced_) {
    if (!change.truncates) largest = std::max(largest, change.offset + change.bytes.size());
    const std::uint64_t part = luck == Luck::any ? fate.below(5) : luck == Luck::all ? 0 : 4;
    if (part < 2) {
      apply(change, platter);
      ++report.kept;
    } else if (part == 2 && !change.truncates) {
      tear(platter, change.offset, change.bytes, powersafe_overwrite, fate);
      ++report.torn;
    } else {
      ++report.lost;
    }
  }
  // A new size may have been noted while the bytes were not: what lies there then is zero, or whatever lay there
  // before.
  if (platter.size() < largest && fate.one_in(3)) {
    const std::size_t known = platter.size();
    platter.resize(known + fate.below(largest - known + 1));
    if (fate.one_in(2)) spoil(platter, known, platter.size(), fate);
  }
  return platter;
}

std::shared_ptr<DiskFile> VolatileDisk::find(const std::string& name) const {
  const auto it = entries_.find(name);
  return it == entries_.end() ? nullptr : it->second.now;
}

std::shared_ptr<DiskFile> VolatileDisk::create(const std::string& name) {
  return entries_[name].now = std::make_shared<DiskFile>();
}

void VolatileDisk::sync_name(const std::string& name, const std::shared_ptr<DiskFile>& file) {
  const auto it = entries_.find(name);
  if (it != entries_.end() && it->second.now == file) it->second.durable = file;
}

void VolatileDisk::sync_directory() {
  for (auto& [name, entry] : entries_) entry.durable = entry.now;
}

CutReport VolatileDisk::cut(std::uint64_t seed, bool powersafe_overwrite) {
  Fate fate(seed);
  CutReport report;
  Image left;
  for (const auto& [name, entry] : entries_) {
    const bool new_name = entry.now != entry.durable && fate.one_in(2);
    if (entry.now != entry.durable && !new_name) ++report.names_lost;
    const auto& file = new_name ? entry.now : entry.durable;
    if (file) left[name] = file->survivor(fate, powersafe_overwrite, report);
  }
  load(left);
  return report;
}

VolatileDisk::Image VolatileDisk::image() const {
  Image image;
  for (const auto& [name, entry] : entries_) {
    if (entry.now) image[name] = entry.now->content();
  }
  return image;
}

void VolatileDisk::load(const Image& image) {
  entries_.clear();
  for (const auto& [name, content] : image) {
    const auto file = std::make_shared<DiskFile>(content);
    entries_[name] = {file, file};
  }
}

}  // namespace taskcore::power
