//! An engine that is killed at any moment and started again, and a reader that follows its directory meanwhile.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use actionqueue_storage::recovery::bootstrap::recover_read_only;
use actionqueue_storage::recovery::reducer::ReplayReducer;
use actionqueue_storage::store::{OpenOptions, StoreSession, open_store};
use actionqueue_storage::wal::codec;
use actionqueue_storage::wal::event::WalEvent;
use actionqueue_storage::wal::fs_writer::WalFsWriter;
use actionqueue_storage::wal::repair::RepairPolicy;
use runwatch::engine::{self, Given};
use runwatch::session::{Came, Follower};
use runwatch::source::delivery::SourceNotice;
use runwatch::source::origin::Origin;
use runwatch::store::Retain;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use crate::running::PATIENCE;
use crate::store::{copied, events, folded, told};

/// Starts of the engine on the same directory.
const ROUNDS: usize = 20;

/// Number of rounds of which one ends with a torn record. The engine refuses to start on one until the log is repaired.
const TORN_EVERY: usize = 4;

/// The place of an engine, which outlives its processes.
struct Place(TempDir);

impl Place {
    fn directory(&self) -> PathBuf {
        self.0.path().join("store")
    }

    fn wal(&self) -> PathBuf {
        self.directory().join("wal/actionqueue.wal")
    }

    /// Starts the program. Always the same mix of work, which it may have done before.
    fn start(&self, log: &str) -> Child {
        let path = |name: &str| self.0.path().join(name);
        Command::new(env!("CARGO_BIN_EXE_demo"))
            .args(["--headless", "--rate", "100", "--runs", "100000", "--for", "60", "--seed", "7"])
            .arg("--directory")
            .arg(self.directory())
            .arg("--log")
            .arg(path(log))
            // What a killed program leaves behind.
            .env("TMPDIR", self.0.path())
            .stdout(Stdio::null())
            .stderr(fs::File::create(path("stderr")).unwrap())
            .spawn()
            .unwrap()
    }

    fn session(&self, options: OpenOptions) -> StoreSession {
        open_store(&self.directory(), options).unwrap()
    }

    /// Appends a part of the record that would come next.
    fn tear(&self, last: &WalEvent, random: &mut fastrand::Rng) -> u64 {
        let store_id = self.session(OpenOptions::ReadOnly).manifest().store_id;
        let next = WalEvent::new(last.sequence() + 1, last.event().clone());
        let frame = codec::encode_for_store(&next, store_id).unwrap();
        let part = &frame[..random.usize(1..frame.len())];
        let mut wal = fs::read(self.wal()).unwrap();
        wal.extend_from_slice(part);
        fs::write(self.wal(), wal).unwrap();
        part.len() as u64
    }

    /// Cuts off a torn record, by the engine's own repair.
    fn repair(&self) {
        let session = self.session(OpenOptions::ReadWrite);
        drop(WalFsWriter::new_with_repair(session, RepairPolicy::TruncatePartial).unwrap());
    }

    /// The state as the engine recovers it.
    fn recovered(&self) -> ReplayReducer {
        recover_read_only(&self.session(OpenOptions::ReadOnly), RepairPolicy::Strict).unwrap().projection
    }
}

/// A reader of the directory, as the dashboard is.
struct Reader {
    follower: Follower,
    runtime: Runtime,
    notices: Vec<String>,
}

impl Reader {
    fn open(directory: &Path) -> Self {
        let runtime = Builder::new_current_thread().enable_time().build().unwrap();
        let origin = Origin::Path(directory.to_owned());
        let follower = Follower::open(&origin, engine::options(), &Given::Nothing, Retain::default());
        Self { follower: follower.unwrap(), runtime, notices: Vec::new() }
    }

    fn sequence(&self) -> u64 {
        self.follower.store().latest_sequence()
    }

    /// Reads on until `is_there`, or until the deadline. Returns true for the former.
    fn read_until(&mut self, deadline: Instant, is_there: impl Fn(&Follower) -> bool) -> bool {
        while !is_there(&self.follower) {
            let next = async { tokio::time::timeout_at(deadline.into(), self.follower.recv()).await };
            match self.runtime.block_on(next) {
                Err(_) => return false,
                Ok(came) => match came.unwrap() {
                    Came::Lines { .. } | Came::Status => {}
                    Came::Notice(
                        SourceNotice::Opened { .. } | SourceNotice::Moved { .. } | SourceNotice::Beside(_),
                    ) => {}
                    Came::Notice(notice) => self.notices.push(notice.to_string()),
                    Came::End => panic!("the log has ended"),
                },
            }
        }
        true
    }
}

