// A task's definition as stored text.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "model/codec.hpp"
#include "model/validation.hpp"
#include "samples.hpp"
#include "support/catch.hpp"
#include "taskcore/random.hpp"

using namespace taskcore;
namespace json = boost::json;

namespace {

StoredSpec stored_again(const StoredSpec& stored) {
  auto read = decode_spec(encode_spec(stored));
  REQUIRE(read.has_value());
  CHECK(read->spec.id.empty());  // the row has it
  read->spec.id = stored.spec.id;
  return *read;
}

}  // namespace

TEST_CASE("a definition with every field set is read as it was written") {
  const StoredSpec stored{samples::full_spec(), "in 10 minutes"};
  const StoredSpec again = stored_again(stored);
  CHECK(samples::same(again.spec, stored.spec));
  CHECK(again.schedule_source == "in 10 minutes");
}

TEST_CASE("a definition with nothing set is read as it was written, before and after its defaults are filled in") {
  TaskSpec spec;
  CHECK(samples::same(stored_again({spec, ""}).spec, spec));
  spec.name = "n";
  REQUIRE(complete_spec(spec, {}));
  CHECK(spec.schedule == "manual");
  CHECK(samples::same(stored_again({spec, ""}).spec, spec));
}

TEST_CASE("random definitions are read as they were written") {
  const auto random = seeded_random(5);
  const auto below = [&](std::int64_t limit) {
    return static_cast<std::int64_t>(random->next() % static_cast<std::uint64_t>(limit));
  };
  const auto text = [&] {
    std::string out;
    for (auto left = below(9); left > 0; --left) out += static_cast<char>(1 + below(127));
    return out;
  };
  for (int round = 0; round < 500; ++round) {
    TaskSpec spec;
    spec.id = text();
    spec.name = text();
    spec.config = {text(),
                   {{text(), text()}, {"number", static_cast<double>(random->next()) / 1e15}, {"null", nullptr}}};
    spec.schedule = text();
    if (below(2)) spec.start_at = samples::at(below(253402300800000));
    if (below(2)) spec.end_at = samples::at(below(253402300800000));
    if (below(2)) spec.max_retries = static_cast<int>(below(1001));
    if (below(2)) spec.timeout = Duration(below(1'000'000));
    spec.retry.multiplier = 1 + static_cast<double>(random->next() % 99'000'000'007) / 1e9;
    spec.priority = static_cast<Priority>(below(3));
    spec.overlap = static_cast<Overlap>(below(4));
    spec.tags = {text(), text()};
    const StoredSpec stored{spec, text()};
    const StoredSpec again = stored_again(stored);
    REQUIRE(samples::same(again.spec, spec));
    REQUIRE(again.schedule_source == stored.schedule_source);
    REQUIRE(encode_spec(again) == encode_spec(stored));
  }
}

TEST_CASE("fields that an older or newer taskcore wrote are no hindrance") {
  const auto read = decode_spec(R"({"name": "n", "brandNew": 1, "schedule": "every 5 minutes"})");
  REQUIRE(read.has_value());
  CHECK(read->spec.name == "n");
  CHECK(read->spec.schedule == "every 5 minutes");
  CHECK(read->spec.queue == "default");
}

TEST_CASE("a damaged definition is corrupt, never invalid") {
  for (const char* text : {"", "[]", "{", R"({"name": 1})", R"({"startAt": "soon"})", R"({"scheduleSource": 1})"}) {
    INFO(text);
    const auto read = decode_spec(text);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == Errc::corrupt);
  }
}
