"""Writes the events of Celery's workers as JSON lines to the file that its argument names."""

import json
import sys

from app import app

with app.connection() as connection, open(sys.argv[1], "a", buffering=1) as log:
    handlers = {"*": lambda event: print(json.dumps(event), file=log)}
    app.events.Receiver(connection, handlers=handlers).capture(limit=None, timeout=None, wakeup=False)