/// Holds the runs, as `runs --json` tells them, to the engine's own projection.
fn check_runs(engine: &ReplayReducer, told: &[u8]) {
    let runs: Vec<Value> = told
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    assert_eq!(runs.len(), engine.run_count());
    for run in runs {
        let id = run["run_id"].as_str().unwrap().parse().unwrap();
        let own = serde_json::to_value(engine.get_run_instance(&id).unwrap()).unwrap();
        for key in [
            "task_id",
            "state",
            "attempt_count",
            "failure_attempt_count",
            "current_attempt_id",
            "created_at",
            "scheduled_at",
            "effective_priority",
            "last_state_change_at",
        ] {
            assert_eq!(run[key], own[key], "{key} of {run}");
        }
        let history = engine.get_run_history(&id).unwrap().iter();
        let history = history
            .map(|change| json!({"from": change.from(), "to": change.to(), "timestamp": change.timestamp()}));
        assert_eq!(run["state_history"], history.collect::<Value>(), "{run}");
        let attempts = engine.get_attempt_history(&id).unwrap().iter().map(|attempt| {
            json!({
                "attempt_id": attempt.attempt_id(), "started_at": attempt.started_at(),
                "finished_at": attempt.finished_at(), "result": attempt.result(), "error": attempt.error(),
                "output": attempt.output(),
            })
        });
        assert_eq!(run["attempts"], attempts.collect::<Value>(), "{run}");
        let lease = engine.get_lease_metadata(&id).map(|lease| {
            json!({
                "owner": lease.owner(), "expiry": lease.expiry(), "acquired_at": lease.acquired_at(),
                "updated_at": lease.updated_at(),
            })
        });
        assert_eq!(run["lease"], json!(lease), "{run}");
    }
}

#[test]
fn an_engine_that_is_killed_is_followed_over_all_its_starts() {
    let place = Place(tempfile::tempdir().unwrap());
    let mut random = fastrand::Rng::with_seed(17);
    let mut reader: Option<Reader> = None;
    for round in 0..ROUNDS {
        let mut demo = place.start(&format!("log-{round}"));
        let reader = reader.get_or_insert_with(|| {
            crate::running::wait_for("log", || place.wal().exists().then_some(()));
            Reader::open(&place.directory())
        });
        let before = reader.sequence();
        let deadline = Instant::now() + PATIENCE;
        let has_begun = reader.read_until(deadline, |it| it.store().latest_sequence() > before);
        assert!(has_begun, "round {round}: {}", fs::read_to_string(place.0.path().join("stderr")).unwrap());
        let moment = Instant::now() + Duration::from_millis(random.u64(100..1000));
        reader.read_until(moment, |_| false);
        demo.kill().unwrap();
        demo.wait().unwrap();

        let (expected, last) = events(&place.wal());
        let last = last.unwrap();
        // The kill itself may have torn one.
        let is_torn = copied(&place.directory()).1.pending > 0;
        let torn = if round % TORN_EVERY == 1 && !is_torn { place.tear(&last, &mut random) } else { 0 };
        let (lines, done) = copied(&place.directory());
        assert!(lines == expected, "round {round}: the export");
        assert_eq!((done.records, done.damaged), (last.sequence(), 0), "round {round}");
        assert!(done.pending >= torn, "round {round}");

        let is_read = reader.read_until(Instant::now() + PATIENCE, |it| {
            it.store().latest_sequence() >= last.sequence() && it.log().pending() == done.pending
        });
        let store = reader.follower.store();
        let report = format!("round {round}, {:?}, {:?}", reader.notices, reader.follower.log().status());
        assert!(is_read, "event {} of {}; {report}", store.latest_sequence(), last.sequence());
        let folded = folded(&place.directory());
        assert_eq!(store.tally(), folded.tally(), "{report}");
        assert_eq!(store.problems().total(), 0, "{report}");
        assert!(told(store) == told(&folded), "{report}");
        assert_eq!(reader.notices, [] as [&str; 0], "round {round}");
        if done.pending > 0 {
            place.repair();
        }
    }
    let reader = reader.unwrap();
    check_runs(&place.recovered(), &told(reader.follower.store()));
    let (lines, last) = events(&place.wal());
    assert!(last.unwrap().sequence() > 1000);
    assert!(
        String::from_utf8(lines).unwrap().contains("\"AttemptClosed\""),
        "attempts that the kills cut off"
    );
}
