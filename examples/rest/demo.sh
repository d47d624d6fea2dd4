#!/bin/sh
# The REST interface by curl: create, list, get, update, execute, logs, statistics, delete.
#
#   TASK_URL=http://127.0.0.1:3001 TASK_TOKEN=... sh demo.sh    against a running server
#   sh demo.sh                                                  starts taskd for the time of the demo
#
# TASKD names the server's program where it is not in PATH.
set -eu

work=$(mktemp -d)
pid=
finish() {
  status=$?
  trap - EXIT
  if [ -n "$pid" ]; then
    kill -TERM "$pid" 2>/dev/null || :
    wait "$pid" 2>/dev/null || :
  fi
  rm -rf "$work"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

fail() {
  echo "demo.sh: $*" >&2
  [ ! -s "$work/taskd.log" ] || sed 's/^/  /' "$work/taskd.log" >&2
  exit 1
}

# A server of our own: any free port of this machine, a data directory that is thrown away.
start_server() {
  taskd=${TASKD:-taskd}
  command -v "$taskd" >/dev/null || fail "taskd is not in PATH: set TASKD, or TASK_URL and TASK_TOKEN"
  export TASK_DATA_DIR="$work/data" TASK_LISTEN=127.0.0.1:0
  : >"$work/taskd.log"
  "$taskd" serve >"$work/taskd.log" 2>&1 &
  pid=$!
  tries=0
  until TASK_URL=$(sed -n 's|.*\(http://[^ /]*\).*|\1|p' "$work/taskd.log" | head -n 1) && [ -n "$TASK_URL" ] &&
    curl -fs -o /dev/null "$TASK_URL/readyz"; do
    kill -0 "$pid" 2>/dev/null || { pid=; fail "taskd did not start"; }
    tries=$((tries + 1))
    [ $tries -lt 100 ] || fail "taskd is not ready after 20 s"
    sleep 0.2
  done
  TASK_TOKEN=$("$taskd" token --sub demo --role admin --ttl 1h)
}

# call CURL-ARGUMENTS... PATH: prints the answer; a status of 400 or more ends the demo.
call() {
  for path in "$@"; do :; done
  code=$(curl -sS -o "$work/body" -w '%{http_code}' -H "Authorization: Bearer $TASK_TOKEN" "$@") || fail "curl failed: $path"
  [ "$code" -lt 400 ] || fail "$path: $code $(cat "$work/body")"
  echo "$code"
  [ ! -s "$work/body" ] || { cat "$work/body" && echo; }
}

# field NAME: the first text or word of that name in the last answer.
# shellcheck disable=SC2020 # each comma and each brace ends a line
field() { tr ',{' '\n\n' <"$work/body" | sed -n "s/^\"$1\":\"\{0,1\}\([^\"}]*\).*/\1/p" | head -n 1; }

title() { printf '\n== %s\n' "$1"; }

[ -n "${TASK_URL-}" ] || start_server
[ -n "${TASK_TOKEN-}" ] || fail "TASK_TOKEN must hold a token for $TASK_URL"

title "Create a task: a shell command line, so that its > is one (\"shell\": true)"
call -X POST -H "Content-Type: application/json" -d '{
    "name": "Database Backup",
    "description": "Daily database backup task",
    "type": "script",
    "config": {
      "command": "echo",
      "args": ["-n", "pretend this is pg_dump", ">", "backup.sql", "&&", "wc", "-c", "backup.sql"],
      "shell": true
    },
    "schedule": "daily at 2:00",
    "priority": "high"
  }' "$TASK_URL/api/tasks"
task=$(field id)

title "List tasks: the query is quoted, for & means something to the shell"
call "$TASK_URL/api/tasks?status=pending&type=script&limit=5"

title "Get it"
call "$TASK_URL/api/tasks/$task"

title "Update it: the fields that are sent, no others"
call -X PUT -H "Content-Type: application/json" -d '{"schedule": "daily at 3:00", "maxRetries": 1}' "$TASK_URL/api/tasks/$task"

title "Execute it now, and wait for the end"
call -X POST -H "Prefer: wait=30" "$TASK_URL/api/tasks/$task/execute"
status=$(field status)

title "Its logs"
call "$TASK_URL/api/tasks/$task/logs"

title "Statistics"
call "$TASK_URL/api/tasks/stats"

title "Delete it"
call -X DELETE "$TASK_URL/api/tasks/$task"

echo
[ "$status" = completed ] || fail "the run ended as $status"
echo "The demo went well."
