//! The ways in time that keys ask for: a minute, along a run, to the next failure.
//!
//! Must not know how a position is reached.

use super::edge::Edge;
use crate::history::{Goal, History};
use crate::store::RunKey;

/// A minute, in seconds.
const MINUTE_SECONDS: u64 = 60;

/// A direction in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// To the past.
    Back,
    /// To the present.
    Forward,
}

/// A way that a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// A minute of the log's time.
    Minute(Turn),
    /// To another event of the run that is looked at.
    OfRun(Turn),
    /// To a line that was refused, could not be read or reports a failure.
    Trouble(Turn),
}

/// The end of a way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Destination {
    pub(super) goal: Goal,
    /// The position that the way must lead away from.
    pub(super) leaving: Option<(u64, Turn)>,
    /// The run that it leads to.
    pub(super) finds: Option<RunKey>,
}

/// The instant from which a way is asked for.
pub(super) struct Outset<'a> {
    /// The end of the way that is on.
    pub(super) goal: Option<Goal>,
    pub(super) history: &'a History,
    pub(super) edge: Edge,
}

impl Destination {
    const fn of(goal: Goal) -> Self {
        Self { goal, leaving: None, finds: None }
    }
}

impl Outset<'_> {
    /// The position at the end of the way that is on: presses in a row add up.
    pub(super) fn aim(&self) -> u64 {
        match self.goal {
            Some(Goal::Position(position)) => position.min(self.history.edge()),
            _ => self.history.position(),
        }
    }

    /// The end of a way, or why there is none. `run` is the one that is looked at.
    pub(super) fn destination(&self, way: Way, run: Option<RunKey>) -> Result<Destination, &'static str> {
        let here = self.aim();
        match way {
            Way::Minute(turn) => Ok(self.minute(turn, here)),
            Way::OfRun(turn) => {
                let run = run.ok_or("no run is under the cursor")?;
                along(run, turn, here, self.history).map(Destination::of)
            }
            Way::Trouble(turn) => trouble(turn, here, self.history),
        }
    }

    fn minute(&self, turn: Turn, here: u64) -> Destination {
        let Self { history, edge, .. } = self;
        if edge.is_timeless {
            let part = (history.edge() / 100).max(1);
            let to = if turn == Turn::Back { here.saturating_sub(part) } else { here + part };
            return Destination::of(Goal::Position(to));
        }
        let minute = history.store().unit().of_seconds(MINUTE_SECONDS);
        let at = match self.goal {
            Some(Goal::Time(at)) => at,
            _ => history.store().latest_at(),
        };
        let at = if turn == Turn::Back { at.saturating_sub(minute) } else { at.saturating_add(minute) };
        // Where nothing happened for a minute, the next thing that did is gone to.
        let end = if turn == Turn::Back { 0 } else { history.edge() };
        let leaving = Some((here, turn)).filter(|_| here != end);
        Destination { goal: Goal::Time(at), leaving, finds: None }
    }
}

/// The next event of a run, or the one before.
fn along(run: RunKey, turn: Turn, here: u64, history: &History) -> Result<Goal, &'static str> {
    let lines = history.all_lines_of(run).map(|line| line + 1);
    let (to, words) = match turn {
        Turn::Back => {
            let words = "this is the first event of the run that is kept";
            (lines.into_iter().find(|after| *after < here), words)
        }
        Turn::Forward => {
            (lines.take_while(|after| *after > here).last(), "this is the last event of the run")
        }
    };
    to.map(Goal::Position).ok_or(words)
}

/// The next line that was refused, could not be read or reports a failure, or the one before.
fn trouble(turn: Turn, here: u64, history: &History) -> Result<Destination, &'static str> {
    let (line, words) = match turn {
        Turn::Forward => (history.trouble_after(here), "no problem and no failure follows"),
        Turn::Back => {
            let before = here.checked_sub(1).and_then(|line| history.trouble_before(line));
            (before, "no problem and no failure came before")
        }
    };
    let line = line.ok_or(words)?;
    Ok(Destination { finds: history.run_of(line), ..Destination::of(Goal::Position(line + 1)) })
}
