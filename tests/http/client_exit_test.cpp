// taskd as a client of a running taskd: its exit codes, Ctrl-C, and where its token comes from.
#include <signal.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <filesystem>

#include "http/client_process.hpp"
#include "http/taskd_process.hpp"
#include "support/catch.hpp"

using namespace taskd::testing;
namespace json = boost::json;

namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::map<std::string, std::string> environment_of(TaskdProcess& taskd) {
  return {{"TASK_URL", taskd.url()}, {"TASK_TOKEN", taskd.token()}};
}

ClientProcess::Told client(TaskdProcess& taskd, const std::vector<std::string>& words) {
  return ClientProcess(words, environment_of(taskd)).finish();
}

}  // namespace

TEST_CASE("Ctrl-C ends a client that waits, with 130, and the run goes on until it is cancelled", "[client]") {
  TempDir dir;
  TaskdProcess taskd(dir.path(), {{"TASK_RATE_LIMIT", "0"}});
  REQUIRE(taskd
              .call("POST", "/api/tasks",
                    R"({"id":"wait","name":"Wait","type":"custom","config":{"function":"wait_for_signal"}})")
              .status == 201);
  ClientProcess waiter({"run", "wait", "--wait"}, environment_of(taskd));
  json::value runs;
  do {  // the run is made by the client: from then on it waits
    runs = json::parse(taskd.call("GET", "/api/runs?taskId=wait").body);
  } while (runs.at("runs").as_array().empty());
  waiter.signal(SIGINT);
  const auto told = waiter.finish();
  CHECK(told.code == 130);
  CHECK(has(told.err, "taskd: interrupted"));
  const std::string id(std::string_view(runs.at("runs").at(0).at("id").as_string()));
  const auto cancelled = client(taskd, {"cancel", id, "--json"});
  CHECK(cancelled.code == 0);
  CHECK(json::parse(cancelled.out).at("id") == json::value(id));
  CHECK(client(taskd, {"cancel", "wait"}).out.rfind("wait ", 0) == 0);
}

TEST_CASE("exit codes tell who is to act: the user, the server's refusal, the server's absence", "[client]") {
  TempDir dir;
  TaskdProcess taskd(dir.path(), {});
  const auto environment = environment_of(taskd);
  const auto with = [&](const std::map<std::string, std::string>& changes, std::vector<std::string> words = {"list"}) {
    auto changed = environment;
    for (const auto& [name, value] : changes) changed[name] = value;
    const auto told = ClientProcess(words, changed).finish();
    CHECK(told.out.empty());
    CHECK(told.err.rfind("taskd: ", 0) == 0);
    INFO(told.err);
    CHECK(std::count(told.err.begin(), told.err.end(), '\n') == 1);
    return told;
  };
  CHECK(with({{"TASK_TOKEN", ""}}).code == 2);
  const auto odd = with({{"TASK_TOKEN", "kept\r\nX-Secret: no"}});
  CHECK(odd.code == 2);
  CHECK_FALSE(has(odd.err, "kept"));
  CHECK(with({{"TASK_URL", "ftp://127.0.0.1"}}).code == 2);
  CHECK(with({}, {"list", "--limit", "0"}).code == 2);
  CHECK(with({}, {"apply", dir.file("none.json")}).code == 2);
  CHECK(with({{"TASK_TOKEN", "a.b.c"}}).code == 3);
  CHECK(with({}, {"show", "none"}).code == 3);
  CHECK(with({}, {"list", "--status", "odd"}).code == 3);
  taskd.signal(SIGTERM);
  REQUIRE(taskd.exit_code() == 0);
  const auto absent = with({});
  CHECK(absent.code == 4);
  CHECK(has(absent.err, "TASK_URL"));
}

TEST_CASE("a token comes from a file that is its owner's alone", "[client]") {
  TempDir dir;
  TaskdProcess taskd(dir.path(), {});
  const std::string file = dir.write("token", taskd.token() + "\n").string();
  const std::map<std::string, std::string> environment{{"TASK_TOKEN", "overridden"}};
  const std::vector<std::string> words{"list", "--url", taskd.url() + "/", "--token-file", file};
  std::filesystem::permissions(file, std::filesystem::perms(0600));
  CHECK(ClientProcess(words, environment).finish().code == 0);
  std::filesystem::permissions(file, std::filesystem::perms(0644));
  const auto refused = ClientProcess(words, environment).finish();
  CHECK(refused.code == 2);
  CHECK(has(refused.err, "--token-file"));
}
