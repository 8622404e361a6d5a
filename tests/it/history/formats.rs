//! The same of logs that tables describe: carried values, elements, repeated events and ends of parents among them.

use runwatch::history::{Grain, Keep};

use super::Stage;
use crate::common::lines_of;

const GRAIN: Grain = Grain { epoch_lines: 16, epoch_bytes: 8 << 20, stride: 4 };

#[test]
fn every_instant_of_a_foreign_log_is_the_fold_of_its_lines() {
    for log in [
        "celery.jsonl.gz",
        "dbt.jsonl.gz",
        "gotest.jsonl.gz",
        "hyperqueue.jsonl.gz",
        "openlineage-airflow.jsonl.gz",
        "prefect.jsonl.gz",
        "snakemake-rules.jsonl.gz",
        "spark.jsonl.gz",
    ] {
        let bytes = lines_of(&format!("tests/logs/formats/{log}"));
        let mut stage = Stage::new(&bytes, 9000, GRAIN, Keep::Lines(u64::MAX));
        let edge = stage.history.edge();
        for step in [1, 7, 11, 3, 10, 2, 9, 12, 5] {
            stage.check(edge * step / 12);
        }
    }
}
