// What the soak saw, as text and as JSON.
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <ostream>

#include "soak/soak.hpp"

namespace taskcore::soak {
namespace {

constexpr std::pair<const char*, double> kShares[] = {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}};

void print_latencies(std::ostream& out, const std::map<std::string, Histogram>& latencies) {
  out << "latency, ms                     count      p50      p90      p99    p99.9      max\n";
  for (const auto& [kind, histogram] : latencies) {
    char text[64];
    std::snprintf(text, sizeof text, "  %-24s %10llu", kind.c_str(),
                  static_cast<unsigned long long>(histogram.count()));
    out << text;
    for (const auto& [name, share] : kShares) {
      std::snprintf(text, sizeof text, " %8.2f", static_cast<double>(histogram.percentile(share)) / 1e3);
      out << text;
    }
    std::snprintf(text, sizeof text, " %8.2f\n", static_cast<double>(histogram.max()) / 1e3);
    out << text;
  }
}

}  // namespace

void Soak::print(std::ostream& out) const {
  out << "\n"
      << kills_ << " kills, " << stops_ << " orderly stops, a drain; " << seconds() << " s, seed " << settings_.seed
      << ", retention " << settings_.keep().count() << " ms\n";
  for (const auto& [what, count] : told_.counts()) out << "  " << count << " " << what << "\n";
  out << "  " << checker_.pruned_runs() << " runs and " << checker_.pruned_tasks() << " once-tasks pruned, at most "
      << checker_.most_stored_runs() << " runs stored, " << checker_.stored_runs() << " at the end\n\n";
  print_latencies(out, told_.latencies());
  out << "\n";
  samples_.print(out);
  char text[160];
  std::snprintf(text, sizeof text,
                "last quarter over first, of lives older than %.1f s: memory %.3f, database %.3f, WAL %.3f\n",
                warm_up(), samples_.growth(&Sample::resident, warm_up()), samples_.growth(&Sample::database, warm_up()),
                samples_.growth(&Sample::wal, warm_up()));
  out << text;
}

std::string Soak::json(const std::string& verdict) const {
  boost::json::object counts;
  for (const auto& [what, count] : told_.counts()) counts[what] = count;
  counts["runs pruned"] = checker_.pruned_runs();
  counts["runs stored at most"] = checker_.most_stored_runs();
  boost::json::object latencies;
  for (const auto& [kind, histogram] : told_.latencies()) {
    boost::json::object& figures = latencies[kind].emplace_object();
    figures["count"] = histogram.count();
    for (const auto& [name, share] : kShares) figures[name] = histogram.percentile(share);
    figures["max"] = histogram.max();
  }
  return boost::json::serialize(boost::json::object{{"verdict", verdict},
                                                    {"seconds", seconds()},
                                                    {"seed", settings_.seed},
                                                    {"kills", kills_},
                                                    {"stops", stops_},
                                                    {"counts", std::move(counts)},
                                                    {"latenciesUs", std::move(latencies)},
                                                    {"samples", samples_.json()},
                                                    {"memoryGrowth", samples_.growth(&Sample::resident, warm_up())}}) +
         "\n";
}

}  // namespace taskcore::soak
