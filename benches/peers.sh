#!/usr/bin/env bash
# The same question to all tools that can answer it: how many runs does this log leave in each state? Prints what each takes
# as a multiple of `wc -l` on the same file, best of three rounds in which all take their turn.
#
#   benches/peers.sh [LOG]      a log in the vocabulary of ActionQueue 0.1; without one, a million events are generated
#   benches/peers.sh --wal      the same million events as ActionQueue's write-ahead log, which only the engine reads, too
#   benches/peers.sh --wal03    the same of ActionQueue 0.3
#   benches/peers.sh --dag      a million records of dag-executor, two a task, which Python generates
#   benches/peers.sh --plain    a million lines of the plain log, five a run, which Python generates
#
# Needs public tools only, and passes over those that are not installed: jq, DuckDB (its Python package), lnav, mawk,
# gawk, Python. `RUNWATCH_COMPARE_ROUNDS` says how many rounds;
# with `RUNWATCH_COMPARE_ANSWERS=1` the answers are printed too.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
rounds=${RUNWATCH_COMPARE_ROUNDS:-3}

echo "building..." >&2
cargo build --release --quiet
bin="${CARGO_TARGET_DIR:-target}/release/runwatch"
engine=$(cargo bench --bench engine --no-run --message-format short 2>&1 | sed -n 's/.*Executable.*(\(.*\)).*/\1/p')

kind=actionqueue
if [ "${1-}" = --dag ]; then
    kind=dag
    log=$place/log.jsonl
    python3 - >"$log" <<'PY'
start, n = 1795193600000, 500_000
def record(task, state, at, done):
    times = f'"finished_at":{at},"id":"etl.{task:06}.load"' if done else f'"finished_at":null,"id":"etl.{task:06}.load"'
    return (f'{{"attempts":{int(done)},"created_at":{start},"error":null,{times},"metadata":{{}},'
            f'"output":{"{" + chr(34) + "rows" + chr(34) + ":" + str(task) + "}" if done else "null"},'
            f'"started_at":{start + task},"state":"{state}","updated_at":{at}}}')
for task in range(n + 64):
    if task < n:
        print(record(task, 'running', start + task, False))
    if task >= 64:
        ended = task - 64
        print(record(ended, 'dead_lettered' if ended % 50 == 0 else 'completed', start + task, True))
PY
elif [ "${1-}" = --plain ]; then
    kind=plain
    log=$place/log.jsonl
    python3 - >"$log" <<'PY'
