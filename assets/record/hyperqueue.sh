#!/usr/bin/env bash
# Records HyperQueue: the journal of a server whose tasks succeed, fail, wait for others, are canceled, and lose their
# worker. Needs `hq` of https://github.com/It4innovations/hyperqueue in PATH; made with 0.26.2-dev, commit 680857b, built
# by `cargo build -p hyperqueue --no-default-features --features microlp` (the package on PyPI has no command). Expected
# is what `hq job info` says at the end.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

cd "$place"
# Leaves a line for each start of a task: the attempts, counted where they happen.
cat >start <<'END'
#!/bin/sh
echo "$HQ_JOB_ID@$HQ_TASK_ID" >>starts
exec "$@"
END
chmod +x start
export HQ_SERVER_DIR=$place/server
hq server start --host localhost --journal journal >server.log 2>&1 &
until hq server info >/dev/null 2>&1; do sleep 0.2; done
hq journal stream >events.jsonl &
worker() { hq worker start --hostname "$1" --cpus "$2" --detect-resources none --heartbeat 500ms >/dev/null 2>&1 & }
state() { hq --output-mode json task list "$1" | python3 -c 'import json, sys; print(*(it["state"] for its in json.load(sys.stdin).values() for it in its))'; }
worker node1 2

hq submit --name receipt --array 1-5 ./start true
hq submit --name charge --array 0-3 ./start bash -c '[ $HQ_TASK_ID != 2 ] || { echo "connection refused" >&2; exit 7; }'
cat >chain.toml <<'END'
name = "chain"
[[task]]
id = 10
command = ["./start", "true"]
[[task]]
id = 20
command = ["./start", "false"]
deps = [10]
[[task]]
id = 30
command = ["./start", "true"]
deps = [20]
[[task]]
id = 31
command = ["./start", "true"]
deps = [30]
[[task]]
id = 40
command = ["./start", "true"]
deps = [10]
END
hq job submit-file chain.toml
hq submit --name slow --time-limit 1s ./start sleep 60
hq submit --name strict --max-fails 0 --array 1-20 ./start bash -c 'sleep 0.2; exit $((HQ_TASK_ID % 2))'
open=$(hq --output-mode quiet job open --name open)
hq submit --job "$open" ./start true
hq submit --job "$open" --array 5-6 ./start true
hq job close "$open"
hq job wait all || true

# Two run and two wait, when they are canceled.
hq submit --name export --array 1-4 ./start sleep 600
until [[ $(state last) = *running*running* ]]; do sleep 0.2; done
hq job cancel last

# A worker is killed: a task begins again on another, and one that must not do so fails.
worker node2 6
lost=$!
until [ "$(hq --output-mode quiet worker list | wc -l)" = 2 ]; do sleep 0.2; done
hq submit --name report --cpus 3 ./start sleep 4
hq submit --name fragile --crash-limit never-restart --cpus 3 ./start sleep 4
until grep -q ^8@ starts && grep -q ^9@ starts; do sleep 0.2; done
kill -KILL $lost
worker node3 3
hq job wait all || true

# What is left when the journal ends: one runs, one waits.
hq submit --name left --array 1-3 --cpus 2 ./start sleep 600
until [[ $(state last) = *running*running* ]]; do sleep 0.2; done
hq journal flush
sleep 1

for job in $(hq --output-mode quiet job list --all | awk '{print $1}'); do
    hq --output-mode json job info "$job"
done | python3 -c '
import json, sys
states = dict(waiting="Ready", running="Running", finished="Completed", failed="Failed", canceled="Canceled", aborted="Skipped")
starts = open("starts").read().split("\n")
text, at = sys.stdin.read(), 0
while at < len(text):
    (job,), end = json.JSONDecoder().raw_decode(text[at:])
    at += end + 1
    number = job["info"]["id"]
    for task in job["tasks"]:
        print(json.dumps(dict(
            task=job["info"]["name"], run=[number, task["id"]], state=states[task["state"]],
            attempts=starts.count("%s@%s" % (number, task["id"])), error=task.get("error"), word=task["state"])))' >expected
store hyperqueue <events.jsonl
expect hyperqueue <expected
hq journal export journal 2>/dev/null | cmp - events.jsonl
