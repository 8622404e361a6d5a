//! The truth about each cancel: asked, sent, and then what the log says, or that it says nothing.
//!
//! The channel's reply proves nothing but that the channel took the command. A run is canceled when the log says
//! so. Reads no clock: every instant is handed in.

mod standing;

use std::collections::{HashMap, VecDeque};
use std::ops::Range;
use std::time::{Duration, Instant};

pub use standing::{Counts, Standing, UNCONFIRMED, ended_as};

use super::channel::WAITING;
use super::outcome::Outcome;
use crate::model::id::{CommandId, RunId};
use crate::model::states::{CancelProof, Phase, State};
use crate::model::time;

/// Time that the log may stay silent before the screen says so.
pub const TIMEOUT: Duration = Duration::from_secs(30);

/// Interval within which a second intent on the same run is taken for a slip of the finger.
pub const SLIP: Duration = Duration::from_secs(5);

/// Number of intents kept: many times what the channel holds, so no intent is forgotten while it waits there.
/// As many can be had at once; they take some ten megabytes.
pub const HISTORY: usize = 32 * WAITING;

/// One wish to cancel one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// Its name, which the command carries.
    pub id: CommandId,
    /// The run.
    pub run: RunId,
    /// The proof that its log can give.
    pub proof: CancelProof,
    /// When it was confirmed.
    pub asked_at: Instant,
    /// Status of the intent.
    pub standing: Standing,
}

impl Intent {
    /// Returns true if the channel took it, and the log has said nothing yet.
    fn is_sent(&self) -> bool {
        self.standing == Standing::Sent
    }

    /// Its status once the log has put the run into `state`; none where that says nothing of it.
    fn settled_by(&self, state: State, at_sequence: u64) -> Option<Standing> {
        if state.phase() == Phase::Canceled {
            return Some(Standing::Proved { by: state, at_sequence });
        }
        match self.proof {
            _ if !state.is_terminal() => None,
            CancelProof::Canceled => Some(Standing::Overtaken { by: state, at_sequence }),
            CancelProof::End => Some(Standing::Proved { by: state, at_sequence }),
            CancelProof::Unconfirmed => None,
        }
    }
}

/// A second intent came too soon after the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("already asked {} ago", time::words(ago.as_secs()))]
pub struct AlreadyAsked {
    /// Time since the first one.
    pub ago: Duration,
}

/// Every intent of this session, up to [`HISTORY`].
#[derive(Debug)]
pub struct Ledger {
    timeout: Duration,
    /// In the order in which they were asked. The first one has the number `forgotten`.
    intents: VecDeque<Intent>,
    /// Number of intents dropped from the history.
    forgotten: usize,
    /// The numbers of the intents that a command carries, as far as they are kept: one, or one for each run of a task.
    numbers: HashMap<CommandId, Range<usize>>,
    /// The number of the latest intent on a run.
    latest: HashMap<RunId, usize>,
    /// The numbers of the open intents on a run. Invariant: no run without one.
    open: HashMap<RunId, Vec<usize>>,
    /// When the log's silence becomes worth a word, and for whom, in the order in which they were sent.
    /// Invariant: the first one is still waited for.
    due: VecDeque<(Instant, CommandId)>,
    /// The number of the first intent of the batch that is counted, and what is known of it and those after it.
    batch: usize,
    counts: Counts,
}

impl Default for Ledger {
    fn default() -> Self {
        Self::new(TIMEOUT)
    }
}

impl Ledger {
    /// An empty ledger that waits for evidence as long as `timeout`.
    #[must_use]
    pub fn new(timeout: Duration) -> Self {
        Self {
            timeout,
            intents: VecDeque::new(),
            forgotten: 0,
            numbers: HashMap::new(),
            latest: HashMap::new(),
            open: HashMap::new(),
            due: VecDeque::new(),
            batch: 0,
            counts: Counts::default(),
        }
    }

