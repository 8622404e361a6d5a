//! A state directory, a source that follows it, and everything that the source has said. No test sleeps: where no watcher
//! is at work the source is given its time, and else a trigger is waited for.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

use runwatch::engine::batch::Decoder;
use runwatch::engine::dag_executor::envelope::file_name;
use runwatch::engine::{self, fold};
use runwatch::projection;
use runwatch::source::delivery::{Delivery, Status};
use runwatch::source::open::OpenError;
use runwatch::source::options::Options;
use runwatch::source::origin::Origin;
use runwatch::source::reread::Reread;
use runwatch::source::{self, Source, SourceStep};
use runwatch::store::{Rules, Store};
use serde_json::json;
use tempfile::TempDir;

/// Longer than anything takes on a loaded machine.
const LIMIT: Duration = Duration::from_secs(30);

/// The name and the text of the file in which the engine keeps a value.
pub(crate) fn state_file(key: &str, data: &str) -> (String, String) {
    let checksum = file_name(data).replace(".json", "");
    (file_name(key), format!(r#"{{"key":"{key}","checksum":"{checksum}","data":{data}}}"#))
}

/// Milliseconds of the first second of a run.
pub(crate) const SECOND: u64 = 1_795_193_600_000;

/// The file of a task that has changed `at` milliseconds after that.
pub(crate) fn task_file(id: &str, state: &str, at: u64) -> (String, String) {
    let at = SECOND + at;
    let record = json!({
        "attempts": 0, "created_at": SECOND, "error": null, "finished_at": null, "id": id, "metadata": {},
        "output": null, "started_at": null, "state": state, "updated_at": at,
    });
    state_file(&format!("record:{id}"), &record.to_string())
}

/// Writes a file that was not touched for a minute.
pub(crate) fn write_old(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    let file = fs::File::options().write(true).open(path).unwrap();
    file.set_modified(std::time::SystemTime::now() - Duration::from_secs(60)).unwrap();
}

pub(crate) struct Stage {
    _dir: TempDir,
    pub(crate) path: PathBuf,
    source: Option<Box<dyn Source>>,
    now: Instant,
    roused: Option<Receiver<()>>,
    decoder: Decoder,
    pub(crate) store: Store,
    pub(crate) notices: Vec<String>,
    pub(crate) status: Status,
    pub(crate) log: Option<Box<dyn Reread>>,
}

impl Stage {
    /// An empty directory that is not followed yet.
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state");
        fs::create_dir(&path).unwrap();
        Self {
            _dir: dir,
            path,
            source: None,
            now: Instant::now(),
            roused: None,
            decoder: Decoder::default(),
            store: engine::store(Rules::Lenient),
            notices: Vec::new(),
            status: Status::default(),
            log: None,
        }
    }

    /// Follows it without a watcher.
    pub(crate) fn open(&mut self) -> Result<(), OpenError> {
        self.follow(Options { watch: false, ..engine::options() })?;
        self.settle();
        Ok(())
    }

    /// Follows it with one.
    pub(crate) fn watch(&mut self) {
        self.follow(engine::options()).unwrap();
        let (rouse, roused) = sync_channel(1);
        self.source.as_mut().unwrap().watch(Arc::new(move || {
            let _ = rouse.try_send(());
        }));
        self.roused = Some(roused);
        self.settle();
    }

    fn follow(&mut self, options: Options) -> Result<(), OpenError> {
        let source = source::follow(&Origin::Path(self.path.clone()), options)?;
        self.log = Some(source.rereader());
        self.source = Some(source);
        self.now = Instant::now();
        Ok(())
    }

    /// Lets time pass, and takes in what comes of it.
    pub(crate) fn pass(&mut self, time: Duration) {
        self.now += time;
        self.settle();
    }

    /// Takes in everything that is there now.
    pub(crate) fn settle(&mut self) {
        loop {
            let now = if self.roused.is_some() { Instant::now() } else { self.now };
            match self.source.as_mut().unwrap().step(now) {
                SourceStep::Deliver(Delivery::Block(block)) => {
                    fold::batch(&mut self.store, &self.decoder.decode(block));
                }
                SourceStep::Deliver(Delivery::Status(status)) => self.status = status,
                SourceStep::Deliver(Delivery::Notice(notice)) => {
                    self.log.as_mut().unwrap().note(&notice);
                    self.notices.push(notice.to_string());
                }
                SourceStep::Wait(until) if until > now => return,
                SourceStep::Wait(_) => (),
                SourceStep::Ended | SourceStep::Failed(_) => panic!("a directory has no end"),
            }
        }
    }

    /// Takes in what the watcher triggers, until something is so.
    pub(crate) fn wait_for(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let until = Instant::now() + LIMIT;
        while !is_so(self) {
            assert!(Instant::now() < until, "{what}: {}; {:?}", self.tasks(), self.notices);
            // Time alone shows that a file stays as it is.
            let _ = self.roused.as_ref().unwrap().recv_timeout(Duration::from_millis(20));
            self.source.as_mut().unwrap().hint();
            self.settle();
        }
    }

    pub(crate) fn write(&self, (name, text): &(String, String)) {
        fs::write(self.path.join(name), text).unwrap();
    }

    /// The tasks and their states, in order of the ids.
    pub(crate) fn tasks(&self) -> String {
        let store = &self.store;
        let task = |key| format!("{}={}", store.id_text(store.run(key).id), store.run(key).state.name());
        projection::in_order(store).into_iter().map(task).collect::<Vec<_>>().join(" ")
    }

    /// Reasons of the problems of lines.
    pub(crate) fn problems(&self) -> Vec<&str> {
        self.store.problems().kept().iter().map(|it| &*it.reason).collect()
    }
}
