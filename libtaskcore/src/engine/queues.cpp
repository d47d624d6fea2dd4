#include "engine/queues.hpp"

#include <algorithm>
#include <map>

#include "model/codec.hpp"

namespace taskcore {
namespace {

constexpr std::size_t kMaxQueues = 1000;

}  // namespace

Result<QueueSpec> queue_rules(const std::optional<QueueRow>& row, const std::string& name, const Options& options) {
  QueueSpec spec;
  if (row) {
    auto stored = decode_queue(*row);
    if (!stored) return stored;
    spec = std::move(*stored);
  }
  spec.name = name;
  if (spec.limit) return spec;
  if (const auto configured = options.queues.find(name); configured != options.queues.end()) {
    spec.limit = configured->second;
  }
  return spec;
}

Result<QueueSpec> put_queue(Ledger& ledger, const QueueSpec& spec) {
  Store& store = ledger.store();
  QueueRow row{spec.name, encode_queue(spec), ledger.now()};
  const auto before = check(store.find_queue(spec.name));
  if (before && before->spec == row.spec) return spec;
  if (!before && check(store.queues("", kMaxQueues)).size() == kMaxQueues) {
    return invalid("/name", "1,000 queues have been set already; set one of these anew");
  }
  if (before) row.updated_at = std::max(row.updated_at, before->updated_at);
  check(store.put_queue(row));
  ledger.forget_rules(spec.name);
  return spec;
}

std::vector<Queue> list_queues(StoreReader& reader, const Options& options) {
  std::map<std::string, Queue> queues{{TaskSpec{}.queue, {}}};
  for (const auto& [name, limit] : options.queues) queues[name];
  std::map<std::string, QueueRow> rows;
  for (QueueRow& row : check(reader.queues("", kMaxQueues))) {
    queues[row.name].updated_at = row.updated_at;
    rows.emplace(row.name, std::move(row));
  }
  for (const QueueLoad& load : check(reader.queue_loads())) {
    Queue& queue = queues[load.queue];
    queue.ready = load.ready;
    queue.delayed = load.delayed;
    queue.running = load.running;
    queue.oldest_ready = load.oldest_ready;
  }
  std::vector<Queue> out;
  for (auto& [name, queue] : queues) {
    const auto row = rows.find(name);
    static_cast<QueueSpec&>(queue) =
        check(queue_rules(row != rows.end() ? std::optional(row->second) : std::nullopt, name, options));
    out.push_back(std::move(queue));
  }
  return out;
}

}  // namespace taskcore
