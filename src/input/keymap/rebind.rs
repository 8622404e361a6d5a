//! Other keys for an action, and what must not come of them.
//!
//! Rebinding takes every key that an action has in some modes away and gives it others. Afterward the whole keymap is
//! judged: whether each key means one thing, a yes cannot slip out, and there is a way out of everywhere.

use super::{Binding, Key, Keymap, Mode, Modes};
use crate::input::Action;

/// Keys that the user wants for an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebinding {
    /// The action.
    pub action: Action,
    /// Where; none for wherever it has keys.
    pub mode: Option<Mode>,
    /// The keys; it may be none at all.
    pub keys: Vec<Key>,
}

/// Error in a keymap, and the rebinding that causes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeymapFault {
    /// The number of the rebinding, from 0.
    pub rebinding: usize,
    /// Reason, as a sentence without its end.
    pub what: String,
}

/// Actions without which the user is stuck, and the modes in which that is so.
const NEEDED: [(Action, &[Mode]); 3] = [
    (Action::Quit, &Mode::ALL),
    (Action::Keep, &[Mode::Dialog, Mode::Count, Mode::Prompt, Mode::Find, Mode::Command]),
    (Action::Accept, &[Mode::Prompt, Mode::Find, Mode::Command]),
];

impl Keymap {
    /// The keys of the table, but for these.
    ///
    /// # Errors
    /// With all that is wrong, when a key would mean two things, or one that an action cannot do without be gone.
    pub fn rebound(rebindings: &[Rebinding]) -> Result<Self, Vec<KeymapFault>> {
        let mut keymap = Self::default();
        let mut faults = Vec::new();
        for (number, rebinding) in rebindings.iter().enumerate() {
            if let Err(what) = keymap.rebind(rebinding) {
                faults.push(KeymapFault { rebinding: number, what });
            }
        }
        keymap.judge(rebindings, &mut faults);
        if faults.is_empty() { Ok(keymap) } else { Err(faults) }
    }

    /// The modes in which an action has keys.
    #[must_use]
    pub fn modes(&self, action: Action) -> Modes {
        let rows = self.rows.iter().filter(|row| row.action == action);
        rows.fold(Modes::NONE, |modes, row| modes.or(row.modes))
    }

    fn rebind(&mut self, rebinding: &Rebinding) -> Result<(), String> {
        let Rebinding { action, mode, keys } = rebinding;
        let modes = mode.map_or(Modes::ALL, |mode| Modes::of(&[mode]));
        if let Some(mode) = mode
            && !Self::default().modes(*action).has(*mode)
        {
            return Err(format!("`{}` means nothing in `{}`", action.name(), mode.name()));
        }
        if self.modes(*action).and(modes).iter().all(|mode| self.has_just(keys, *action, mode))
            && !keys.is_empty()
        {
            return Ok(());
        }
        let mut done = Modes::NONE;
        let mut rows = Vec::with_capacity(self.rows.len() + keys.len());
        for row in std::mem::take(&mut self.rows) {
            let taken = row.modes.and(modes);
            if row.action != *action || taken.is_empty() {
                rows.push(row);
                continue;
            }
            let new = taken.without(done);
            done = done.or(taken);
            rows.extend(others(row, new, keys));
            let left = row.modes.without(modes);
            if !left.is_empty() {
                rows.push(Binding { modes: left, ..row });
            }
        }
        self.rows = rows;
        Ok(())
    }

    /// Returns true if an action has these keys in a mode, in this order, and no other.
    fn has_just(&self, keys: &[Key], action: Action, mode: Mode) -> bool {
        let rows = self.in_mode(mode).filter(|row| row.action == action);
        rows.map(|row| row.key).eq(keys.iter().copied())
    }

    fn judge(&self, rebindings: &[Rebinding], faults: &mut Vec<KeymapFault>) {
        let rebinding = |action| rebindings.iter().rposition(|it| it.action == action);
        let mut find = |actions: &[Action], what: String| {
            // What was not rebound is right.
            let Some(rebinding) = actions.iter().find_map(|action| rebinding(*action)) else { return };
            if !faults.iter().any(|fault| fault.what == what) {
                faults.push(KeymapFault { rebinding, what });
            }
        };
        for (a, b, mode) in self.clashes() {
            let (key, names) = (a.key.label(), [a, b].map(|row| row.action.name()));
            let what = format!("`{key}` is both `{}` and `{}` in `{}`", names[0], names[1], mode.name());
            find(&[b.action, a.action], what);
        }
        let of = |action| self.rows.iter().filter(move |row| row.action == action);
        for row in of(Action::Confirm) {
            let key = row.key.label();
            if row.key.is_reflex() {
                let what = "one press without a thought would cancel a run";
                find(&[Action::Confirm], format!("`confirm` cannot be `{key}`: {what}"));
            } else if row.key.letter().is_some_and(|letter| Mode::Count.takes(letter)) {
                let what = "the question about many runs is answered with their number first";
                find(&[Action::Confirm], format!("`confirm` cannot be `{key}`: {what}"));
            } else if of(Action::CancelRun).any(|it| it.key == row.key) {
                let what = "it opens the question, and pressed twice would answer it";
                find(&[Action::Confirm, Action::CancelRun], format!("`confirm` cannot be `{key}`: {what}"));
            }
        }
        for (action, modes) in NEEDED {
            for mode in modes {
                if !of(action).any(|row| row.modes.has(*mode)) {
                    let why = if mode.is_typed() { ", and letters are typed there" } else { "" };
                    let (name, mode) = (action.name(), mode.name());
                    find(&[action], format!("`{name}` needs a key in `{mode}`{why}"));
                    break;
                }
            }
        }
    }

    /// The pairs of rows that have a key in common in some mode, with the first such mode.
    fn clashes(&self) -> impl Iterator<Item = (&Binding, &Binding, Mode)> {
        let pairs =
            self.rows.iter().enumerate().flat_map(|(n, a)| self.rows[n + 1..].iter().map(move |b| (a, b)));
        pairs.filter(|(a, b)| a.key == b.key && a.action != b.action).filter_map(|(a, b)| {
            let mode = a.modes.and(b.modes).iter().next()?;
            Some((a, b, mode))
        })
    }
}

/// Yields the rows that replace one, in these modes. Where letters are typed, a letter stays one.
fn others(row: Binding, modes: Modes, keys: &[Key]) -> impl Iterator<Item = Binding> {
    keys.iter().enumerate().filter_map(move |(n, key)| {
        let typed = key.letter().map_or(Modes::NONE, Modes::that_take);
        let modes = modes.without(typed);
        let hint = row.hint.filter(|_| n == 0);
        (!modes.is_empty()).then_some(Binding { key: *key, modes, hint, ..row })
    })
}