    /// Notes that the operator wants `run` canceled, and names the intent. `proof` is that which the log can give.
    ///
    /// # Errors
    ///
    /// When the same was wanted a moment ago. One that was refused does not block the next.
    pub fn ask(&mut self, run: RunId, proof: CancelProof, now: Instant) -> Result<CommandId, AlreadyAsked> {
        if let Some(intent) = self.latest(run) {
            let ago = now.saturating_duration_since(intent.asked_at);
            if ago < SLIP && !matches!(intent.standing, Standing::Refused { .. }) {
                return Err(AlreadyAsked { ago });
            }
        }
        let id = CommandId::random();
        self.enter(id, run, proof, now);
        Ok(id)
    }

    /// Notes that the operator wants all of these runs canceled by one command, and names the intent.
    pub fn ask_together(
        &mut self,
        runs: impl IntoIterator<Item = RunId>,
        proof: CancelProof,
        now: Instant,
    ) -> CommandId {
        let id = CommandId::random();
        runs.into_iter().for_each(|run| self.enter(id, run, proof, now));
        id
    }

    fn enter(&mut self, id: CommandId, run: RunId, proof: CancelProof, now: Instant) {
        if self.intents.len() >= HISTORY {
            self.forget();
        }
        let number = self.forgotten + self.intents.len();
        self.intents.push_back(Intent { id, run, proof, asked_at: now, standing: Standing::Asked });
        self.counts.asked += 1;
        self.numbers.entry(id).or_insert(number..number).end = number + 1;
        self.latest.insert(run, number);
        self.open.entry(run).or_default().push(number);
    }

    /// From now on [`Ledger::counts`] counts the intents that follow, and those before no more.
    pub fn begin_batch(&mut self) {
        self.batch = self.forgotten + self.intents.len();
        self.counts = Counts::default();
    }

    /// Returns the intents of the batch, counted by status.
    #[must_use]
    pub const fn counts(&self) -> Counts {
        self.counts
    }

    /// Returns true if an intent is one of the batch.
    #[must_use]
    pub fn is_of_batch(&self, id: CommandId) -> bool {
        self.numbers.get(&id).is_some_and(|numbers| numbers.start >= self.batch)
    }

    /// Returns true if the log may still say something about any intent.
    #[must_use]
    pub fn has_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// Sets the status of the intent with a number, if it is kept.
    fn set_standing(&mut self, number: usize, standing: Standing) {
        let index = number.checked_sub(self.forgotten);
        let Some(intent) = index.and_then(|index| self.intents.get_mut(index)) else { return };
        if number >= self.batch {
            *self.counts.of(&intent.standing) -= 1;
            *self.counts.of(&standing) += 1;
        }
        intent.standing = standing;
    }

    /// Notes the outcome of a command. One that may have arrived although it was not confirmed counts as
    /// sent, and the log, or its silence, tells the rest.
    pub fn record(&mut self, outcome: &Outcome, now: Instant) {
        match &outcome.result {
            Ok(()) => self.sent(outcome.id, now),
            Err(error) if error.may_have_arrived() => self.sent(outcome.id, now),
            Err(error) => self.refused(outcome.id, error.to_string()),
        }
    }

    /// Notes that the channel took the command. A status that the log has given meanwhile remains. What the log cannot
    /// prove is not waited for.
    pub fn sent(&mut self, id: CommandId, now: Instant) {
        let due = now.checked_add(self.timeout);
        let mut is_waited_for = false;
        for number in self.numbered(id) {
            match self.at(number).filter(|intent| intent.standing == Standing::Asked) {
                None => (),
                Some(intent) if intent.proof == CancelProof::Unconfirmed => {
                    self.set_standing(number, Standing::Unconfirmed);
                    self.close(number);
                }
                Some(_) => {
                    self.set_standing(number, Standing::Sent);
                    is_waited_for = true;
                }
            }
        }
        if is_waited_for {
            // An instant that cannot be told never comes.
            self.due.extend(due.map(|due| (due, id)));
        }
    }

