//! Events of the files in a directory, as Linux tells them: one a save, and none of what is only read.
//!
//! A watcher that is told of each opening would be woken by its own reads. Must not read a file.

use std::fs;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::thread;

use rustix::fs::inotify::{self, CreateFlags, ReadFlags, Reader, WatchFlags};
use rustix::io::Errno;

use super::file_event::FileEvent;
use crate::source::open::{FileId, reason};

/// Bytes of events that are read at once.
const EVENTS_BYTES: usize = 16 << 10;

/// No watch has this number.
const NO_WATCH: i32 = -1;

/// The events of one directory, and the thread that hears them.
pub(super) struct FileEvents {
    dir: PathBuf,
    watched: Option<FileId>,
    shared: Arc<Shared>,
}

/// State that the thread and its owner share.
struct Shared {
    inotify: OwnedFd,
    /// Number of the watch, as long as the system has it: it goes with the directory.
    watch: AtomicI32,
    is_over: AtomicBool,
}

impl FileEvents {
    /// Begins to hear of the files of a directory.
    ///
    /// # Errors
    /// In words, when the system gives no watcher.
    pub(super) fn new(dir: &Path, hear: impl Fn(FileEvent<'_>) + Send + 'static) -> Result<Self, String> {
        let inotify = inotify::init(CreateFlags::CLOEXEC).map_err(words)?;
        let shared =
            Arc::new(Shared { inotify, watch: AtomicI32::new(NO_WATCH), is_over: AtomicBool::default() });
        let of_thread = Arc::clone(&shared);
        let thread = thread::Builder::new().name("directory watcher".to_owned());
        thread.spawn(move || of_thread.listen(hear)).map_err(|error| reason(&error))?;
        let mut events = Self { dir: dir.to_owned(), watched: None, shared };
        events.renew()?;
        Ok(events)
    }

    /// Watches what the path leads to now, and says whether that is new.
    ///
    /// # Errors
    /// In words, when the system refuses one more watch.
    pub(super) fn renew(&mut self) -> Result<bool, String> {
        let Shared { inotify, watch, .. } = &*self.shared;
        let found = fs::metadata(&self.dir).ok().filter(fs::Metadata::is_dir).map(|meta| FileId::of(&meta));
        let number = watch.load(Ordering::SeqCst);
        if found == self.watched.filter(|_| number != NO_WATCH) {
            return Ok(false);
        }
        if self.watched.take().is_some() && watch.swap(NO_WATCH, Ordering::SeqCst) != NO_WATCH {
            // Fails when the watch has just gone with its directory, which is as well.
            let _ = inotify::remove_watch(inotify, number);
        }
        if found.is_some() {
            let flags = WatchFlags::CLOSE_WRITE | WatchFlags::MOVED_TO | WatchFlags::ONLYDIR;
            match inotify::add_watch(inotify, &self.dir, flags) {
                Ok(number) => {
                    watch.store(number, Ordering::SeqCst);
                    self.watched = found;
                }
                Err(Errno::NOENT | Errno::NOTDIR) => (),
                Err(error) => return Err(words(error)),
            }
        }
        Ok(true)
    }
}

impl Drop for FileEvents {
    /// Ends the thread: the end of any watch is an event that wakes it.
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        if let Ok(number) = inotify::add_watch(&self.shared.inotify, "/", WatchFlags::DELETE_SELF) {
            let _ = inotify::remove_watch(&self.shared.inotify, number);
        }
    }
}

impl Shared {
    fn listen(&self, hear: impl Fn(FileEvent<'_>)) {
        let mut space = [MaybeUninit::uninit(); EVENTS_BYTES];
        let mut reader = Reader::new(&self.inotify, &mut space);
        loop {
            let event = match reader.next() {
                Ok(event) => event,
                Err(Errno::INTR) => continue,
                // Nothing more is heard: polls find what is written.
                Err(_) => return hear(FileEvent::Lost),
            };
            if self.is_over.load(Ordering::SeqCst) {
                return;
            }
            let flags = event.events();
            if flags.contains(ReadFlags::QUEUE_OVERFLOW) {
                hear(FileEvent::Lost);
            } else if flags.contains(ReadFlags::IGNORED) {
                let (watch, order) = (event.wd(), Ordering::SeqCst);
                // Another watch may be there already.
                let _ = self.watch.compare_exchange(watch, NO_WATCH, order, order);
            } else if let Some(Ok(name)) = event.file_name().map(|name| name.to_str()) {
                hear(FileEvent::Written(name));
            }
        }
    }
}

fn words(error: Errno) -> String {
    match error {
        Errno::NOSPC => "the system's limit of watches is reached".to_owned(),
        Errno::MFILE => "the limit of open files, or of watchers of a user, is reached".to_owned(),
        other => reason(&other.into()),
    }
}
