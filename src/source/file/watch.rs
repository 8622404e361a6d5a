//! The watcher, which only shortens the wait: it may miss, repeat or invent a change without harm.
//!
//! The only door to notify. Of a directory, it tells what is written in it. Must not read the log.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use notify::event::EventKind;
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

use crate::source::open::FileId;

/// Calls back when something happens to a path, beside it, or in it where it is a directory.
pub(in crate::source) struct PathWatcher {
    watcher: RecommendedWatcher,
    /// The path, and the directory that its name is in. Watched under these names as long as they lead to these
    /// files: a watch stays with its file, not with the name.
    targets: Vec<Target>,
}

struct Target {
    path: PathBuf,
    watched: Option<FileId>,
}

impl PathWatcher {
    /// Sets up a watcher for the path, whether or not something is there.
    ///
    /// # Errors
    /// In words, when the system gives no watcher. Looking at each second is enough then.
    pub(in crate::source) fn new(
        path: &Path,
        hear: impl Fn(PathEvent<'_>) + Send + 'static,
    ) -> Result<Self, String> {
        Self::of(vec![path.to_owned(), parent(path)], hear)
    }

    /// The same without what happens in the path, where that is a directory.
    ///
    /// # Errors
    /// As [`PathWatcher::new`].
    #[cfg(target_os = "linux")]
    pub(in crate::source) fn beside(
        path: &Path,
        hear: impl Fn(PathEvent<'_>) + Send + 'static,
    ) -> Result<Self, String> {
        Self::of(vec![parent(path)], hear)
    }

    fn of(paths: Vec<PathBuf>, hear: impl Fn(PathEvent<'_>) + Send + 'static) -> Result<Self, String> {
        // The watcher has a thread of its own, and panics where none can be started.
        let probe = std::thread::Builder::new().spawn(|| ());
        let _ = probe.map_err(|error| error.to_string())?.join();
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            hear(PathEvent(event.as_ref().ok()));
        });
        let targets = paths.into_iter().map(|path| Target { path, watched: None }).collect();
        let mut watch = Self { watcher: watcher.map_err(words)?, targets };
        watch.renew()?;
        Ok(watch)
    }

    /// Watches what the names lead to now, and says whether that is new: then something may have gone unseen.
    ///
    /// # Errors
    /// In words, when the system refuses one more watch.
    pub(in crate::source) fn renew(&mut self) -> Result<bool, String> {
        let mut is_new = false;
        for target in &mut self.targets {
            let found = std::fs::metadata(&target.path).ok().map(|meta| FileId::of(&meta));
            if found == target.watched {
                continue;
            }
            is_new = true;
            if target.watched.take().is_some() {
                // Fails when the watch went with its file, which is as well.
                let _ = self.watcher.unwatch(&target.path);
            }
            if found.is_some() {
                match self.watcher.watch(&target.path, RecursiveMode::NonRecursive) {
                    Ok(()) => target.watched = found,
                    Err(error) if is_missing(&error) => (),
                    Err(error) => return Err(words(error)),
                }
            }
        }
        Ok(is_new)
    }
}

/// The directory that the name of a path is in.
fn parent(path: &Path) -> PathBuf {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new(".")).to_owned()
}

/// One event; none that is known where the watcher itself met an error.
#[derive(Clone, Copy)]
pub(in crate::source) struct PathEvent<'a>(Option<&'a Event>);

impl PathEvent<'_> {
    /// Returns true if it may concern what has this name, or siblings that its name begins.
    pub(in crate::source) fn concerns(self, name: &OsStr) -> bool {
        self.0.is_none_or(|event| concerns(event, name))
    }
}

/// Where no other watcher tells of the files in a directory.
#[cfg(not(target_os = "linux"))]
impl<'a> PathEvent<'a> {
    /// Returns true if events were lost.
    pub(in crate::source) fn is_overflow(self) -> bool {
        self.0.is_none_or(Event::need_rescan)
    }

    /// Name of a file that was written to.
    pub(in crate::source) fn written(self) -> Option<&'a OsStr> {
        let event =
            self.0.filter(|event| matches!(event.kind, EventKind::Create(_) | EventKind::Modify(_)))?;
        event.paths.last()?.file_name()
    }
}

/// Returns true if an event may concern the log or its siblings. Our own opening and reading does not.
fn concerns(event: &Event, name: &OsStr) -> bool {
    if matches!(event.kind, EventKind::Access(_)) && !event.need_rescan() {
        return false;
    }
    let is_ours =
        |path: &PathBuf| path.file_name().is_none_or(|other| other.as_bytes().starts_with(name.as_bytes()));
    event.need_rescan() || event.paths.is_empty() || event.paths.iter().any(is_ours)
}

fn is_missing(error: &notify::Error) -> bool {
    match &error.kind {
        notify::ErrorKind::PathNotFound => true,
        notify::ErrorKind::Io(error) => error.kind() == std::io::ErrorKind::NotFound,
        _ => false,
    }
}

fn words(error: notify::Error) -> String {
    match error.kind {
        notify::ErrorKind::MaxFilesWatch => "the system's limit of watches is reached".to_owned(),
        notify::ErrorKind::Io(error) if crate::source::limit::reached(&error).is_some() => {
            "the limit of open files, or of watchers of a user, is reached".to_owned()
        }
        notify::ErrorKind::Io(error) => crate::source::open::reason(&error),
        other => notify::Error::new(other).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use notify::event::{AccessKind, CreateKind, DataChange, Flag, ModifyKind, RenameMode};

    use super::*;

    #[test]
    fn only_what_may_concern_the_log_is_a_hint() {
        let data = EventKind::Modify(ModifyKind::Data(DataChange::Any));
        let moved = EventKind::Modify(ModifyKind::Name(RenameMode::From));
        for (kind, path, expected) in [
            (data, "/d/log", true),
            (data, "/d/log.1", true),
            (moved, "/d/log", true),
            (EventKind::Create(CreateKind::File), "/d/log", true),
            (EventKind::Access(AccessKind::Read), "/d/log", false),
            (data, "/d/other", false),
            (data, "/", true),
        ] {
            let event = Event::new(kind).add_path(path.into());
            assert_eq!(concerns(&event, OsStr::new("log")), expected, "{event:?}");
        }
        assert!(concerns(&Event::new(EventKind::Other).set_flag(Flag::Rescan), OsStr::new("log")));
    }
}
