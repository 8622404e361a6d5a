//! The pane of runs: sections, and a row a run.

use super::{PaneRow, Rows, Shared, cancel_mark, row};
use crate::control::ledger::Ledger;
use crate::model::states::State;
use crate::store::{RunKey, RunSet};
use crate::view::arrange::{Direction, GroupId, Grouping, Sort};
use crate::view::column::fitted::Fitted;
use crate::view::detail::Tone;
use crate::view::list::{List, Row};
use crate::view::summary::Flow;
use crate::view::{Fold, LogClock, RunRow, waiting};

/// The pane.
#[derive(Debug)]
pub struct RunsPane<'a> {
    /// Facts that it shares with the others.
    pub shared: Shared<'a>,
    /// The rows on the screen.
    pub rows: Rows<PaneRow<'a>>,
    /// The columns that there is room for.
    pub columns: Fitted,
    /// The column that runs are sorted by, and the end that comes first.
    pub sort: (Sort, Direction),
    /// Tells instants.
    pub clock: LogClock<'a>,
    /// The reason why there may be no row.
    pub emptiness: Emptiness<'a>,
}

/// Facts that the rows are made from.
#[derive(Debug)]
pub struct RunFacts<'a> {
    /// Facts that the pane shares with the others.
    pub shared: Shared<'a>,
    /// The grouping of runs.
    pub grouping: Grouping,
    /// The marked runs; none where marks mean nothing.
    pub marked: Option<&'a RunSet>,
    /// The outcome of cancels.
    pub ledger: &'a Ledger,
    /// True where the causes of waits are shown.
    pub shows_waiting: bool,
}

/// The reason why there is no row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Emptiness<'a> {
    /// The runs are still being looked through.
    Searched,
    /// No run answers the query.
    Unanswered,
    /// Nothing of the log can be read: why, and what helps, a sentence a line.
    Unread(Vec<String>),
    /// No event has come: the log's name, and how it is.
    Silent(&'a str, Flow),
}

/// One run, with all that its columns say.
#[derive(Debug)]
pub struct RunLine<'a> {
    /// Its facts.
    pub row: RunRow<'a>,
    /// True if it is marked.
    pub is_marked: bool,
    /// The outcome of its cancel.
    pub cancel: Option<(Tone, String)>,
    /// The cause of its wait, in words, and true if nothing will end it.
    pub waiting: Option<(bool, String)>,
}

/// The header of a section.
#[derive(Debug)]
pub struct SectionRow<'a> {
    /// The part of the section that is shown.
    pub fold: Fold,
    /// The number of its runs.
    pub n_runs: usize,
    /// Its title.
    pub title: SectionTitle<'a>,
}

/// The title of a section.
#[derive(Debug)]
pub enum SectionTitle<'a> {
    /// The runs of one state.
    State {
        /// The state.
        state: State,
        /// A word for the run whose age is shown.
        word: &'static str,
        /// The age of that run in words, where there is one.
        age: Option<String>,
        /// Runs that are only counted, where they belong to what is shown.
        n_gone: u64,
    },
    /// The runs of a task or of an owner.
    Named {
        /// The name.
        name: Option<&'a str>,
        /// Words for a name that there is not.
        unnamed: &'static str,
        /// The number of runs in each state.
        states: Vec<(State, u64)>,
    },
}

impl<'a> RunFacts<'a> {
    /// The rows of a list that fit into `height` lines.
    #[must_use]
    pub fn rows(&self, list: &List, height: usize) -> Rows<PaneRow<'a>> {
        let shelf = self.shared.shelves.runs();
        Rows::of(list, shelf, height, |row| match row {
            Row::Header { section, count, fold } => {
                PaneRow::Header(SectionRow { fold, n_runs: count, title: self.title(section) })
            }
            Row::Run(key) => PaneRow::Run(self.line(key)),
            Row::More { hidden, .. } => PaneRow::More(hidden),
        })
    }

    fn line(&self, key: RunKey) -> RunLine<'a> {
        let row = row(&self.shared, key);
        RunLine {
            is_marked: self.marked.is_some_and(|marked| marked.has(key)),
            cancel: self.ledger.standing(row.id).map(cancel_mark),
            waiting: self.waiting(key),
            row,
        }
    }

    fn waiting(&self, key: RunKey) -> Option<(bool, String)> {
        let Shared { shelves, second, ids, scene, .. } = self.shared;
        let why = self.shows_waiting.then(|| scene.why(shelves.store, key, second))??;
        Some((why.is_stuck, waiting::short(shelves.store, &why, ids, second)))
    }

    fn title(&self, section: GroupId) -> SectionTitle<'a> {
        let Shared { shelves, second, has_query, .. } = self.shared;
        let (store, shelf) = (shelves.store, shelves.runs());
        if let GroupId::State(state) = section {
            let (word, key) = if state.is_terminal() {
                ("latest", shelf.newest(section))
            } else {
                ("oldest", shelf.oldest(section))
            };
            let age = key.map(|key| store.unit().age_words(store.changed_at(key), second));
            let n_gone = if has_query { 0 } else { store.n_gone_of(state) };
            return SectionTitle::State { state, word, age, n_gone };
        }
        let counts = shelf.states_of(section);
        let states = store.states().listed();
        SectionTitle::Named {
            name: match section {
                GroupId::Named(Some(name)) => Some(store.text(name)),
                _ => None,
            },
            unnamed: if self.grouping == Grouping::Owner { "no owner" } else { "no name" },
            states: states.map(|state| (state, u64::from(counts[state.index()]))).collect(),
        }
    }
}
