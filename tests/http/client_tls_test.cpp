// taskd as a client over https: whom it trusts, and what it says of others.
#include "http/client_process.hpp"
#include "net/test_server.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

using namespace taskd::testing;
using net_test::Peer;
using net_test::TestCa;
using net_test::TestServer;
using test_support::TempDir;

namespace {

TestServer::Script answering() {
  return [](Peer& peer) {
    while (!peer.read().method.empty()) peer.answer(200, R"({"tasks":[],"nextCursor":null})");
  };
}

using Environment = std::map<std::string, std::string>;

ClientProcess::Told list(const std::string& url, Environment environment, std::vector<std::string> options = {}) {
  environment["TASK_URL"] = url;
  environment["TASK_TOKEN"] = "token";
  options.insert(options.begin(), "list");
  return ClientProcess(options, environment).finish();
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a server with a certificate of a private authority is trusted when that is named", "[client]") {
  TempDir dir;
  const TestCa ca;
  const TestServer server(answering(), ca.server_context("DNS:localhost"));
  const std::string url = server.url("");
  const std::string file = dir.write("ca.pem", ca.pem()).string();
  CHECK(list(url, {{"TASK_CA", file}}).code == 0);
  CHECK(list(url, {}, {"--ca", file}).code == 0);
  CHECK(list(url, {{"TASK_CA", "/nowhere"}}, {"--ca", file}).code == 0);
  CHECK(list(url, {{"SSL_CERT_FILE", file}, {"TASK_CA", ""}}).code == 0);

  const auto stranger = list(url, {});
  CHECK(stranger.code == 4);
  CHECK(has(stranger.err, "certificate verify failed"));
  CHECK(has(stranger.err, "--ca or TASK_CA names the authorities of a private certificate"));
  CHECK(list(url, {{"TASK_CA", dir.write("other.pem", TestCa().pem()).string()}}).code == 4);
}

TEST_CASE("a certificate must be of the host, and good today", "[client]") {
  TempDir dir;
  const TestCa ca;
  const Environment trusting{{"TASK_CA", dir.write("ca.pem", ca.pem()).string()}};
  const TestServer elsewhere(answering(), ca.server_context("DNS:example.com"));
  CHECK(list(elsewhere.url(""), trusting).code == 4);
  const TestServer expired(answering(), ca.server_context("DNS:localhost", -1));
  CHECK(list(expired.url(""), trusting).code == 4);
}

TEST_CASE("a server that speaks nothing newer than TLS 1.1 is refused", "[client]") {
  TempDir dir;
  const TestCa ca;
  SSL_CTX* context = ca.server_context("DNS:localhost");
  SSL_CTX_set_security_level(context, 0);
  SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context, TLS1_1_VERSION);
  const TestServer old(answering(), context);
  CHECK(list(old.url(""), {{"TASK_CA", dir.write("ca.pem", ca.pem()).string()}}).code == 4);
}

TEST_CASE("a file of authorities that is of no use is a mistake, told before anything is sent", "[client]") {
  TempDir dir;
  const TestCa ca;
  const TestServer server(answering(), ca.server_context("DNS:localhost"));
  for (const std::string& file : {dir.write("empty.pem", "").string(), dir.write("text.pem", "rubbish").string()}) {
    const auto told = list(server.url(""), {{"TASK_CA", file}});
    CHECK(told.code == 2);
    CHECK(told.err.starts_with("taskd: --ca (TASK_CA) must be certificates in PEM"));
  }
  const auto none = list(server.url(""), {}, {"--ca", "/nowhere"});
  CHECK(none.code == 2);
  CHECK(none.err == "taskd: --ca (TASK_CA): cannot read \"/nowhere\": No such file or directory\n");
  CHECK(server.connections() == 0);
}
