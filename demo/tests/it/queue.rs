//! The engine under the workload, and under the commands of a control file.

use uuid::Uuid;

use crate::running::Running;

const STATES: [&str; 10] = [
    "Awaiting",
    "Canceled",
    "Completed",
    "Failed",
    "Leased",
    "Ready",
    "RetryWait",
    "Running",
    "Scheduled",
    "Suspended",
];

fn command(id: Uuid, run: &str) -> String {
    let line = serde_json::json!({
        "v": 1, "id": id, "command": "cancel", "run_id": run, "reason": null, "at": 1_795_196_261_000_u64,
        "by": {"user": "ada", "host": "desk", "pid": 4711}, "seen": {"sequence": 12},
    });
    format!("{line}\n")
}

#[test]
fn every_state_is_seen_and_a_command_is_obeyed_once() {
    let mut demo = Running::start(12.0);
    let run = demo.wait_for("Running run", |log| log.run_in("Running"));
    let (id, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let (line, unknown) = (command(id, &run), command(other, &Uuid::from_u128(3).to_string()));
    demo.send("this is no command\n");
    demo.send(&line[..20]);
    demo.send(&line[20..]);
    demo.send(&format!("{line}{unknown}"));
    let cancellation =
        demo.wait_for("cancellation", |log| log.of_kind("RunCancellationCommitted").next().cloned());
    assert_eq!(cancellation["record"]["run"], run);
    assert_eq!(cancellation["record"]["control"]["caller"], "ada@desk", "the log says who asked");
    assert_eq!(cancellation["record"]["control"]["request"], id.to_string(), "and by which command");

    demo.wait_for("run in each of the ten states", |log| log.states.iter().eq(STATES).then_some(()));
    for kind in ["WaitSatisfied", "RunResumed", "TaskCancellationCommitted", "BudgetReplenished"] {
        demo.wait_for(kind, |log| log.of_kind(kind).next().map(drop));
    }
    // The run's handler was not told and runs on, but its result is not believed.
    assert_eq!(demo.log.state_of(&run), "Canceled");
    assert_eq!(demo.log.of_kind("RunCancellationCommitted").count(), 1);
    let (_, tally) = demo.stop();
    assert_eq!((tally.canceled, tally.refused, tally.repeated, tally.ignored), (1, 1, 1, 1));
}
