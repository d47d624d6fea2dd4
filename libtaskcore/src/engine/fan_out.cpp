#include "engine/fan_out.hpp"

#include <boost/json/serialize.hpp>

#include "engine/gates.hpp"
#include "engine/notify.hpp"
#include "engine/place.hpp"
#include "engine/transitions.hpp"
#include "model/fill.hpp"
#include "model/json_text.hpp"
#include "model/validation.hpp"

namespace taskcore {

namespace json = boost::json;

namespace {

constexpr std::size_t kMaxParamsBytes = 16 * 1024 * 1024;  // of all items together
constexpr std::size_t kFailuresShown = 100;

/// The params of each item, or why there are none.
struct ItemParams {
  std::vector<std::string> texts{};
  std::optional<RunError> error{};
};

FilledList list_items(Ledger& ledger, const Entry& entry, const RunRow& run, const json::value& params) {
  const TaskSpec& spec = entry.definition->spec();
  json::object dependencies;
  if (spec.for_each.is_string()) dependencies = upstream_results(ledger, entry, run);
  const SecretSource no_secrets;
  return fill_list(spec.for_each, kMaxItems, {no_secrets, params, dependencies, spec.dependencies});
}

ItemParams write_params(Ledger& ledger, const Entry& entry, const RunRow& run) {
  const json::value params = parse_stored(run.params);
  ItemParams out;
  FilledList list = list_items(ledger, entry, run, params);
  out.error = std::move(list.error);
  json::object each;
  if (const auto* shared = params.if_object()) each = *shared;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    each["item"] = std::move(list.items[i]);
    each["index"] = i;
    out.texts.push_back(json::serialize(each));
    bytes += out.texts.back().size();
    if (bytes <= kMaxParamsBytes) continue;
    out.error = {"params_too_large", "/forEach: the params of all items together take more than 16 MiB", false, {}};
    break;
  }
  return out;
}

/// Writes the end of a run that has items, or would have had some.
void end_run(Ledger& ledger, Entry& entry, RunRow run, RunState from) {
  if (!check(ledger.store().change_run(run, from))) return;
  notify_end(ledger, entry, run);
  count_settled(ledger, entry, run);
  ledger.ended_once(run);
  release_held(ledger, entry);
}

void insert_items(Ledger& ledger, const Entry& entry, const RunRow& run, std::vector<std::string> params) {
  for (std::string& text : params) {
    RunRow item = new_run(ledger, entry, run.due_at);
    item.priority = run.priority;
    item.queue = run.queue;
    item.concurrency_key = run.concurrency_key;
    item.ready_at = run.ready_at;
    item.trigger = run.trigger;
    item.scheduled_for = run.scheduled_for;
    item.missed_count = run.missed_count;
    item.missed_from = run.missed_from;
    item.workflow = run.workflow;
    item.item_of = run.id;
    item.params = std::move(text);
    check(ledger.store().insert_run(item));
    ledger.emit(Event::Type::run_created, entry, &item);
    ledger.note_ready(item);
  }
}

/// What the items of a run came to.
struct Outcomes {
  std::string results = "[";  ///< A JSON array; null for an item that did not complete.
  bool fits = true;
  json::array failed{};  ///< The first indexes of them.
};

Outcomes gather(StoreReader& reader, const RunRow& run) {
  Outcomes out;
  visit_items(reader, run.id, [&](std::size_t index, const RunRow& item) {
    const bool completed = item.state == RunState::completed;
    if (!completed && out.failed.size() < kFailuresShown) out.failed.emplace_back(index);
    if (index > 0) out.results += ',';
    out.results += completed && !item.result.empty() ? item.result.view() : "null";
    out.fits = out.results.size() < kMaxResultBytes;
    return out.fits || (run.items_failed > 0 && out.failed.size() < kFailuresShown);
  });
  out.results += ']';
  return out;
}

RunError items_failed(const RunRow& run, json::array failed) {
  return {"items_failed", std::to_string(run.items_failed) + " of " + std::to_string(run.items) + " items failed",
          false, json::object{{"failed", std::move(failed)}}};
}

void end_group(Ledger& ledger, Entry& entry, RunRow run) {
  Outcomes outcomes = gather(ledger.store(), run);
  if (outcomes.fits) run.result = outcomes.results;
  if (run.cancel_requested) {
    end_without_attempt(run, RunState::cancelled, ledger.now());
  } else if (run.items_failed > 0) {
    fail_without_attempt(run, items_failed(run, std::move(outcomes.failed)), ledger.now());
  } else if (!outcomes.fits) {
    fail_without_attempt(run, result_too_large(), ledger.now());
  } else {
    end_without_attempt(run, RunState::completed, ledger.now());
  }
  end_run(ledger, entry, std::move(run), RunState::waiting);
}

}  // namespace

bool is_to_fan_out(const Entry& entry, const RunRow& run) {
  return !entry.definition->spec().for_each.is_null() && run.item_of == 0 && run.attempt == 0;
}

std::size_t fan_out(Ledger& ledger, Entry& entry, RunRow run) {
  ItemParams params = write_params(ledger, entry, run);
  run.task_version = entry.row.version;
  run.started_at = ledger.now();
  if (params.error) {
    ledger.begun(entry, std::make_shared<const RunRow>(run));
    fail_without_attempt(run, *params.error, ledger.now());
    return end_run(ledger, entry, std::move(run), RunState::ready), 0;
  }
  if (params.texts.empty()) {
    ledger.begun(entry, std::make_shared<const RunRow>(run));
    run.result = "[]";
    end_without_attempt(run, RunState::completed, ledger.now());
    return end_run(ledger, entry, std::move(run), RunState::ready), 0;
  }
  const std::size_t count = params.texts.size();
  run.state = RunState::waiting;
  run.items = static_cast<std::int64_t>(count);
  run.reason = "items";
  if (!check(ledger.store().change_run(run, RunState::ready))) return 0;
  insert_items(ledger, entry, run, std::move(params.texts));
  ledger.begun(entry, std::make_shared<const RunRow>(std::move(run)));
  return count;
}

void count_item(Ledger& ledger, Entry& entry, const RunRow& item) {
  ledger.emit(Event::Type::run_settled, entry, &item);
  auto run = check(ledger.store().find_run(item.item_of));
  if (!run || !has_items(*run)) return;
  (item.state == RunState::completed ? run->items_completed : run->items_failed) += 1;
  if (run->items_completed + run->items_failed == run->items) return end_group(ledger, entry, std::move(*run));
  check(ledger.store().change_run(*run, RunState::waiting));
}

RunRow cancel_items(Ledger& ledger, Entry& entry, const RunRow& run, const std::string& reason) {
  // What is in hand may have been read before some of its items ended.
  auto now_stands = check(ledger.store().find_run(run.id));
  if (!now_stands || !has_items(*now_stands) || now_stands->cancel_requested) return now_stands.value_or(run);
  now_stands->cancel_requested = true;
  now_stands->reason = reason;
  check(ledger.store().change_run(*now_stands, RunState::waiting));
  visit_items(ledger.store(), run.id, [&](std::size_t, RunRow item) {
    cancel_one(ledger, entry, std::move(item), reason);
    return true;
  });
  return check(ledger.store().find_run(run.id)).value_or(*now_stands);
}

}  // namespace taskcore
