// The executor of a simulation: each attempt gets a part to play. It has no timers of its own; the simulation moves it
// on.
#pragma once

#include <map>
#include <string>

#include "sim/shadow.hpp"
#include "taskcore/executor.hpp"

namespace taskcore::sim {

class Attempts final : public Executor {
 public:
  Attempts(Chance& chance, Trace& trace, const Shadow& shadow, const testing::VirtualClock& clock, Stage& stage,
           int node)
      : chance_(chance), trace_(trace), shadow_(shadow), clock_(clock), stage_(stage), node_(node) {}
  ~Attempts() override { drop_all(); }

  std::string_view type() const noexcept override { return "sim"; }
  Result<void> validate(const boost::json::object&) const override { return {}; }
  void start(std::shared_ptr<RunContext> context, RunCompletion done) override;
  void stop() noexcept override;

  /// Ends the attempts whose time has come. False when there were none.
  bool move_on();
  /// When the next one's has; as monotonic time.
  std::optional<Duration> next_end() const;
  /// From now on every attempt completes soon.
  void behave() { well_behaved_ = true; }
  std::size_t live() const noexcept { return live_.size(); }

 private:
  struct Live {
    std::shared_ptr<RunContext> context;
    RunCompletion done;
    Duration ends_at;           ///< By itself.
    Duration heeds_stop_after;  ///< How long it takes to notice.
    std::optional<Duration> stop_seen{};
    bool drops_completion = false;
    Outcome outcome{};
  };

  Duration mono() const { return std::chrono::duration_cast<Duration>(clock_.monotonic()); }
  void check_start(const RunContext& context);
  void say_something(RunContext& context);
  Outcome some_outcome(const RunContext& context);
  void end(Stage::Name name, Live live);
  void tell(Stage::Name name, RunCompletion& done, Outcome outcome);
  void drop_all() noexcept;
  std::optional<Duration> end_of(const Live& live) const;

  Chance& chance_;
  Trace& trace_;
  const Shadow& shadow_;
  const testing::VirtualClock& clock_;
  Stage& stage_;
  int node_;
  bool well_behaved_ = false;
  bool stopped_ = false;
  std::map<Stage::Name, Live> live_{};
};

}  // namespace taskcore::sim
