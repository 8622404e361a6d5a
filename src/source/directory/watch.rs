//! The watcher of a directory: each trigger is answered by one read, in the watcher's own thread, so that no save waits for
//! what is done with the ones before it.
//!
//! Must not know what is done with a read.

use std::ffi::OsStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use super::file_event::FileEvent;
#[cfg(target_os = "linux")]
use super::inotify::FileEvents;
use super::read::{FileRead, FileReader};
use crate::fault::{Fault, Faults};
use crate::source::Rouse;
use crate::source::file::watch::{PathEvent, PathWatcher};

/// Bytes of reads that may wait to be taken. Beyond them, triggers are lost, as those are that the system has no room for.
const MAX_WAITING_BYTES: usize = 64 << 20;

/// A read costs as many bytes beside its own.
const READ_BYTES: usize = size_of::<Heard>() + 128;

/// Answer to a trigger.
#[derive(Debug)]
pub(super) enum Heard {
    /// A file, as it was read.
    Read(FileRead),
    /// A file that was written has vanished.
    Vanished(Box<str>),
    /// Triggers were lost: the directory is to be read as a whole.
    Lost,
}

/// Reads that were triggered, and the watcher that triggers them.
pub(super) struct Triggers {
    watcher: PathWatcher,
    #[cfg(target_os = "linux")]
    files: FileEvents,
    heard: Receiver<Heard>,
    room: Arc<Room>,
}

/// State that the threads of watchers and of the source share.
#[derive(Debug, Default)]
struct Room {
    waiting_bytes: AtomicUsize,
    /// Triggers are being lost, until that is taken.
    is_lossy: AtomicBool,
    /// Something may have happened to the directory itself.
    is_path_changed: AtomicBool,
}

impl Triggers {
    /// Sets up a watcher that calls `rouse` when there is something to take.
    ///
    /// # Errors
    /// In words, when the system gives no watcher.
    pub(super) fn new(reader: FileReader, faults: Faults, rouse: Rouse) -> Result<Self, String> {
        let (send, heard) = channel();
        let room = Arc::new(Room::default());
        let dir = reader.dir().to_owned();
        let name = dir.file_name().unwrap_or_default().to_owned();
        let side = Arc::new(WatcherSide { reader, send, room: Arc::clone(&room), faults, rouse });
        let of_path = Arc::clone(&side);
        #[cfg(target_os = "linux")]
        let (watcher, files) = (
            PathWatcher::beside(&dir, move |event| of_path.look(event, &name))?,
            FileEvents::new(&dir, move |event| side.answer(event))?,
        );
        #[cfg(not(target_os = "linux"))]
        let watcher = PathWatcher::new(&dir, move |event| {
            if event.is_overflow() {
                side.answer(FileEvent::Lost);
            } else if let Some(name) = event.written().and_then(OsStr::to_str) {
                side.answer(FileEvent::Written(name));
            }
            of_path.look(event, &name);
        })?;
        Ok(Self {
            watcher,
            #[cfg(target_os = "linux")]
            files,
            heard,
            room,
        })
    }

    /// Takes the next answer, if there is one.
    pub(super) fn take(&self) -> Option<Heard> {
        let heard = self.heard.try_recv().ok()?;
        match &heard {
            Heard::Read(read) => {
                self.room.waiting_bytes.fetch_sub(read.line.len() + READ_BYTES, Ordering::SeqCst);
            }
            // From here on triggers are heard again. What was lost before is read after this.
            Heard::Lost => self.room.is_lossy.store(false, Ordering::SeqCst),
            Heard::Vanished(_) => (),
        }
        Some(heard)
    }

    /// Says once that something may have happened to the directory itself.
    pub(super) fn take_change(&self) -> bool {
        self.room.is_path_changed.swap(false, Ordering::SeqCst)
    }

    /// Watches what the path leads to now, and says whether that is new: then something may have gone unseen.
    ///
    /// # Errors
    /// In words, when the system refuses one more watch.
    pub(super) fn renew(&mut self) -> Result<bool, String> {
        let is_new = self.watcher.renew()?;
        #[cfg(target_os = "linux")]
        let is_new = self.files.renew()? || is_new;
        Ok(is_new)
    }
}

/// The part of it that is in the threads of watchers.
struct WatcherSide {
    reader: FileReader,
    send: Sender<Heard>,
    room: Arc<Room>,
    faults: Faults,
    rouse: Rouse,
}

impl WatcherSide {
    /// Answers an event of a file.
    fn answer(&self, event: FileEvent<'_>) {
        let has_answer = match event {
            FileEvent::Lost => self.lose(),
            FileEvent::Written(name) if (self.reader.shape.is_named)(name) => self.read(name),
            FileEvent::Written(_) => false,
        };
        if has_answer {
            self.rouse();
        }
    }

    /// Notes an event of the directory itself.
    fn look(&self, event: PathEvent<'_>, name: &OsStr) {
        if event.concerns(name) {
            self.room.is_path_changed.store(true, Ordering::SeqCst);
            self.rouse();
        }
    }

    fn rouse(&self) {
        self.faults.strike(Fault::PanicWatcher);
        (self.rouse)();
    }

    fn read(&self, name: &str) -> bool {
        if self.room.is_lossy.load(Ordering::SeqCst) {
            return false;
        }
        if self.room.waiting_bytes.load(Ordering::SeqCst) > MAX_WAITING_BYTES {
            return self.lose();
        }
        let heard = self.reader.read(name).map_or_else(|| Heard::Vanished(name.into()), Heard::Read);
        if let Heard::Read(read) = &heard {
            self.room.waiting_bytes.fetch_add(read.line.len() + READ_BYTES, Ordering::SeqCst);
        }
        // The source is gone when this fails, and this with it.
        self.send.send(heard).is_ok()
    }

    fn lose(&self) -> bool {
        let is_new = !self.room.is_lossy.swap(true, Ordering::SeqCst);
        is_new && self.send.send(Heard::Lost).is_ok()
    }
}
