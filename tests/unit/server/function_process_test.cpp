// The process behind the functions of a module: crashes, stuck calls, what it inherits, its end.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <cerrno>

#include "functions/restart_pace.hpp"
#include "support/catch.hpp"
#include "unit/server/function_world.hpp"

using namespace taskd;
using namespace taskd::testing;
using taskcore::AttemptStatus;
using taskcore::Status;
namespace json = boost::json;

namespace {

/// A function that tells when it has begun, by a file of this name that it waits to be opened.
void make_pipe(const TempDir& dir) { REQUIRE(::mkfifo((dir.path() / "begun").c_str(), 0600) == 0); }

/// Waits until the function has opened the pipe.
void wait_for_begin(const TempDir& dir) { ::close(::open((dir.path() / "begun").c_str(), O_RDONLY | O_CLOEXEC)); }

const std::string kTell = R"(
import fs from 'node:fs';
const tell = () => fs.promises.open(new URL('begun', import.meta.url), 'w').then((file) => file.close());
)";

}  // namespace

TEST_CASE("a crash fails the calls in flight, and the next call has a new process", "[functions]") {
  if (!has_node()) return;
  FunctionWorld world(kTell + R"(
export const pid = () => process.pid;
export async function bystander(params, context) {
  if (context.attempt > 1) return process.pid;
  await tell();
  return new Promise(() => {});
}
export function leave(params, context) { if (context.attempt === 1) process.exit(3); return process.pid; }
export async function slip(params, context) {
  if (context.attempt > 1) return process.pid;
  setTimeout(() => { null.x; }, 0);
  return new Promise(() => {});
}
)");
  make_pipe(world.dir);
  const auto first = world.run("pid").result;
  const std::string bystander = world.begin(FunctionWorld::task("bystander"));
  wait_for_begin(world.dir);
  const auto leave = world.run("leave");
  CHECK(leave.status == Status::completed);
  CHECK(leave.attempts.at(0).error->code == "process_ended");
  CHECK(leave.attempts.at(0).error->message == "the process of the functions ended with exit code 3");
  CHECK(leave.result != first);
  const auto other = world.end(bystander);
  CHECK(other.attempts.at(0).error->code == "process_ended");
  CHECK(other.result == leave.result);

  const std::string beside = world.begin(FunctionWorld::task("bystander"));
  wait_for_begin(world.dir);
  const auto slip = world.run("slip");
  CHECK(slip.status == Status::completed);
  const std::string why = slip.attempts.at(0).error->message;
  INFO(why);
  CHECK(why.find("ended with exit code 1: TypeError: Cannot read properties of null") != std::string::npos);
  CHECK(why.find("/tasks.js:14)") != std::string::npos);
  // What an error says is for the run that it came from.
  const auto told = world.end(beside).attempts.at(0).error->message;
  INFO(told);
  CHECK(told.find("ended with exit code 1 (") != std::string::npos);
  CHECK(told.find("TypeError") == std::string::npos);
}

TEST_CASE("a call that times out is told by its signal; one that heeds it costs nothing else", "[functions]") {
  if (!has_node()) return;
  FunctionWorld world(kTell + R"(
export const pid = () => process.pid;
const until = (signal) => new Promise((_, fail) => {
  if (signal.aborted) fail(signal.reason);
  signal.addEventListener('abort', () => fail(signal.reason));
});
export async function patient(params, { signal, log }) {
  await tell();
  try { await until(signal); } catch (error) { console.log(error.name); throw error; }
}
export const timed = (params, { signal }) => until(signal).catch((error) => { console.log(error.name); throw error; });
)");
  make_pipe(world.dir);
  const auto pid = world.run("pid").result;
  auto timed = FunctionWorld::task("timed");
  timed.timeout = taskcore::Duration(50);
  timed.max_retries = 0;
  timed.kill_grace = std::chrono::seconds(20);
  const auto late = world.run(timed);
  CHECK(late.attempts.at(0).status == AttemptStatus::timed_out);
  CHECK(holds(world.lines(late), "stdout: TimeoutError"));

  auto patient = FunctionWorld::task("patient");
  patient.kill_grace = std::chrono::seconds(20);
  const std::string id = world.begin(patient);
  wait_for_begin(world.dir);
  REQUIRE(world.scheduler->cancel_run(id).has_value());
  const auto cancelled = world.end(id);
  CHECK(cancelled.status == Status::cancelled);
  CHECK(holds(world.lines(cancelled), "stdout: AbortError"));
  CHECK(world.run("pid").result == pid);
}

