#!/usr/bin/env bash
# Records Spark: the event log of an application whose tasks succeed, are retried, fail their stage, and are canceled.
# Needs Java 17. Expected is what the application's own REST interface says of stages and tasks at the end.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
install pyspark==3.5.7

cd "$place"
mkdir events
cat >shop.py <<'END'
import json, threading, time, urllib.request
from pyspark import SparkContext, TaskContext

sc = SparkContext(appName="shop")

def flaky(value):
    task = TaskContext.get()
    if task.partitionId() == 1 and task.attemptNumber() < 2:
        raise RuntimeError("payments: connection refused")
    return value

def broken(value):
    if TaskContext.get().partitionId() == 2:
        raise ValueError("order 7 has no payment")
    return value

def slow(value):
    time.sleep(30)
    return value

sc.parallelize(range(8), 4).count()
sc.parallelize(range(8), 4).map(flaky).count()
totals = sc.parallelize(range(20), 3).map(lambda it: (it % 2, it)).reduceByKey(lambda a, b: a + b, 2)
totals.collect()
totals.count()  # Its first stage is skipped: the shuffle is there.
try:
    sc.parallelize(range(8), 4).map(broken).count()
except Exception:
    pass

def export():
    sc.setJobGroup("export", "an export", interruptOnCancel=True)
    try:
        sc.parallelize(range(4), 4).map(slow).count()
    except Exception:
        pass

from pyspark import InheritableThread
thread = InheritableThread(target=export)
thread.start()
time.sleep(3)
sc.cancelJobGroup("export")
thread.join()
time.sleep(3)

def ask(path):
    return json.load(urllib.request.urlopen(f"{sc.uiWebUrl}/api/v1/applications/{sc.applicationId}/{path}"))

states = dict(SUCCESS="Completed", FAILED="Failed", KILLED="Canceled", RUNNING="Running", COMPLETE="Completed",
              SKIPPED="Skipped", ACTIVE="Running", PENDING="Ready")
with open("expected", "w") as out:
    for stage in ask("stages"):
        number = [stage["stageId"], stage["attemptId"]]
        row = lambda run, word, attempts, error: print(json.dumps(dict(
            task=stage["name"], run=[sc.applicationId, *run], state=states[word], attempts=attempts,
            error=error if word == "FAILED" else None, word=word)), file=out)
        row(number, stage["status"], None, stage.get("failureReason"))
        if stage["status"] == "SKIPPED":
            continue
        last = {}
        for task in ask("stages/%s/%s/taskList?length=1000" % tuple(number)):
            if task["attempt"] >= last.get(task["index"], task)["attempt"]:
                last[task["index"]] = task
        for index, task in last.items():
            row([*number, index], task["status"], task["attempt"] + 1, task.get("errorMessage"))
sc.stop()
END
export SPARK_LOCAL_IP=127.0.0.1 SPARK_LOCAL_HOSTNAME=localhost SPARK_USER=user HADOOP_USER_NAME=user
spark-submit --master 'local[2,4]' --conf spark.eventLog.enabled=true --conf spark.eventLog.dir="$place/events" \
    --driver-java-options "-Duser.name=user -Duser.home=/home/user -Dos.version=6.1" shop.py
store spark <events/*
expect spark <expected
