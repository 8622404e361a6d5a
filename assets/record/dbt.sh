#!/usr/bin/env bash
# Records dbt: a build with failures on four threads, its retry and an interrupted run in one log at debug level, and
# the build again as it is printed at info level. Expected is what run_results.json says of each invocation.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
install dbt-core==1.12.0 dbt-duckdb==1.11.1

mkdir -p "$place"/shop/{models,seeds} && cd "$place/shop"
export DBT_PROFILES_DIR=$PWD DBT_SEND_ANONYMOUS_USAGE_STATS=false DBT_USE_COLORS=false DBT_USE_COLORS_FILE=false
cat >dbt_project.yml <<'END'
{name: shop, version: "1.0", profile: shop, model-paths: [models], seed-paths: [seeds],
  models: {+materialized: table}}
END
cat >profiles.yml <<'END'
shop: {target: dev, outputs: {dev: {type: duckdb, path: shop.duckdb, threads: 4}}}
END
printf '%s\n' id,customer,amount,currency 1,ann,20,EUR 2,bob,35,EUR 2,bob,15,USD 4,,9,EUR >seeds/raw_orders.csv
echo "select id, customer, amount, currency from {{ ref('raw_orders') }}" >models/orders.sql
echo "select customer, sum(amount) as total from {{ ref('orders') }} group by customer" >models/totals.sql
# Fails until there is a rate; two models after it are skipped.
echo "select amount, {{ env_var('RATE', 'error(\$\$no rate for USD\$\$)') }} as rate from {{ ref('raw_orders') }}" >models/rates.sql
echo "select sum(amount * rate) as revenue from {{ ref('rates') }}" >models/revenue.sql
echo "select revenue from {{ ref('revenue') }}" >models/report.sql
# No dependent is held back by a test of these: they come last.
cat >models/shop.yml <<'END'
models:
  - name: totals
    columns:
      - name: customer
        data_tests: [{not_null: {config: {severity: warn}}}, unique]
      - name: total
        data_tests: [{accepted_values: {arguments: {values: [20]}}}]
unit_tests:
  - name: adds_up
    model: totals
    given: [{input: ref('orders'), rows: [{customer: ann, amount: 1}, {customer: ann, amount: 2}]}]
    expect: {rows: [{customer: ann, total: 3}]}
END
# Two that run until they are interrupted, and one that waits for them.
for name in long longer; do
    echo "{{ config(enabled=env_var('LONG', '') == 'yes') }} select sum(a.range * b.range) as n from range(10000000) a, range(100000) b" >models/$name.sql
done
echo "{{ config(enabled=env_var('LONG', '') == 'yes') }} select n from {{ ref('long') }} union all select n from {{ ref('longer') }}" >models/after.sql

# Prints the runs of the latest invocation as its results file has them.
results() {
    python3 - <<'END'
import json
results, manifest = (json.load(open(f"target/{name}.json")) for name in ("run_results", "manifest"))
states = dict(success="Completed", warn="Completed", error="Failed", fail="Failed", skipped="Skipped", cancelled="Canceled")
states["pass"] = "Completed"
for result in results["results"]:
    node = manifest["nodes"].get(result["unique_id"]) or manifest["unit_tests"][result["unique_id"]]
    state = states[result["status"]]
    print(json.dumps(dict(
        task=node["name"], run=[results["metadata"]["invocation_id"], result["unique_id"]], state=state, attempts=None,
        error=result["message"] if state == "Failed" else None, word=result["status"])))
END
}

debug="--log-level none --log-level-file debug --log-format-file json"
dbt $debug build || true
results >"$place/results"
RATE=1.1 dbt $debug retry || true
results >>"$place/results"
rm target/run_results.json
LONG=yes env --default-signal=INT dbt $debug run --exclude rates+ &
until grep -q '"msg": .*START.*longer' logs/dbt.log; do sleep 0.2; done
sleep 1
kill -INT $!
wait $! || true
results >>"$place/results"
store dbt <logs/dbt.log
expect dbt <"$place/results"

rm shop.duckdb
dbt --log-format json --log-level info --log-level-file none build >"$place/info" || true
store dbt-info <"$place/info"
results | expect dbt-info