TEST_CASE("a call that does not stop within its grace takes the process with it", "[functions]") {
  if (!has_node()) return;
  const std::string stuck = GENERATE("await tell(); for (;;) {}", "await tell(); await new Promise(() => {});");
  FunctionWorld world(kTell + "export const pid = () => process.pid;\n" + "export async function stuck() { " + stuck +
                      " }\n" +
                      "export const bystander = (params, { attempt }) => attempt > 1 || new Promise(() => {});\n");
  make_pipe(world.dir);
  const auto pid = world.run("pid").result;
  const std::string bystander = world.begin(FunctionWorld::task("bystander"));
  auto task = FunctionWorld::task("stuck");
  task.max_retries = 0;
  const std::string id = world.begin(task);
  wait_for_begin(world.dir);
  REQUIRE(world.scheduler->cancel_run(id).has_value());
  CHECK(world.end(id).status == Status::cancelled);
  const auto other = world.end(bystander);
  CHECK(other.status == Status::completed);
  CHECK(other.attempts.at(0).error->code == "process_killed");
  CHECK(other.attempts.at(0).error->message ==
        "the process of the functions was killed: a call did not end when it was asked to");
  CHECK(world.run("pid").result != pid);
}

TEST_CASE("the process inherits neither the server's environment nor its descriptors", "[functions]") {
  if (!has_node()) return;
  ::setenv("TASK_JWT_SECRET", "a secret", 1);
  ::setenv("NODE_ENV", "test", 1);
  const int open = ::open("/etc/hostname", O_RDONLY);
  FunctionWorld world(R"(
import fs from 'node:fs';
export const variables = () => Object.keys(process.env).filter((name) => !/^(PATH|HOME|LANG|TZ|NODE_.*)$/.test(name));
export const mode = () => process.env.NODE_ENV;
export const files = () => fs.readdirSync('/proc/self/fd').flatMap((fd) => {
  try { return [fs.readlinkSync('/proc/self/fd/' + fd)]; } catch { return []; }
}).filter((file) => file === '/etc/hostname');
)");
  ::close(open);
  ::unsetenv("TASK_JWT_SECRET");
  ::unsetenv("NODE_ENV");
  CHECK(world.run("variables").result == json::array{});
  CHECK(world.run("mode").result == json::value("test"));
  CHECK(world.run("files").result == json::array{});
}

TEST_CASE("the end of the functions is the end of the process and of what it has started", "[functions]") {
  if (!has_node()) return;
  const std::string more = GENERATE("", "process.on('exit', () => { for (;;) {} });");
  FunctionWorld world(more + R"(
import { spawn } from 'node:child_process';
export const pids = () => [process.pid, spawn('sleep', ['1000'], { stdio: 'ignore' }).pid];
)");
  const auto pids = world.run("pids").result.as_array();
  const int child = static_cast<int>(::syscall(SYS_pidfd_open, pids.at(1).as_int64(), 0));
  REQUIRE(child >= 0);
  REQUIRE(world.scheduler->stop(taskcore::Duration(0)).has_value());
  world.functions->stop();
  CHECK(::kill(static_cast<pid_t>(pids.at(0).as_int64()), 0) == -1);
  CHECK(errno == ESRCH);
  pollfd ended{child, POLLIN, 0};
  CHECK(::poll(&ended, 1, 10'000) == 1);
  ::close(child);
}

TEST_CASE("a process that keeps ending is started anew at a bounded rate", "[functions]") {
  RestartPace pace;
  RestartPace::Clock::time_point now{std::chrono::hours(1)};
  const auto die_at_once = [&] {
    now = std::max(now, pace.next_start());
    pace.started(now);
    pace.ended(now);
    return std::chrono::duration_cast<std::chrono::milliseconds>(pace.next_start() - now).count();
  };
  std::vector<long long> delays;
  for (int i = 0; i < 9; ++i) delays.push_back(die_at_once());
  CHECK(delays == std::vector<long long>{0, 200, 400, 800, 1600, 3200, 6400, 10000, 10000});
  for (int i = 0; i < 100; ++i) CHECK(die_at_once() == 10000);
  pace.started(now);
  now += RestartPace::kGoodLife;
  pace.ended(now);
  CHECK(pace.next_start() == now);
}

TEST_CASE("calls wait for a start that the pace holds back, and a module that broke fails them", "[functions]") {
  if (!has_node()) return;
  FunctionWorld world(R"(
export function leave(params, { attempt }) { if (attempt < 3) process.exit(1); return attempt; }
export const pid = () => process.pid;
)");
  const auto run = world.run("leave");
  CHECK(run.result == json::value(3));
  REQUIRE(run.attempts.size() == 3);
  // The second start was at once, the third not.
  CHECK(*run.finished_at - *run.attempts[1].finished_at >= RestartPace::kFirstDelay);

  world.dir.write("tasks.js", "export const pid = ;");
  const auto pid = world.run("pid").result.as_int64();
  ::kill(static_cast<pid_t>(pid), SIGKILL);
  auto task = FunctionWorld::task("pid");
  task.max_retries = 0;
  // The kill may come before the call or in it.
  auto failed = world.run(task);
  if (failed.status == Status::completed) failed = world.run(task);
  CHECK(failed.status == Status::failed);
}
