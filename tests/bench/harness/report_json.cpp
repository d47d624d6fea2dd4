#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>

#include "harness/report.hpp"

namespace bench {
namespace {

namespace json = boost::json;

json::object to_json(const Figure& figure) {
  return {{"value", figure.value}, {"noise", figure.noise}, {"rounds", figure.rounds}};
}

json::value to_json(const std::optional<Limit>& limit) {
  if (!limit) return nullptr;
  return {{"text", limit->text}, {"met", limit->met}};
}

json::object to_json(const Line& line) {
  json::object out{{"row", line.row}, {"measured", line.name}, {"unit", line.unit}, {"ours", to_json(line.ours)}};
  out["raw"] = line.raw ? json::value(to_json(*line.raw)) : json::value(nullptr);
  out["rawLimit"] = line.raw_name;
  out["ratio"] =
      line.raw && line.raw->value > 0 ? json::value(line.ours.value / line.raw->value) : json::value(nullptr);
  out["setup"] = line.setup;
  out["must"] = to_json(line.must);
  out["goal"] = to_json(line.goal);
  out["published"] = line.published;
  return out;
}

json::object to_json(const Table& table) {
  json::object out{{"row", table.row}, {"title", table.title}};
  out["header"] = json::value_from(table.header);
  out["cells"] = json::value_from(table.cells);
  return out;
}

json::object to_json(const Machine& machine) {
  return {{"cores", machine.cores},
          {"cpu", machine.cpu},
          {"kernel", machine.kernel},
          {"compiler", machine.compiler},
          {"build", machine.build},
          {"sqlite", machine.sqlite},
          {"storeDirectory", machine.directory},
          {"fileSystem", machine.file_system},
          {"hugePages", machine.huge_pages}};
}

}  // namespace

std::string Report::json(const Settings& settings, const Machine& before, const Machine& after) const {
  json::object out;
  out["machine"] = to_json(before);
  out["loadBefore"] = before.load;
  out["loadAfter"] = after.load;
  out["coreToCoreNsBefore"] = before.core_to_core_ns;
  out["coreToCoreNsAfter"] = after.core_to_core_ns;
  out["pageFaultUsBefore"] = before.page_fault_us;
  out["pageFaultUsAfter"] = after.page_fault_us;
  out["sizes"] = settings.smoke ? "smoke" : settings.quick ? "quick" : "full";
  out["rounds"] = settings.rounds();
  out["seed"] = settings.seed;
  json::array lines;
  for (const Line& line : lines_) lines.push_back(to_json(line));
  out["lines"] = std::move(lines);
  json::array tables;
  for (const Table& table : tables_) tables.push_back(to_json(table));
  out["tables"] = std::move(tables);
  json::array skipped;
  for (const Skipped& one : skipped_) skipped.push_back(json::object{{"row", one.row}, {"why", one.why}});
  out["skipped"] = std::move(skipped);
  return json::serialize(out) + "\n";
}

}  // namespace bench
