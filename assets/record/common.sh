# Common to the scripts that record an engine: a place that is removed at the end, an environment with pinned packages,
# and neutral names for what tells of the machine. To be sourced.
set -euo pipefail

fixtures=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../tests/logs/formats" && pwd)
place=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$place"' EXIT

# Installs Python packages. VENV names an environment that is kept for the next time.
install() {
    venv=${VENV:-$place/venv}
    [ -x "$venv/bin/python" ] || python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: "$@"
    PATH=$venv/bin:$PATH
}

# Replaces the names of this machine, its user and its directories.
neutral() {
    sed -e "s#$(python3 -c 'import sys; print(sys.base_prefix)')/lib#/usr/lib#g" \
        -e "s#${venv:-$place/venv}#/opt/venv#g" -e "s#$place#/srv/work#g" \
        -e "s#$HOME#/home/user#g" -e "s#@$(hostname)\b#@host#g"
}

# Stores a log from stdin as the recording NAME: the same lines give the same bytes.
store() {
    neutral | gzip -9n >"$fixtures/$1.jsonl.gz"
    echo "$1: $(zcat "$fixtures/$1.jsonl.gz" | wc -l) lines, $(stat -c %s "$fixtures/$1.jsonl.gz") bytes"
}

# Stores what the engine reports at its end: an object a line from stdin, as an array in order of task and run.
expect() {
    neutral | python3 -c '
import json, sys
rows = sorted((json.loads(line) for line in sys.stdin), key=lambda row: (row["task"] or "", json.dumps(row["run"])))
print("[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]")' >"$fixtures/$1.expected.json"
    echo "$1: $(grep -c '"task"' "$fixtures/$1.expected.json") runs expected"
}
