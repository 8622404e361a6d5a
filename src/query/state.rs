//! States by the words for them: names of the engine's table, groups, and phases, which are the same for every engine.

use super::compare::Compare;
use super::value::{Wrong, wrong};
use crate::model::nearest::nearest;
use crate::model::states::{Phase, State, StateSet, StateTable};

/// A name of a group, and which states are in it.
type Group = (&'static str, fn(State) -> bool);

/// Groups of states, the same for every engine.
pub(super) const GROUPS: [Group; 3] = [
    ("live", |state| !state.is_terminal()),
    ("ended", State::is_terminal),
    ("failure", |state| state.phase() == Phase::Failed),
];

/// The states that a query may name.
#[derive(Debug, Clone, Copy)]
pub(super) struct States(&'static StateTable);

impl States {
    /// The states of an engine.
    pub(super) const fn of(table: &'static StateTable) -> Self {
        Self(table)
    }

    /// Is true where an id may be any text.
    pub(super) const fn may_have_text_ids(self) -> bool {
        self.0.has_text_ids()
    }

    /// The states for which something holds.
    pub(super) fn filter(self, holds: impl Fn(State) -> bool) -> StateSet {
        self.0.all().filter(|state| holds(*state)).map(State::id).collect()
    }

    /// Returns the states that a word names. `:` takes the beginning of a name. Whole names go before
    /// beginnings; states before groups of them, and these before phases.
    pub(super) fn named(self, text: &str, compare: Compare) -> Result<StateSet, Wrong> {
        let typed = plain(text);
        let whole = self.first(|name| name == typed);
        let begins = compare == Compare::Fits && !typed.is_empty();
        let found = whole.or_else(|| self.first(|name| begins && name.starts_with(&typed)));
        let found = found.ok_or_else(|| unknown_state(text, self.0))?;
        Ok(if compare == Compare::Differs { found.inverted() } else { found })
    }

    /// The states whose name fits; else those of the first group or phase whose name does.
    fn first(self, fits: impl Fn(&str) -> bool) -> Option<StateSet> {
        let states = || self.filter(|state| fits(&plain(state.name())));
        let group = || {
            let (_, has) = GROUPS.into_iter().find(|(name, _)| fits(name))?;
            Some(self.filter(has))
        };
        let phases = || self.filter(|state| fits(&plain(state.phase().name())));
        let known = |states: StateSet| (!states.is_empty()).then_some(states);
        known(states()).or_else(group).or_else(|| known(phases()))
    }
}

fn unknown_state(text: &str, table: &'static StateTable) -> Wrong {
    let names = || table.listed().map(State::name).chain(GROUPS.iter().map(|(name, _)| *name));
    let phases = Phase::ALL.into_iter().filter(|phase| table.of(*phase).next().is_some()).map(Phase::name);
    let hint = match nearest(text, names().chain(phases)) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("the states are {}", names().collect::<Vec<_>>().join(", ")),
    };
    wrong(format!("there is no state `{text}`"), hint)
}

/// A name as it is compared: `RetryWait`, `retry_wait` and `retry-wait` are one, and so are `canceled` and `cancelled`.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase);
    letters.collect::<String>().replace("cancell", "cancel")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::actionqueue::states::STATES;
    use crate::model::states::StateRow;

    #[test]
    fn a_state_has_several_spellings() {
        use crate::engine::actionqueue::states::RunState::{
            self, Awaiting, Canceled, Completed, Leased, Ready, RetryWait, Running,
        };
        let live: Vec<RunState> = RunState::ALL.into_iter().filter(|state| !state.is_terminal()).collect();
        for (text, compare, expected) in [
            ("running", Compare::Fits, &[Running][..]),
            ("RUN", Compare::Fits, &[Running]),
            ("r", Compare::Fits, &[Ready, Running, RetryWait]),
            ("retry_wait", Compare::Same, &[RetryWait]),
            ("RetryWait", Compare::Fits, &[RetryWait]),
            ("retry-w", Compare::Fits, &[RetryWait]),
            ("cancelled", Compare::Same, &[Canceled]),
            ("c", Compare::Fits, &[Completed, Canceled]),
            ("a", Compare::Fits, &[Awaiting]),
            ("l", Compare::Fits, &[Leased]),
            ("live", Compare::Fits, &live),
            ("li", Compare::Fits, &live),
            ("ended", Compare::Differs, &live),
        ] {
            let found = States::of(&STATES).named(text, compare).unwrap();
            let found: Vec<RunState> =
                RunState::ALL.into_iter().filter(|state| found.has(state.id())).collect();
            assert_eq!(found, expected, "{text}");
        }
        for (text, compare) in [("run", Compare::Same), ("x", Compare::Fits), ("", Compare::Fits)] {
            assert!(States::of(&STATES).named(text, compare).is_err(), "{text}");
        }
    }

    /// A state of an engine that names its states by no phase.
    const fn row(name: &'static str, phase: Phase) -> StateRow {
        let [label, short, glyph, ascii] = [name, name, "◦", "."];
        StateRow { name, label, short, glyph, ascii, phase, cancelable: false, next: StateSet::NONE }
    }

    static OTHER: StateTable = StateTable::new(&[
        row("Queued", Phase::Ready),
        row("UP", Phase::Running),
        row("Failed", Phase::Succeeded),
        row("Broken", Phase::Failed),
        row("Lost", Phase::Failed),
        row("Cancelled", Phase::Canceled),
    ]);

    #[test]
    fn a_phase_stands_for_its_states_where_no_state_is_called_so() {
        let other = States::of(&OTHER);
        for (text, compare, expected) in [
            ("ready", Compare::Fits, &["Queued"][..]),
            ("running", Compare::Same, &["UP"]),
            ("run", Compare::Fits, &["UP"]),
            ("queued", Compare::Fits, &["Queued"]),
            ("failed", Compare::Same, &["Failed"]),
            ("canceled", Compare::Same, &["Cancelled"]),
            ("cancell", Compare::Fits, &["Cancelled"]),
            ("succeeded", Compare::Fits, &["Failed"]),
            ("ended", Compare::Differs, &["Queued", "UP"]),
        ] {
            let found = other.named(text, compare).unwrap();
            let found: Vec<&str> = OTHER.all().filter(|it| found.has(it.id())).map(State::name).collect();
            assert_eq!(found, expected, "{text}");
        }
        for (text, hint) in [
            ("parked", "the states are Queued, UP, Failed, Broken, Lost, Cancelled, live, ended"),
            ("retrying", "the states are"),
            ("quued", "did you mean `Queued`?"),
            ("runing", "did you mean `running`?"),
        ] {
            assert!(other.named(text, Compare::Fits).unwrap_err().hint.starts_with(hint), "{text}");
        }
        // Where the table is not known, any name may be that of a state.
    }
}
