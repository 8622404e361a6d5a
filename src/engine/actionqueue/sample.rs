//! Sample logs: the life of one run as lines, from its creation over one or more attempts to its end.

use std::fmt::Write as _;

use fastrand::Rng;
use uuid::Uuid;

use super::event::Vocabulary;

/// Duration of a lease, in seconds of the log.
const LEASE_SECS: u64 = 100_000_000;

/// Next event of a life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    CreateTask,
    CreateRun,
    Promote(From),
    Lease,
    Acquire,
    Run,
    Start,
    Heartbeat,
    Finish(End),
    Release,
    Leave(End),
    Resume,
    Cancel,
}

/// State that a run becomes ready from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum From {
    Scheduled,
    RetryWait,
}

/// End of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Success,
    Retry,
    Failure,
    Suspended,
}

/// One run in progress.
#[derive(Debug)]
pub struct SampleLife {
    vocabulary: Vocabulary,
    task: Uuid,
    run: Uuid,
    attempt: Uuid,
    /// Remaining steps, the next one last. All heartbeats are one step.
    steps: Vec<Step>,
    /// Number of heartbeats left. A count, so that a life of a billion events takes no more memory than one of
    /// twenty.
    heartbeats: u64,
    owner: u8,
    name: &'static str,
    expiry: u64,
    granted_at: u64,
    failures: u32,
    attempts: u32,
}

const NAMES: [&str; 8] = [
    "charge card",
    "resize image",
    "nightly etl",
    "send receipt",
    "sync inventory",
    "render invoice",
    "geocode address",
    "warm cache",
];

impl SampleLife {
    /// A life of exactly `events` events.
    pub fn new(events: u64, vocabulary: Vocabulary, rng: &mut Rng) -> Self {
        let (mut steps, heartbeats) = script(events, vocabulary, rng);
        steps.reverse();
        steps.shrink_to_fit();
        Self {
            vocabulary,
            task: id(rng),
            run: id(rng),
            attempt: Uuid::nil(),
            steps,
            heartbeats,
            owner: rng.u8(..16),
            name: NAMES[rng.usize(..NAMES.len())],
            expiry: 0,
            granted_at: 0,
            failures: 0,
            attempts: 0,
        }
    }

    /// True once its last event has been written.
    pub const fn is_over(&self) -> bool {
        self.steps.is_empty()
    }

    fn next(&mut self) -> Option<Step> {
        if self.steps.last() == Some(&Step::Heartbeat) && self.heartbeats > 1 {
            self.heartbeats -= 1;
            return Some(Step::Heartbeat);
        }
        self.steps.pop()
    }

