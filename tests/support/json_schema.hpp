// A checker of JSON Schemas (2020-12), as much of it as our documents use. A keyword that it does not know is an error
// of the test: nothing passes unchecked.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace taskd::testing {

class JsonSchema {
 public:
  /// `document` is what `$ref` points into; it must outlive this.
  explicit JsonSchema(const boost::json::object& document) : document_(document) {}

  /// What is wrong with `value`, each with its place; empty when it is as `schema` says. Throws std::logic_error for a
  /// schema that it cannot check. `format` is not looked at.
  std::vector<std::string> faults(const boost::json::value& schema, const boost::json::value& value);

 private:
  struct Visit;

  void check(const boost::json::object& schema, Visit& visit);
  void check_keyword(std::string_view keyword, const boost::json::value& said, const boost::json::object& schema,
                     Visit& visit);
  bool check_kind(std::string_view keyword, const boost::json::value& said, Visit& visit);
  bool check_size(std::string_view keyword, const boost::json::value& said, Visit& visit);
  bool check_members(std::string_view keyword, const boost::json::value& said, const boost::json::object& schema,
                     Visit& visit);
  bool check_others(std::string_view keyword, const boost::json::value& said, const boost::json::object& schema,
                    Visit& visit);
  /// The same value by another schema; what was found is kept only where `keep` is true or all is well.
  bool passes(const boost::json::value& schema, Visit& visit, bool keep);
  void check_member(const boost::json::value& schema, std::string_view name, const boost::json::value& member,
                    Visit& visit);
  bool matches(std::string_view pattern, std::string_view text);

  const boost::json::object& document_;
  std::map<std::string, std::regex, std::less<>> patterns_;
};

}  // namespace taskd::testing
