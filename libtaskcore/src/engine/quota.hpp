// Whether a call stays within Options::quota, asked inside the store's transaction before the call writes anything.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "engine/ledger.hpp"

namespace taskcore {

/// While it is there, calls are held to the quota, or are not.
class QuotaScope {
 public:
  QuotaScope(Ledger& ledger, std::optional<std::string> asker) : ledger_(ledger), before_(ledger.limited()) {
    ledger.set_limited(std::move(asker));
  }
  ~QuotaScope() { ledger_.set_limited(std::move(before_)); }
  QuotaScope(const QuotaScope&) = delete;
  QuotaScope& operator=(const QuotaScope&) = delete;

 private:
  Ledger& ledger_;
  std::optional<std::string> before_;
};

/// What a call is about to add, all of it together. Where calls are not held to the quota it does nothing.
class Addition {
 public:
  explicit Addition(Ledger& ledger) : ledger_(ledger), limited_(ledger.limited().has_value()) {}

  /// `due`: a run of it is made at once.
  void task(const std::string& creator, const SharedText& spec, bool due);
  void edit(const Entry& entry, const SharedText& spec, bool due);
  void runs(const Entry& entry, std::size_t count = 1, const SharedText& params = {});

  /// Errors: `over_quota`.
  Result<void> fits() const;

 private:
  Ledger& ledger_;
  const bool limited_;
  std::map<std::string, Usage> more_{};  ///< By creator.
};

}  // namespace taskcore
