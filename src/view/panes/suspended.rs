//! The pane of runs on hold: why each does not go on, on what budget, and since when.

use std::borrow::Cow;

use super::{Rows, Shared, StateHeader, row};
use crate::engine::cause::Cause;
use crate::model::facts::Budget;
use crate::store::RunKey;
use crate::view::arrange::GroupId;
use crate::view::list::{List, Row};
use crate::view::suspended::Stop;
use crate::view::{RunRow, waiting};

/// The pane.
#[derive(Debug)]
pub struct SuspendedPane<'a> {
    /// Facts that it shares with the others.
    pub shared: Shared<'a>,
    /// The rows on the screen.
    pub rows: Rows<StopLine<'a>>,
}

/// One row.
#[derive(Debug)]
pub enum StopLine<'a> {
    /// The header of a state; this pane has no other sections.
    Header(Option<StateHeader>),
    /// A run.
    Run {
        /// Its facts.
        row: RunRow<'a>,
        /// The reason why it does not go on.
        words: Cow<'a, str>,
        /// True if nothing will end its wait.
        is_stuck: bool,
        /// The budget of its task.
        budget: Option<&'a Budget>,
    },
    /// Runs that are not shown.
    More(usize),
}

impl<'a> SuspendedPane<'a> {
    /// The pane with the rows of a list that fit into `height` lines.
    #[must_use]
    pub fn of(shared: Shared<'a>, list: &List, height: usize) -> Self {
        let rows = Rows::of(list, shared.shelves.suspended(), height, |row| match row {
            Row::Header { section: GroupId::State(state), count: n_runs, fold } => {
                StopLine::Header(Some(StateHeader { state, n_runs, fold }))
            }
            Row::Header { .. } => StopLine::Header(None),
            Row::Run(key) => line(&shared, key),
            Row::More { hidden, .. } => StopLine::More(hidden),
        });
        Self { shared, rows }
    }
}

fn line<'a>(shared: &Shared<'a>, key: RunKey) -> StopLine<'a> {
    let stop = Stop::of(shared.shelves.store, key);
    let (words, is_stuck) = words(shared, key, &stop);
    StopLine::Run { row: row(shared, key), words, is_stuck, budget: stop.budget }
}

/// The reason why a run does not go on, and true if nothing will end that. An awaiting run may have a deadline.
fn words<'a>(shared: &Shared<'a>, key: RunKey, stop: &Stop<'a>) -> (Cow<'a, str>, bool) {
    let Shared { shelves, second, ids, scene, .. } = *shared;
    let store = shelves.store;
    let why = scene.why(store, key, second);
    match why.filter(|why| !matches!(why.cause, Cause::Suspended { .. })) {
        Some(why) => (waiting::short(store, &why, ids, second).into(), why.is_stuck),
        None => (stop.words().into(), false),
    }
}
