"""A Celery application whose broker is a directory, for tests and recordings: CELERY_PLACE names it."""

import json
import os
import time
import uuid
from pathlib import Path

from celery import Celery
from celery.exceptions import Reject
from celery.signals import task_prerun
from kombu.transport import filesystem

place = Path(os.environ["CELERY_PLACE"]).absolute()
for name in ("broker", "control", "read", "results"):
    (place / name).mkdir(parents=True, exist_ok=True)


class WholeMessages(filesystem.Channel):
    """Renames messages into their directory: readers of the original can meet a file that is not written yet."""

    def _put(self, queue, payload, **_):
        name = f"{time.monotonic_ns():020}_{uuid.uuid4()}.{queue}.msg"
        (place / "read" / name).write_text(json.dumps(payload))
        (place / "read" / name).rename(place / "broker" / name)


filesystem.Transport.Channel = WholeMessages

app = Celery("shop", broker="filesystem://", backend=f"file://{place}/results")
app.conf.update(
    broker_transport_options={
        "data_folder_in": str(place / "broker"),
        "data_folder_out": str(place / "broker"),
        "control_folder": str(place / "control"),
        # Messages are moved here before they are read: on the same file system, unlike the usual /tmp.
        "processed_folder": str(place / "read"),
        "store_processed": True,
        # Seconds between two looks at the directory, for each of its readers.
        "polling_interval": 0.05,
    },
    task_send_sent_event=True,
    worker_send_task_events=True,
    task_track_started=True,
    worker_prefetch_multiplier=1,
)


@task_prerun.connect
def count(task_id, **_):
    """Leaves a line for each start of a task: the attempts, counted where they happen."""
    with open(place / "starts", "a") as starts:
        starts.write(task_id + "\n")


@app.task
def receipt(order):
    """Ends at once."""
    return f"receipt of {order}"


@app.task
def export(seconds):
    """Takes its time, in small steps."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.05)


@app.task(bind=True, max_retries=3)
def charge(self, failures):
    """Is retried until it has failed so often, or too often."""
    if self.request.retries < failures:
        raise self.retry(exc=RuntimeError("payments: connection refused"), countdown=0.2)


@app.task
def refund(order):
    """Fails."""
    raise ValueError(f"order {order} has no payment")


@app.task(acks_late=True)
def audit(order):
    """Is rejected, and not queued again."""
    raise Reject(f"order {order} is unknown", requeue=False)
