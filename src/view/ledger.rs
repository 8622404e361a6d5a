//! The outcome of each cancel of this session, a line each, the latest first; as many as the screen is high.

use std::time::Instant;

use super::Ids;
use super::detail::{DetailLine, Tone};
use super::format::count;
use super::row::description;
use crate::control::ledger::{Intent, Ledger, Standing};
use crate::engine;
use crate::model::{text, time};
use crate::store::Store;

/// The page.
#[derive(Debug, Clone, Copy)]
pub struct LedgerPage<'a> {
    /// The cancels.
    pub ledger: &'a Ledger,
    /// The store of the runs.
    pub store: &'a Store,
    /// The current time.
    pub now: Instant,
    /// The forms of ids, for a width at which whole ones leave no room for the outcome.
    pub ids: Ids<'a>,
    /// The columns of the page.
    pub width: usize,
}

/// The minimum columns for whole ids, except those that are longer than a UUID.
const MIN_WIDE_COLUMNS: usize = 100;
/// Columns of a UUID.
const UUID_COLUMNS: usize = 36;

/// Lines above the first cancel.
const HEAD_LINES: usize = 2;

impl LedgerPage<'_> {
    /// The number of its lines.
    #[must_use]
    pub fn len_lines(&self) -> usize {
        HEAD_LINES + self.ledger.len()
    }

    /// At most `height` of its lines, from line `top` on.
    #[must_use]
    pub fn lines(&self, top: usize, height: usize) -> Vec<DetailLine> {
        let words = match self.ledger.len() {
            1 => "  1 cancel was asked for".to_owned(),
            n => format!("  {} cancels were asked for, the latest first", count(n)),
        };
        let head = [DetailLine::empty().with(Tone::Dim, words), DetailLine::empty()];
        let n_head = HEAD_LINES.saturating_sub(top);
        let intents =
            self.ledger.iter().skip(top.saturating_sub(HEAD_LINES)).take(height.saturating_sub(n_head));
        head.into_iter().skip(top).chain(intents.map(|intent| self.intent(intent))).take(height).collect()
    }

    fn intent(&self, intent: &Intent) -> DetailLine {
        let ago = time::words(self.now.saturating_duration_since(intent.asked_at).as_secs());
        let whole = Some(self.ids.whole(intent.run)).filter(|_| self.width >= MIN_WIDE_COLUMNS);
        let id =
            whole.filter(|id| text::width(id) <= UUID_COLUMNS).unwrap_or_else(|| self.ids.run(intent.run));
        let tone = match intent.standing {
            Standing::Asked | Standing::Sent | Standing::Unconfirmed => Tone::Plain,
            Standing::Proved { .. } => Tone::Good,
            Standing::Overtaken { .. } => Tone::Warn,
            Standing::NoEvidence { .. } | Standing::Refused { .. } => Tone::Bad,
        };
        let line = DetailLine::empty()
            .with(Tone::Dim, format!("  {ago:>6} ago  "))
            .with(Tone::Plain, format!("{id}  "))
            .with(tone, format!("{:<28}  ", intent.standing));
        if !engine::recorded(self.store).tasks {
            return line;
        }
        let task = self.store.find(intent.run).map(|key| self.store.task(self.store.run(key).task));
        let task = task.and_then(|task| description(self.store, &task)).unwrap_or("?");
        line.with(Tone::Plain, text::clean(task))
    }
}