    /// Prints the next event as one line.
    pub fn print(&mut self, sequence: u64, at: u64, rng: &mut Rng, line: &mut String) {
        let Some(step) = self.next() else { return };
        if self.vocabulary == Vocabulary::Aq02 {
            line.push_str(r#"{"control":null,"sequence":"#);
        } else {
            line.push_str(r#"{"sequence":"#);
        }
        // Writing to a string cannot fail.
        let _ = write!(line, "{sequence},\"event\":{{");
        let _ = self.body(step, sequence, at, rng, line);
        line.push_str("}}\n");
    }

    fn body(
        &mut self,
        step: Step,
        sequence: u64,
        at: u64,
        rng: &mut Rng,
        line: &mut String,
    ) -> std::fmt::Result {
        let run = self.run;
        match step {
            Step::CreateTask => self.create_task(at, line),
            Step::CreateRun => self.create_run(at, line),
            Step::Promote(From::Scheduled) => changed(line, run, "Scheduled", "Ready", at),
            Step::Promote(From::RetryWait) => changed(line, run, "RetryWait", "Ready", at),
            Step::Lease => changed(line, run, "Ready", "Leased", at),
            Step::Acquire => {
                self.expiry = at + LEASE_SECS;
                self.granted_at = sequence;
                self.leased("LeaseAcquired", at, line)
            }
            Step::Run => changed(line, run, "Leased", "Running", at),
            Step::Start => {
                self.attempt = id(rng);
                self.attempts += 1;
                self.start(sequence, at, line)
            }
            Step::Heartbeat => {
                self.expiry += 1;
                self.leased("LeaseHeartbeat", at, line)
            }
            Step::Finish(end) => self.finish(end, sequence, at, line),
            Step::Release => self.leased("LeaseReleased", at, line),
            Step::Leave(end) => match end {
                End::Suspended => {
                    write!(line, r#""RunSuspended":{{"run_id":"{run}","reason":null,"timestamp":{at}}}"#)
                }
                end => changed(line, run, "Running", target(end), at),
            },
            Step::Resume => write!(line, r#""RunResumed":{{"run_id":"{run}","timestamp":{at}}}"#),
            Step::Cancel => match self.vocabulary {
                Vocabulary::Aq01 => changed(line, run, "Running", "Canceled", at),
                Vocabulary::Aq02 => write!(
                    line,
                    r#""RunCancellationCommitted":{{"record":{{"task":null,"run":"{run}","tenant":null,"control":{{"caller":"ops@host","session":null,"request":null,"reason":null}},"sequence":{sequence},"timestamp":{at}}}}}"#
                ),
            },
        }
    }

    fn create_task(&self, at: u64, line: &mut String) -> std::fmt::Result {
        let (task, name) = (self.task, self.name);
        let (key, parent) = match self.vocabulary {
            Vocabulary::Aq01 => (r#""safety_level":"Pure","required_capabilities":null"#, ""),
            Vocabulary::Aq02 => (
                r#""concurrency_key_wait_policy":"ReleaseWhileAwaiting","safety_level":"Pure","required_executor_traits":null"#,
                r#""child_lifecycle_policy":"Required","#,
            ),
        };
        write!(
            line,
            r#""TaskCreated":{{"task_spec":{{"id":"{task}","payload":{{"bytes":[123,125],"content_type":"application/json"}},"run_policy":"Once","constraints":{{"max_attempts":5,"timeout_secs":30,"concurrency_key":null,"concurrency_key_hold_policy":"HoldDuringRetry",{key}}},"metadata":{{"tags":["batch"],"priority":0,"description":"{name}"}},"parent_task_id":null,{parent}"tenant_id":null}},"timestamp":{at}}}"#
        )
    }

    fn create_run(&self, at: u64, line: &mut String) -> std::fmt::Result {
        let (task, run) = (self.task, self.run);
        let failures = if self.vocabulary == Vocabulary::Aq02 { r#""failure_attempt_count":0,"# } else { "" };
        write!(
            line,
            r#""RunCreated":{{"run_instance":{{"id":"{run}","task_id":"{task}","state":"Scheduled","current_attempt_id":null,"attempt_count":0,{failures}"created_at":{at},"scheduled_at":{at},"effective_priority":0,"last_state_change_at":{at}}}}}"#
        )
    }

    fn leased(&self, kind: &str, at: u64, line: &mut String) -> std::fmt::Result {
        let (run, owner, expiry) = (self.run, self.owner, self.expiry);
        write!(
            line,
            r#""{kind}":{{"run_id":"{run}","owner":"worker-{owner}","expiry":{expiry},"timestamp":{at}}}"#
        )
    }

    fn start(&self, sequence: u64, at: u64, line: &mut String) -> std::fmt::Result {
        let (run, attempt) = (self.run, self.attempt);
        match self.vocabulary {
            Vocabulary::Aq01 => write!(
                line,
                r#""AttemptStarted":{{"run_id":"{run}","attempt_id":"{attempt}","timestamp":{at}}}"#
            ),
            Vocabulary::Aq02 => write!(
                line,
                r#""AcceptedAttemptStarted":{{"record":{{"sequence":{sequence},"run_id":"{run}","attempt_id":"{attempt}","timestamp":{at},"fence":{{"owner":"worker-{}","granted_at_sequence":{}}},"assignment":null}}}}"#,
                self.owner, self.granted_at
            ),
        }
    }

    fn finish(&mut self, end: End, sequence: u64, at: u64, line: &mut String) -> std::fmt::Result {
        let (run, attempt, attempts) = (self.run, self.attempt, self.attempts);
        let failed = matches!(end, End::Retry | End::Failure);
        self.failures += u32::from(failed);
        if self.vocabulary == Vocabulary::Aq01 {
            let (result, error) = match end {
                End::Success => ("Success", "null".to_owned()),
                End::Suspended => ("Suspended", "null".to_owned()),
                End::Retry | End::Failure => {
                    ("Failure", format!("\"HTTP 503 from upstream (attempt {attempts})\""))
                }
            };
            return write!(
                line,
                r#""AttemptFinished":{{"run_id":"{run}","attempt_id":"{attempt}","result":"{result}","error":{error},"output":null,"timestamp":{at}}}"#
            );
        }
        let error = format!(
            r#"{{"error":{{"code":"execution_failed","message":"HTTP 503 from upstream (attempt {attempts})"}}}}"#
        );
        let outcome = match end {
            End::Success => "\"Complete\"".to_owned(),
            End::Suspended => r#"{"Suspended":{"reason":"budget_exhausted"}}"#.to_owned(),
            End::Retry => format!(r#"{{"RetryableFailure":{error}}}"#),
            End::Failure => format!(r#"{{"TerminalFailure":{error}}}"#),
        };
        write!(
            line,
            r#""AttemptDispositionCommitted":{{"record":{{"sequence":{sequence},"run_id":"{run}","attempt_id":"{attempt}","fence":{{"owner":"worker-{}","granted_at_sequence":{}}},"timestamp":{at},"disposition":{{"outcome":{outcome},"output":null,"checkpoint":null,"wait":null,"child_admissions":[],"emitted_signals":[],"consumption":[]}},"children":[],"signals":[],"target_state":"{}","failure_attempt_count":{}}}}}"#,
            self.owner,
            self.granted_at,
            target(end),
            self.failures
        )
    }
}

impl Step {
    /// Steps from Ready into an open attempt.
    const DISPATCH: [Self; 4] = [Self::Lease, Self::Acquire, Self::Run, Self::Start];
}

const fn target(end: End) -> &'static str {
    match end {
        End::Success => "Completed",
        End::Retry => "RetryWait",
        End::Failure => "Failed",
        End::Suspended => "Suspended",
    }
}

fn changed(line: &mut String, run: Uuid, from: &str, to: &str, at: u64) -> std::fmt::Result {
    write!(
        line,
        r#""RunStateChanged":{{"run_id":"{run}","previous_state":"{from}","new_state":"{to}","timestamp":{at}}}"#
    )
}

/// A random id of version 4.
fn id(rng: &mut Rng) -> Uuid {
    uuid::Builder::from_random_bytes(rng.u128(..).to_be_bytes()).into_uuid()
}

/// Steps of a life of exactly `n` events: heartbeats fill what retries and suspensions leave. They are one step, and
/// their number is returned with it.
fn script(n: u64, vocabulary: Vocabulary, rng: &mut Rng) -> (Vec<Step>, u64) {
    let len = |steps: &[Step]| steps.len() as u64;
    let ending = |end: End| -> &'static [Step] {
        match (vocabulary, end) {
            (Vocabulary::Aq01, End::Success) => {
                &[Step::Finish(End::Success), Step::Release, Step::Leave(End::Success)]
            }
            (Vocabulary::Aq01, End::Retry) => {
                &[Step::Finish(End::Retry), Step::Release, Step::Leave(End::Retry)]
            }
            (Vocabulary::Aq01, End::Failure) => {
                &[Step::Finish(End::Failure), Step::Release, Step::Leave(End::Failure)]
            }
            (Vocabulary::Aq01, End::Suspended) => {
                &[Step::Finish(End::Suspended), Step::Release, Step::Leave(End::Suspended)]
            }
            (Vocabulary::Aq02, End::Success) => &[Step::Finish(End::Success)],
            (Vocabulary::Aq02, End::Retry) => &[Step::Finish(End::Retry)],
            (Vocabulary::Aq02, End::Failure) => &[Step::Finish(End::Failure)],
            (Vocabulary::Aq02, End::Suspended) => &[Step::Finish(End::Suspended)],
        }
    };
    let cycle = len(&Step::DISPATCH) + len(ending(End::Success)) + 1;
    let mut steps = vec![Step::CreateTask, Step::CreateRun, Step::Promote(From::Scheduled)];
    steps.extend(Step::DISPATCH);
    let mut tries = 1;
    while len(&steps) + len(ending(End::Success)) + cycle <= n && tries < 4 {
        // Most lives with room for more keep to a few attempts and are filled with heartbeats.
        if tries > 1 && rng.bool() {
            break;
        }
        // A resumed run of 0.2 and later has a pending wake, which these starts do not deliver: it stays suspended.
        if vocabulary == Vocabulary::Aq01 && rng.u8(..5) == 0 {
            steps.extend(ending(End::Suspended));
            steps.push(Step::Resume);
        } else {
            steps.extend(ending(End::Retry));
            steps.push(Step::Promote(From::RetryWait));
        }
        steps.extend(Step::DISPATCH);
        tries += 1;
    }
    let last: &[Step] = match rng.u8(..20) {
        0 => &[Step::Cancel],
        1 => ending(End::Failure),
        2 => ending(End::Suspended),
        _ => ending(End::Success),
    };
    let heartbeats = n.saturating_sub(len(&steps) + len(last));
    if heartbeats > 0 {
        steps.push(Step::Heartbeat);
    } else {
        let room = n.saturating_sub(len(&steps));
        steps.truncate(usize::try_from(n).unwrap_or(usize::MAX));
        steps.extend(last.iter().take(usize::try_from(room).unwrap_or(usize::MAX)));
        return (steps, 0);
    }
    steps.extend(last);
    (steps, heartbeats)
}
