//! Faults on demand, so that what is done about a fault is tested on the program itself: `RUNWATCH_FAULT=dead:reader`.
//!
//! Debug builds alone have them. In a release build none can be asked for, and what looks for one is compiled away.
//! Must not know what the parts do that a fault happens to.

use thiserror::Error;

/// Something that goes wrong because it was asked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The loop panics at the first key.
    PanicLoop,
    /// The reader of the log panics when the log has changed.
    PanicReader,
    /// The reader of keys panics at the first key.
    PanicKeys,
    /// The watcher of the log panics when it sees the first change.
    PanicWatcher,
    /// The sender panics at the first command.
    PanicSender,
    /// The writer to the terminal panics when the first key was answered.
    PanicWriter,
    /// The reader of the log ends when the log has changed.
    DeadReader,
    /// The reader of keys ends at the first key.
    DeadKeys,
    /// The watcher of the log ends when it has begun.
    DeadWatcher,
    /// The sender ends at the first command.
    DeadSender,
    /// The reader of the log cannot be started.
    StartReader,
    /// The reader of keys cannot be started.
    StartKeys,
    /// The writer to the terminal cannot be started.
    StartWriter,
    /// A read of the log yields less than is there.
    ReadShort,
    /// A read of the log is interrupted.
    ReadEintr,
    /// One read of the log fails with an I/O error.
    ReadEioOnce,
    /// One read of the log fails since the server has forgotten the file.
    ReadEstaleOnce,
    /// A descriptor of the log that has given its end gives nothing more.
    ReadFrozen,
}

/// Every fault by its name.
const NAMES: [(&str, Fault); 18] = [
    ("panic:loop", Fault::PanicLoop),
    ("panic:reader", Fault::PanicReader),
    ("panic:keys", Fault::PanicKeys),
    ("panic:watcher", Fault::PanicWatcher),
    ("panic:sender", Fault::PanicSender),
    ("panic:writer", Fault::PanicWriter),
    ("dead:reader", Fault::DeadReader),
    ("dead:keys", Fault::DeadKeys),
    ("dead:watcher", Fault::DeadWatcher),
    ("dead:sender", Fault::DeadSender),
    ("start:reader", Fault::StartReader),
    ("start:keys", Fault::StartKeys),
    ("start:writer", Fault::StartWriter),
    ("read:short", Fault::ReadShort),
    ("read:eintr", Fault::ReadEintr),
    ("read:eio-once", Fault::ReadEioOnce),
    ("read:estale-once", Fault::ReadEstaleOnce),
    ("read:frozen", Fault::ReadFrozen),
];

/// A word that names no fault.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is no fault")]
pub struct Unknown(pub String);

impl Unknown {
    /// Lists the known faults.
    #[must_use]
    pub fn hint(&self) -> String {
        format!("the faults are {}", NAMES.map(|(name, _)| name).join(", "))
    }
}

/// The faults that were asked for; none by default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Faults(u32);

impl Faults {
    /// Reads names with commas between them. A release build reads nothing.
    ///
    /// # Errors
    /// When a name is none.
    pub fn parse(text: &str) -> Result<Self, Unknown> {
        let mut faults = Self::default();
        if cfg!(debug_assertions) {
            for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
                let known = NAMES.iter().find(|(name, _)| *name == word);
                let (_, fault) = known.ok_or_else(|| Unknown(word.to_owned()))?;
                faults.0 |= fault.bit();
            }
        }
        Ok(faults)
    }

    /// Returns true if a fault was asked for.
    #[must_use]
    pub const fn has(self, fault: Fault) -> bool {
        cfg!(debug_assertions) && self.0 & fault.bit() != 0
    }

    /// Panics if that was asked for.
    ///
    /// # Panics
    /// On demand.
    #[allow(clippy::manual_assert, reason = "it is no claim, but what was asked for")]
    pub fn strike(self, fault: Fault) {
        if self.has(fault) {
            panic!("{fault:?}, on demand");
        }
    }

    /// Fails as a system does that has no thread left, if that was asked for.
    ///
    /// # Errors
    /// On demand.
    pub fn start(self, fault: Fault) -> std::io::Result<()> {
        if self.has(fault) { Err(std::io::ErrorKind::WouldBlock.into()) } else { Ok(()) }
    }
}

impl Fault {
    const fn bit(self) -> u32 {
        1 << self as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_one_name_and_no_other_is_asked_for_by_it() {
        for (name, fault) in NAMES {
            let faults = Faults::parse(name).unwrap();
            let all = NAMES.iter().filter(|(_, other)| faults.has(*other) == cfg!(debug_assertions));
            let expected = if cfg!(debug_assertions) { 1 } else { NAMES.len() };
            assert_eq!((all.count(), faults.has(fault)), (expected, cfg!(debug_assertions)), "{name}");
        }
        assert_eq!(Faults::parse(""), Ok(Faults::default()));
    }

    #[cfg(debug_assertions)]
    #[test]
    fn several_are_named_with_commas_and_a_wrong_name_is_told() {
        let faults = Faults::parse("read:short, read:eintr,dead:keys").unwrap();
        assert!([Fault::ReadShort, Fault::ReadEintr, Fault::DeadKeys].into_iter().all(|it| faults.has(it)));
        assert!(!faults.has(Fault::ReadEioOnce) && faults.start(Fault::StartKeys).is_ok());
        let error = Faults::parse("read:short,read:long").unwrap_err();
        assert_eq!(error.to_string(), "`read:long` is no fault");
        assert!(error.hint().ends_with("read:frozen"));
    }
}
