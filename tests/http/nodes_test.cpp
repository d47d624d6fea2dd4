// Nodes over REST: for administrators only.
#include "http/test_app.hpp"
#include "support/catch.hpp"

using namespace taskd::testing;

TEST_CASE("administrators see the nodes and what each runs, others do not", "[nodes]") {
  TestApp app;
  for (const char* who : {"alice", "vera:viewer"}) CHECK(app.get(who, "/api/nodes").status == 403);
  CHECK(app.get("", "/api/nodes").status == 401);
  CHECK(app.get("root:admin", "/api/nodes?limit=1").status == 400);
  CHECK(app.post("root:admin", "/api/nodes").status == 405);
  const auto nodes = app.get("root:admin", "/api/nodes");
  REQUIRE(nodes.status == 200);
  CHECK(nodes.body.at("nextCursor").is_null());
  REQUIRE(nodes.body.at("nodes").as_array().size() == 1);
  const auto& node = nodes.body.at("nodes").at(0).as_object();
  CHECK(node.at("self") == true);
  CHECK(node.at("running") == 0);
  CHECK(node.at("leaseUntil").is_null());
  app.scheduler().create({.id = "t", .name = "T"}).value();
  const auto run = app.scheduler().wait(app.scheduler().execute("t").value().id).value();
  CHECK(node.at("name") == boost::json::value(run.node));
}
