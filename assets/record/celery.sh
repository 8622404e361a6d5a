#!/usr/bin/env bash
# Records Celery: the events of one worker, as a bridge of twelve lines writes them. The broker is a directory. Expected
# is the state in the result backend, and the attempts are counted where tasks start.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
install celery==5.7.0

cp "$fixtures"/../../formats/celery/*.py "$place" && cd "$place"
export CELERY_PLACE=$place
python bridge.py events.jsonl &
until [ -s control/celeryev.exchange ]; do sleep 0.1; done
# Four at once: with this broker the worker hears nothing while a task waits for a free process.
celery -A app worker -E -P prefork -c 4 -n worker1@host --without-gossip --without-mingle -l error 2>worker.log &
until grep -qs worker-online events.jsonl; do sleep 0.1; done

cat >send.py <<'END'
import json, subprocess, time
from celery import chain
from app import app, audit, charge, export, place, receipt, refund

control = lambda *words: subprocess.run(["celery", "-A", "app", "control", *words], check=True, stdout=subprocess.DEVNULL)
sent = [(receipt, receipt.delay(order)) for order in range(1, 4)]
sent += [(charge, charge.delay(2)), (charge, charge.delay(9)), (refund, refund.delay(7)), (audit, audit.delay(8))]
second = chain(receipt.s(9), receipt.s()).apply_async()
sent += [(receipt, second.parent), (receipt, second)]
time.sleep(8)
late = export.apply_async((1,), countdown=6)
sent += [(receipt, receipt.apply_async((4,), countdown=2, expires=1)), (export, late)]
stopped, untouched, left = (export.delay(seconds) for seconds in (60, 3, 60))
sent += [(export, stopped), (export, untouched), (export, left)]
time.sleep(1)
control("revoke", late.id)
control("revoke", untouched.id)  # It runs already: this changes nothing.
control("terminate", "SIGTERM", stopped.id)
time.sleep(6)

starts = open(place / "starts").read().split()
states = dict(PENDING="Ready", STARTED="Running", RETRY="RetryWait", SUCCESS="Completed", FAILURE="Failed", REVOKED="Canceled")
with open("expected", "w") as out:
    for task, result in sent:
        state = states[result.state]
        print(json.dumps(dict(
            task=task.name, run=result.id, state=state, attempts=starts.count(result.id),
            error=repr(result.result) if state == "Failed" else None, word=result.state)), file=out)
END
python send.py
kill %1
store celery <events.jsonl
expect celery <expected
kill -KILL %2
