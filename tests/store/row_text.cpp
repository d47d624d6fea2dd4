#include "store/row_text.hpp"

#include <sstream>

namespace taskcore::store_test {
namespace {

class Line {
 public:
  template <class Value>
  Line& operator<<(const Value& value) {
    add(value);
    out_ << '|';
    return *this;
  }
  std::string str() const { return out_.str(); }

 private:
  void add(const std::string& value) { out_ << value; }
  void add(const SharedText& value) { out_ << value; }
  void add(TimePoint value) { out_ << value.time_since_epoch().count(); }
  template <class Value>
  void add(const std::optional<Value>& value) {
    value ? add(*value) : add(std::string("-"));
  }
  template <class Value>
  void add(const std::vector<Value>& values) {
    for (const Value& value : values) out_ << value << ',';
  }
  template <class Value>
  void add(const Value& value) {
    out_ << static_cast<std::int64_t>(value);
  }
  std::ostringstream out_{};
};

}  // namespace

std::string text(const TaskRow& row) {
  Line line;
  line << row.key << row.id << row.version << row.spec << row.name << row.description << row.type << row.priority
       << row.tags << row.assigned_to << row.upstreams << row.created_by << row.created_at << row.updated_at
       << row.anchor << row.once << row.paused << row.deleted << row.state.next_due << row.state.live
       << row.state.running << row.state.last_run << row.state.last_settled << row.state.last_status
       << row.state.last_completed << row.state.schedule_runs << row.state.consumed << row.calendar << row.unique_key;
  return line.str();
}

std::string text(const RunRow& row) {
  Line line;
  line << row.id << row.task << row.state << row.priority << row.queue << row.ready_at << row.due_at
       << row.scheduled_for << row.trigger << row.missed_count << row.missed_from << row.created_at << row.params
       << row.fence << row.attempt << row.retries_used << row.losses << row.node << row.task_version << row.started_at
       << row.attempt_started_at << row.attempt_finished_at << row.attempt_status << row.exit_code << row.signal
       << row.error << row.past_attempts << row.finished_at << row.cancel_requested << row.reason << row.workflow
       << row.retry_of << row.result << row.checkpoint << row.delayed << row.concurrency_key << row.signal_value
       << row.item_of << row.items << row.items_completed << row.items_failed;
  return line.str();
}

std::string text(const LogRow& row) {
  Line line;
  line << row.id << row.task << row.run << row.attempt << row.at << row.level << row.stream << row.message << row.data;
  return line.str();
}

std::string text(const QueueRow& row) {
  Line line;
  line << row.name << row.spec << row.updated_at;
  return line.str();
}

std::string text(const RateRow& row) {
  Line line;
  line << row.queue << row.key << row.starts << row.expires_at;
  return line.str();
}

std::string text(const QueueLoad& load) {
  Line line;
  line << load.queue << load.ready << load.delayed << load.running << load.oldest_ready;
  return line.str();
}

}  // namespace taskcore::store_test
