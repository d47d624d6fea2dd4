// Queues as JSON, and JSON as queues; and as stored text, which is the same.
#include <array>
#include <boost/json/serialize.hpp>

#include "model/codec.hpp"
#include "model/fields.hpp"
#include "model/json_text.hpp"
#include "taskcore/json.hpp"

namespace taskcore {

namespace json = boost::json;

namespace {

constexpr std::array kRateFields{
    field<&Rate::limit>("limit"),
    field<&Rate::period>("period"),
};

constexpr std::span<const Field<Rate>> rate_fields() { return kRateFields; }

void read_rate(const json::value& value, std::optional<Rate>& to, const std::string& pointer, Faults& faults) {
  if (value.is_null()) return to.reset();
  const auto* source = value.if_object();
  if (source == nullptr) return faults.add(pointer, R"(must be an object such as {"limit":10,"period":1000})");
  for (const auto& each : kRateFields) {
    if (!source->contains(each.name)) faults.add(pointer_to(pointer, each.name), "is needed");
  }
  read_fields(rate_fields(), *source, to.emplace(), pointer, faults);
}

template <auto kMember>
constexpr Field<QueueSpec> rate_field(std::string_view name) {
  return {name,
          [](const QueueSpec& from) {
            const std::optional<Rate>& rate = from.*kMember;
            return rate ? json::value(write_fields(rate_fields(), *rate)) : json::value();
          },
          [](const json::value& value, QueueSpec& to, const std::string& pointer, Faults& faults) {
            read_rate(value, to.*kMember, pointer, faults);
          },
          [](const QueueSpec& a, const QueueSpec& b) { return a.*kMember == b.*kMember; }};
}

constexpr std::array kFields{
    field<&QueueSpec::limit>("limit"),    field<&QueueSpec::key_limit>("keyLimit"),
    rate_field<&QueueSpec::rate>("rate"), rate_field<&QueueSpec::key_rate>("keyRate"),
    field<&QueueSpec::paused>("paused"),
};

constexpr std::span<const Field<QueueSpec>> fields() { return kFields; }

}  // namespace

json::object to_json(const Queue& queue) {
  json::object out{{"name", queue.name}};
  for (auto& [name, value] : write_fields(fields(), static_cast<const QueueSpec&>(queue))) {
    out.emplace(name, std::move(value));
  }
  out.emplace("ready", queue.ready);
  out.emplace("delayed", queue.delayed);
  out.emplace("running", queue.running);
  out.emplace("updatedAt", write_value(queue.updated_at));
  return out;
}

Result<QueueSpec> queue_from_json(const json::object& source) {
  QueueSpec spec;
  Faults faults;
  read_fields(fields(), source, spec, "", faults);
  if (auto fine = faults.take(); !fine) return fine.error();
  return spec;
}

std::string encode_queue(const QueueSpec& spec) { return json::serialize(write_fields(fields(), spec)); }

Result<QueueSpec> decode_queue(const QueueRow& row) {
  const auto value = parse_json(row.spec);
  const auto* source = value ? value->if_object() : nullptr;
  auto spec = source ? queue_from_json(*source) : Result<QueueSpec>(invalid("", "is no object"));
  if (!spec) return fail(Errc::corrupt, "queue '" + row.name + "' cannot be read: " + spec.error().detail);
  spec->name = row.name;
  return spec;
}

}  // namespace taskcore
