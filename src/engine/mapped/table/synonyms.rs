//! Usual words for our own states.
//!
//! Each says the same in nearly every queue. Words that different queues mean differently have a note.

use crate::engine::mapped::states::MappedState::{
    self, Awaiting, Canceled, Completed, Failed, Leased, Ready, RetryWait, Running, Scheduled, Skipped,
    Suspended,
};

/// The words by state, beside the names of the states themselves.
pub const SYNONYMS: &[(MappedState, &[&str])] = &[
    (Scheduled, &["scheduled", "delayed", "deferred", "sleeping", "postponed", "snoozed"]),
    // `pending` is "submitted to a worker" in Prefect and "waits for others" in a few workflow engines; it waits for a
    // worker in most. `waiting` is a wait for an approval at GitHub. `available` is River's and Oban's.
    (
        Ready,
        &["ready", "queued", "pending", "waiting", "created", "enqueued", "available", "new", "inserted"],
    ),
    // `submitted` is "handed to a cluster" in Nextflow and "queued" elsewhere: in both it is not yet at work.
    (
        Leased,
        &["leased", "reserved", "claimed", "received", "submitted", "acquired", "dispatched", "assigned"],
    ),
    // `active` is what BullMQ calls a job at work.
    (
        Running,
        &[
            "running",
            "started",
            "start",
            "executing",
            "active",
            "in_progress",
            "processing",
            "working",
            "busy",
        ],
    ),
    (
        RetryWait,
        &[
            "retry_wait",
            "retry",
            "retrying",
            "up_for_retry",
            "up_for_reschedule",
            "retryable",
            "rescheduled",
            "backoff",
            "awaiting_retry",
        ],
    ),
    // `stopped` is an end in some queues (a container that was stopped); a run that was stopped may go on, so it is no
    // end here.
    (Suspended, &["suspended", "paused", "stopped", "held", "on_hold"]),
    (Awaiting, &["awaiting", "blocked", "waiting_for_input", "waiting_children"]),
    (
        Completed,
        &[
            "completed",
            "complete",
            "success",
            "succeeded",
            "successful",
            "done",
            "ok",
            "passed",
            "pass",
            "finished",
        ],
    ),
    // `killed` and `timeout` are ends that nothing asked for; a run that was killed on request is `canceled`. `error` may
    // be tried again in a few queues, and then goes on from `Failed`.
    (
        Failed,
        &[
            "failed",
            "failure",
            "fail",
            "error",
            "errored",
            "dead",
            "discarded",
            "dead_lettered",
            "timeout",
            "timed_out",
            "crashed",
            "lost",
            "killed",
        ],
    ),
    // `terminated` and `aborted` are by request in most queues.
    (Canceled, &["canceled", "cancelled", "revoked", "aborted", "terminated"]),
    // `ignored` is a failure that does not count in Ansible and Nextflow.
    (Skipped, &["skipped", "skip", "ignored", "omitted", "upstream_failed"]),
];
