// The ids that taskcore gives.
#include "model/ids.hpp"

#include <set>

#include "support/catch.hpp"

using namespace taskcore;

namespace {

class Fixed : public Random {
 public:
  explicit Fixed(std::uint64_t bits) : bits_(bits) {}
  std::uint64_t next() override { return bits_; }

 private:
  std::uint64_t bits_;
};

TimePoint at(std::int64_t ms) { return TimePoint(Duration(ms)); }

}  // namespace

TEST_CASE("a UUIDv7 has its bits where RFC 9562 wants them") {
  // The instant of the RFC's own example: 2022-02-22T19:22:22Z.
  Fixed ones(~std::uint64_t{0});
  CHECK(make_uuid_v7(at(0x017F22E279B0), ones) == "017f22e2-79b0-7fff-bfff-ffffffffffff");
  Fixed zeros(0);
  CHECK(make_uuid_v7(at(0x017F22E279B0), zeros) == "017f22e2-79b0-7000-8000-000000000000");
}

TEST_CASE("UUIDs of later milliseconds sort after earlier ones") {
  const auto random = seeded_random(7);
  std::string before;
  for (std::int64_t ms = 1'699'999'999'000; ms < 1'700'000'001'000; ++ms) {
    const std::string id = make_uuid_v7(at(ms), *random);
    CHECK(before < id);
    before = id;
  }
}

TEST_CASE("UUIDs of one millisecond differ") {
  const auto random = seeded_random(7);
  std::set<std::string> ids;
  for (int i = 0; i < 10'000; ++i) ids.insert(make_uuid_v7(at(1'700'000'000'000), *random));
  CHECK(ids.size() == 10'000);
}

TEST_CASE("a run's id leads back to its key") {
  for (const RunKey key : {RunKey{1}, RunKey{42}, RunKey{9223372036854775807}}) CHECK(parse_run_id(run_id(key)) == key);
  CHECK(run_id(42) == "run_42");
}

TEST_CASE("what is not exactly a run's id is none") {
  for (const char* text : {"", "run_", "run_0", "run_-1", "run_+1", "run_01", "run_1 ", " run_1", "run_1x", "RUN_1",
                           "42", "run_9223372036854775808", "run_99999999999999999999"}) {
    INFO(text);
    CHECK_FALSE(parse_run_id(text));
  }
}