    /// Notes that the channel did not take the command. Final: if the run is canceled all the same, another
    /// else did it, and its row says so.
    pub fn refused(&mut self, id: CommandId, reason: impl Into<String>) {
        let reason = reason.into();
        for number in self.numbered(id) {
            self.set_standing(number, Standing::Refused { reason: reason.clone() });
            self.close(number);
        }
        self.trim();
    }

    /// Returns true if the log may still say something about an intent on `run`. Asked for every event.
    #[must_use]
    pub fn is_watched(&self, run: RunId) -> bool {
        !self.open.is_empty() && self.open.contains_key(&run)
    }

    /// Takes in that the log has put `run` into `state`, and says whether that settled anything.
    pub fn observe(&mut self, run: RunId, state: State, sequence: u64) -> bool {
        if !state.is_terminal() {
            return false;
        }
        let mut is_settled = false;
        for number in self.open.get(&run).cloned().unwrap_or_default() {
            if let Some(standing) = self.at(number).and_then(|intent| intent.settled_by(state, sequence)) {
                self.set_standing(number, standing);
                self.close(number);
                is_settled = true;
            }
        }
        self.trim();
        is_settled
    }

    /// Lets time pass, and says whether a silence has become worth a word.
    pub fn tick(&mut self, now: Instant) -> bool {
        let mut changed = false;
        while let Some(&(due, id)) = self.due.front()
            && due <= now
        {
            self.due.pop_front();
            let after = self.timeout;
            for number in self.numbered(id) {
                if self.at(number).is_some_and(|intent| intent.standing == Standing::Sent) {
                    self.set_standing(number, Standing::NoEvidence { after });
                    changed = true;
                }
            }
        }
        self.trim();
        changed
    }

    /// When [`Ledger::tick`] has something to do next.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Instant> {
        self.due.front().map(|&(due, _)| due)
    }

    /// Returns the status of the latest intent on `run`.
    #[must_use]
    pub fn standing(&self, run: RunId) -> Option<&Standing> {
        self.latest(run).map(|intent| &intent.standing)
    }

    /// The latest intent on `run`.
    #[must_use]
    pub fn latest(&self, run: RunId) -> Option<&Intent> {
        self.at(*self.latest.get(&run)?)
    }

    /// Returns the number of intents kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.intents.len()
    }

    /// Returns true if none is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.intents.is_empty()
    }

    /// The intents, newest first.
    pub fn iter(&self) -> impl Iterator<Item = &Intent> {
        self.intents.iter().rev()
    }

    fn at(&self, number: usize) -> Option<&Intent> {
        self.intents.get(number.checked_sub(self.forgotten)?)
    }

    fn numbered(&self, id: CommandId) -> Range<usize> {
        self.numbers.get(&id).cloned().unwrap_or_default()
    }

    /// Waits no longer for the log to speak of this intent.
    fn close(&mut self, number: usize) {
        let Some(run) = self.at(number).map(|intent| intent.run) else { return };
        if let Some(numbers) = self.open.get_mut(&run) {
            numbers.retain(|open| *open != number);
            if numbers.is_empty() {
                self.open.remove(&run);
            }
        }
    }

    /// Drops the first deadlines as long as their intents do not wait any more.
    fn trim(&mut self) {
        while let Some(&(_, id)) = self.due.front()
            && !self.numbered(id).any(|number| self.at(number).is_some_and(Intent::is_sent))
        {
            self.due.pop_front();
        }
    }

    /// Makes room for one more intent.
    fn forget(&mut self) {
        let Some(oldest) = self.intents.front() else { return };
        let (id, run) = (oldest.id, oldest.run);
        self.close(self.forgotten);
        if self.latest.get(&run) == Some(&self.forgotten) {
            self.latest.remove(&run);
        }
        match self.numbers.get_mut(&id) {
            Some(numbers) if numbers.len() > 1 => numbers.start += 1,
            _ => drop(self.numbers.remove(&id)),
        }
        self.intents.pop_front();
        self.forgotten += 1;
        self.trim();
    }
}

#[cfg(test)]
mod tests;
