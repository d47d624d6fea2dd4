#include "model/audit_chain.hpp"

#include <string_view>

#include "model/sha256.hpp"

namespace taskcore {

std::string chain_hash(const std::string& previous, const AuditEntry& entry) {
  std::string text;
  text.reserve(previous.size() + entry.before.size() + entry.after.size() + 500);
  // Each with its length before it, so that no two rows give one text.
  const auto add = [&text](std::string_view field) {
    text += std::to_string(field.size());
    text += ':';
    text += field;
  };
  add(previous);
  add(std::to_string(entry.seq));
  add(std::to_string(entry.at.time_since_epoch().count()));
  for (const std::string* field : {&entry.actor, &entry.role, &entry.action, &entry.target, &entry.outcome,
                                   &entry.before, &entry.after, &entry.request_id}) {
    add(*field);
  }
  return sha256(text);
}

}  // namespace taskcore