from datetime import datetime, timezone
start, n, at_once = 1795193600000, 200_000, 64
states = ['queued', 'reserved', 'running', 'running', 'completed']
tasks = ['send receipt', 'resize image', 'import orders', 'sync stock']
def line(run, step):
    at = start + run * 17 + step * 1100
    time = datetime.fromtimestamp(at // 1000, timezone.utc).strftime('%Y-%m-%dT%H:%M:%S') + f'.{at % 1000:03}Z'
    state = 'failed' if step == 4 and run % 50 == 0 else states[step]
    return (f'{{"run":"job-{run:06}","state":"{state}","time":"{time}","task":"{tasks[run % 4]}",'
            f'"worker":"worker-{run % 16:02}","attempt":1,"queue":"default"}}')
for latest in range(n + 4 * at_once):
    for step in range(5):
        run = latest - step * at_once
        if 0 <= run < n:
            print(line(run, step))
PY
elif [ "${1-}" = --wal ] || [ "${1-}" = --wal03 ]; then
    kind=wal
    log=$place/actionqueue.wal
    vocabulary=$([ "$1" = --wal ] && echo 0.1 || echo 0.3)
    # The reducer of 0.3 takes minutes for a million events.
    events=$([ "$1" = --wal ] && echo 1000000 || echo "${RUNWATCH_COMPARE_EVENTS:-200000}")
    "$bin" gen --events "$events" --runs $((events / 10)) --seed 1 --vocabulary "$vocabulary" >"$place/lines.jsonl"
    "$engine" "$place/lines.jsonl" --frames "$log"
elif [ $# -gt 0 ]; then
    log=$1
else
    log=$place/log.jsonl
    "$bin" gen --events 1000000 --runs 100000 --seed 1 >"$log"
fi
[ -r "$log" ] || { echo "compare: $log cannot be read; name a log, or none for a generated one" >&2; exit 2; }

if [ $kind != actionqueue ]; then
    id=$([ $kind = dag ] && echo id || echo run)
    sed "s/ID/$id/g" >"$place/states.jq" <<'JQ'
reduce inputs as $r ({}; .[$r.ID] = $r.state) | [.[]] | group_by(.) | map({(.[0]): length}) | add
JQ
    sed "s/ID/$id/g" >"$place/states.py" <<'PY'
import collections, json, sys
with open(sys.argv[1], 'rb') as log:
    print(collections.Counter({record['ID']: record['state'] for record in map(json.loads, log)}.values()))
PY
    sed "s/ID/$id/g" >"$place/duck.py" <<'PY'
import duckdb, sys
connection = duckdb.connect()
connection.execute('set threads to 2')
print(connection.execute(f'''
    select state, count(*) from (
      select ID, arg_max(state, n) as state from (
        select row_number() over () as n, ID, state from read_json('{sys.argv[1]}', format = 'newline_delimited',
          columns = {{ID: 'varchar', state: 'varchar'}}))
      group by ID)
    group by state order by state''').fetchall())
PY
else
    cat >"$place/states.jq" <<'JQ'
reduce (inputs.event | to_entries[0]) as $e ({};
  if $e.key == "RunStateChanged" then .[$e.value.run_id] = $e.value.new_state
  elif $e.key == "RunCreated" then .[$e.value.run_instance.id] = $e.value.run_instance.state
  elif $e.key == "RunSuspended" then .[$e.value.run_id] = "Suspended"
  elif $e.key == "RunResumed" then .[$e.value.run_id] = "Ready"
  else . end) | [.[]] | group_by(.) | map({(.[0]): length}) | add
JQ

cat >"$place/states.py" <<'PY'
import collections, json, sys
states = {}
with open(sys.argv[1], 'rb') as log:
    for line in log:
        (kind, body), = json.loads(line)['event'].items()
        if kind == 'RunStateChanged':
            states[body['run_id']] = body['new_state']
        elif kind == 'RunCreated':
            states[body['run_instance']['id']] = body['run_instance']['state']
        elif kind == 'RunSuspended':
            states[body['run_id']] = 'Suspended'
        elif kind == 'RunResumed':
            states[body['run_id']] = 'Ready'
print(collections.Counter(states.values()))
PY

cat >"$place/duck.py" <<'PY'
import duckdb, sys
connection = duckdb.connect()
connection.execute('set threads to 2')
run = "struct(run_id uuid, new_state varchar)"
born = "struct(run_instance struct(id uuid, state varchar))"
print(connection.execute(f'''
    select state, count(*) from (
      select run, arg_max(state, sequence) as state from (
        select sequence,
          coalesce(event.RunStateChanged.run_id, event.RunCreated.run_instance.id, event.RunSuspended.run_id,
                   event.RunResumed.run_id) as run,
          coalesce(event.RunStateChanged.new_state, event.RunCreated.run_instance.state,
                   case when event.RunSuspended.run_id is not null then 'Suspended' end,
                   case when event.RunResumed.run_id is not null then 'Ready' end) as state
        from read_json('{sys.argv[1]}', format = 'newline_delimited', columns = {{
          sequence: 'ubigint',
          event: 'struct(RunStateChanged {run}, RunCreated {born}, RunSuspended {run}, RunResumed {run})'}}))
      where run is not null group by run)
    group by state order by state''').fetchall())
PY

# Fields between quotes: the name of the event is the sixth, a run's id the tenth, a new state the eighteenth.
cat >"$place/states.awk" <<'AWK'
BEGIN { FS = "\"" }
$6 == "RunStateChanged" { state[$10] = $18; next }
$6 == "RunCreated" { state[$12] = $20; next }
$6 == "RunSuspended" { state[$10] = "Suspended"; next }
$6 == "RunResumed" { state[$10] = "Ready" }
END { for (run in state) n[state[run]]++; for (s in n) print s, n[s] }
AWK

fi

mkdir -p "$place/formats/runwatch"
if [ $kind = plain ]; then
    cat >"$place/formats/runwatch/log.json" <<'JSON'
{"runwatch_log": {"title": "runs", "description": "plain log", "json": true, "hide-extra": true,
 "timestamp-field": "time", "line-format": [{"field": "run"}],
 "value": {"run": {"kind": "string"}, "state": {"kind": "string"}}}}
JSON
    # Beside a `max`, a bare column of SQLite is of the row that has it.
    lnav_states=";select state, count(*) from (select max(log_line), run, state from runwatch_log group by run) \
group by state"
else
cat >"$place/formats/runwatch/log.json" <<'JSON'
{"runwatch_log": {"title": "runs", "description": "events of a queue", "json": true, "hide-extra": true,
 "timestamp-field": "sequence", "timestamp-divisor": 1, "line-format": [{"field": "sequence"}],
 "value": {"sequence": {"kind": "integer"}, "event": {"kind": "json"}}}}
JSON
lnav_states=";select state, count(*) from (select max(log_line), coalesce(jget(event, '/RunStateChanged/run_id'), \
jget(event, '/RunCreated/run_instance/id'), jget(event, '/RunSuspended/run_id'), jget(event, '/RunResumed/run_id')) \
as run, coalesce(jget(event, '/RunStateChanged/new_state'), jget(event, '/RunCreated/run_instance/state'), \
case when jget(event, '/RunSuspended/run_id') is not null then 'Suspended' end, \
case when jget(event, '/RunResumed/run_id') is not null then 'Ready' end) as state \
from runwatch_log where run is not null group by run) group by state"
fi

declare -A best
names=()
peer() {
    local name=$1 tool=$2
    shift 2
    command -v "$tool" >/dev/null || { echo "$name is not installed, and is passed over" >&2; return 0; }
    local start end took
    start=$(date +%s%N)
    if ! "$@" >"$place/out" 2>"$place/err"; then
        echo "$name failed, and is passed over: $(head -c 200 "$place/err")" >&2
        return 0
    fi
    end=$(date +%s%N)
    [ -s "$place/out" ] || { echo "$name gave no answer, and is passed over" >&2; return 0; }
    took=$(((end - start) / 1000))
    if [ -z "${best[$name]-}" ]; then
        names+=("$name")
        cp "$place/out" "$place/out of ${name//\//-}"
        best[$name]=$took
    elif [ "$took" -lt "${best[$name]}" ]; then
        best[$name]=$took
    fi
}

has_duckdb() { python3 -c 'import duckdb' 2>/dev/null; }

for ((round = 1; round <= rounds; round++)); do
    echo "round $round of $rounds" >&2
    peer "wc -l" wc wc -l "$log"
    peer "runwatch stats" "$bin" "$bin" stats "$log"
    if [ $kind != wal ] && has_duckdb; then peer "DuckDB, 2 threads" python3 python3 "$place/duck.py" "$log"; fi
    if [ $kind != wal ] && [ -f "$place/states.awk" ]; then
        peer "mawk" mawk mawk -f "$place/states.awk" "$log"
        peer "gawk" gawk gawk -f "$place/states.awk" "$log"
    fi
    [ $kind != actionqueue ] || [ -z "$engine" ] || peer "ActionQueue 0.1.2, its reducer" "$engine" "$engine" "$log"
    [ $kind != wal ] || peer "ActionQueue, its replay" "$engine" "$engine" "$log"
    # These take minutes on a large log: once is enough.
    if [ "$round" -eq 1 ] && [ $kind != wal ]; then
        peer "Python, json" python3 python3 "$place/states.py" "$log"
        peer "jq" jq jq -nc -f "$place/states.jq" "$log"
        [ $kind = dag ] || peer "lnav, headless" lnav lnav -n -I "$place" -c "$lnav_states" -c ":write-csv-to -" "$log"
    fi
done

# Who answers otherwise has not done the same work.
[ -z "${RUNWATCH_COMPARE_ANSWERS-}" ] || tail -n 20 "$place"/out\ of\ *

floor=${best["wc -l"]}
n_events=$([ $kind = wal ] && wc -l <"$place/lines.jsonl" || wc -l <"$log")
printf '\n%-34s %10s %9s\n' "$n_events events" seconds "x wc -l"
for name in "${names[@]}"; do
    awk -v name="$name" -v took="${best[$name]}" -v floor="$floor" \
        'BEGIN { printf "%-34s %10.3f %9.1f\n", name, took / 1e6, took / floor }'
done
