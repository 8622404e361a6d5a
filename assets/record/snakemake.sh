#!/usr/bin/env bash
# Records Snakemake: a workflow that keeps going while rules fail and are retried, the same again when the failing rule
# is mended, and one that is interrupted. Expected is what its outputs and the lines that rules leave say.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
install snakemake==9.27.1
plugin=git+https://github.com/jlumpe/snakemake-logger-plugin-json@c54287d
python -c "import snakemake_logger_plugin_json" 2>/dev/null || pip install --quiet "$plugin"

cd "$place"
cat >Snakefile <<'END'
rule all:
    input: "report.txt", "flaky.txt", "after.txt"

# Each leaves a line where it starts.
rule part:
    output: "part{n}.txt"
    shell: "echo part {wildcards.n} >>starts; touch {output}"

rule report:
    input: expand("part{n}.txt", n=[1, 2, 3])
    output: "report.txt"
    shell: "echo report >>starts; sleep 0.3; cat {input} >{output}"

rule flaky:
    output: "flaky.txt"
    retries: 2
    shell: "echo flaky >>starts; test $(grep -c flaky starts) = 3 && touch {output}"

rule bad:
    output: "bad.txt"
    retries: 1
    shell: "echo bad >>starts; test -e mended && touch {output}"

rule after:
    input: "bad.txt"
    output: "after.txt"
    shell: "echo after >>starts; touch {output}"

rule long:
    output: "long.txt"
    shell: "echo long >>starts; sleep 30; touch {output}"
END
# Runs Snakemake as workflow N, and keeps its log, which the next would overwrite, and what its rules left.
run() {
    : >starts
    env --default-signal=INT snakemake --cores 2 --logger json --logger-json-file "events$1" "${@:2}" 2>/dev/null || true
    cp starts "starts$1"
    ls >"files$1"
}
run 1 --keep-going
touch mended
run 2
run 3 long &
until grep -qs long starts; do sleep 0.1; done
# What a terminal does at Ctrl-C: each process hears it.
kill -INT $(pgrep -g "$(ps -o pgid= $!)" -f 'events3|sleep 30')
wait $!

python - >expected <<'END'
import json
for n in (1, 2, 3):
    lines = [json.loads(line) for line in open(f"events{n}")]
    # Only the names of jobs are taken from the log: Snakemake tells them nowhere else.
    workflow = next(line["workflow_id"] for line in lines if "workflow_id" in line)
    jobs = {line["jobid"]: line for line in lines if line.get("event") == "job_info"}
    starts, files = (open(f"{kind}{n}").read().split("\n") for kind in ("starts", "files"))
    for number, job in jobs.items():
        task, made = job["rule_name"], set(job["output"] or job["input"]) <= set(files)
        print(json.dumps(dict(
            task=task, run=[workflow, number], state="Completed" if made else "Failed",
            attempts=None if task == "all" else starts.count(" ".join([task, *job["wildcards"].values()])),
            error=None, word=None)))
END
cat events[123] | store snakemake-rules
expect snakemake-rules <expected
