#!/usr/bin/env bash
# Records Prefect: the event stream of a local server, with flows that succeed, fail, are retried, paused, canceled,
# killed, and one that waits. Expected is what the server's API says of each run at the end.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
install prefect==3.9.1

cd "$place"
export PREFECT_HOME=$place/home PREFECT_API_URL=http://127.0.0.1:4299/api PREFECT_SERVER_ANALYTICS_ENABLED=false \
    PREFECT_LOGGING_LEVEL=ERROR PREFECT_CLI_COLORS=false DO_NOT_TRACK=1
prefect server start --port 4299 >server.log 2>&1 &
until python -c "import urllib.request as r; r.urlopen('$PREFECT_API_URL/health')" 2>/dev/null; do sleep 0.5; done
# To standard output: with --output-file this version ends with an error.
prefect event stream >events.jsonl 2>stream.log &

cat >shop.py <<'END'
import os, signal, time
from prefect import flow, pause_flow_run, serve, task
from prefect.runtime import flow_run

@task
def receipt(order):
    return order

@task(retries=2, retry_delay_seconds=0.5)
def charge(failures):
    from prefect.runtime import task_run
    if task_run.run_count <= failures:
        raise RuntimeError("payments: connection refused")

@flow
def child():
    receipt(3)

@flow
def fine():
    receipt(1)
    charge(1)
    child()

@flow
def fails():
    charge(5)

@flow(retries=1, retry_delay_seconds=1)
def again():
    if flow_run.run_count == 1:
        raise RuntimeError("no answer")

@flow
def asks():
    pause_flow_run(timeout=120, poll_interval=1)

@flow
def sleeps():
    time.sleep(120)

@flow
def dies():
    os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    serve(*(it.to_deployment(name="shop") for it in (fine, fails, again, asks, sleeps, dies)), limit=4)
END
python shop.py >serve.log 2>&1 &
until [ "$(prefect deployment ls 2>/dev/null | grep -c /shop)" = 6 ]; do sleep 1; done

run() { prefect deployment run "$1/shop" --flow-run-name "$2" "${@:3}" >/dev/null; }
# Prints the id of a run, when it is in a state.
await() {
    local id
    until id=$(prefect flow-run ls --limit 50 --output json | python -c '
import json, sys
print(*(run["id"] for run in json.load(sys.stdin) if (run["name"], run["state"]["name"]) == tuple(sys.argv[1:])))
' "$@") && [ -n "$id" ]; do sleep 1; done
    echo "$id"
}
run fine order-1; run fails order-2; run again order-3; run dies order-4
run asks order-5; run sleeps order-6; run fine order-7 --start-in "10 minutes"; run fine order-8 --start-in "10 minutes"
prefect flow-run cancel "$(await order-7 Scheduled)"
prefect flow-run cancel "$(await order-6 Running)"
python -c "
import sys
from prefect.flow_runs import resume_flow_run
resume_flow_run(sys.argv[1])" "$(await order-5 Paused)"
for it in "order-1 Completed" "order-2 Failed" "order-3 Completed" "order-4 Crashed" "order-5 Completed" "order-6 Cancelled"; do
    await $it
done
sleep 3

python - >expected <<'END'
import asyncio, json
from prefect import get_client

states = dict(SCHEDULED="Scheduled", PENDING="Leased", RUNNING="Running", COMPLETED="Completed", FAILED="Failed",
              CRASHED="Failed", CANCELLED="Canceled", CANCELLING="Running", PAUSED="Awaiting")

async def main():
    async with get_client() as client:
        for run in await client.read_flow_runs() + await client.read_task_runs():
            state = states[run.state.type.value]
            print(json.dumps(dict(
                task=run.name, run=str(run.id), state=state, attempts=run.run_count,
                error=run.state.message if state == "Failed" else None, word=run.state.name)))

asyncio.run(main())
END
kill %3 %2
sleep 1
store prefect <events.jsonl
expect prefect <expected
