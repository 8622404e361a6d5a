//! The confirmation dialog of a cancel of everything: to which process a signal goes, what that ends, and what it does not.
//!
//! The number to type is that of the process: it names what is hit, and does not change while runs end.

use super::super::detail::{DetailLine, Tone, fact, indented};
use super::super::format::count;
use super::super::summary::Summary;
use super::{MIN_WHOLE_COLUMNS, age_of_view, brief_age_of_view, brief_unconfirmed, final_words, one_line};
use crate::control::target::SignalTarget;
use crate::model::clock::LogClock;
use crate::model::states::{State, StateTable};
use crate::model::time;
use crate::store::Store;

/// The reason why one run cannot be canceled alone.
const WHY_ALL: &str = "a signal cannot name one of them; file:PATH can";
/// The warning about the process itself.
const UNHANDLED: &str = "A process that does not handle SIGINT ends at once.";

/// The facts of a question about everything.
#[derive(Debug, Clone, Copy)]
pub struct WholeQuestion<'a> {
    /// The store of the runs.
    pub store: &'a Store,
    /// The process that is interrupted.
    pub process: &'a SignalTarget,
    /// The part of the work that the engine leaves alone when it is interrupted.
    pub spares: &'a str,
    /// Time since a signal was sent to the process before, in seconds.
    pub sent_ago: Option<u64>,
    /// The digits typed as confirmation.
    pub typed: &'a str,
    /// Time since the view was frozen, in seconds.
    pub frozen_for: Option<u64>,
    /// The state of the log.
    pub summary: &'a Summary<'a>,
    /// Formats instants.
    pub clock: LogClock<'a>,
}

impl WholeQuestion<'_> {
    /// The forms of the question, in lines of at most `width` columns: the longest first.
    #[must_use]
    pub fn forms(&self, width: usize) -> Vec<Vec<DetailLine>> {
        let mut forms = vec![self.brief(width), self.tight(width)];
        if width >= MIN_WHOLE_COLUMNS {
            forms.insert(0, self.whole(width));
        }
        forms
    }

    fn whole(&self, width: usize) -> Vec<DetailLine> {
        let mut lines = Vec::new();
        let mut add = |label: &str, tone, value: &str| lines.extend(fact(label, tone, value, width));
        add("sends", Tone::Title, &self.signal());
        add("which is", Tone::Plain, &one_line(self.command(), 2 * width));
        let words = format!("the whole execution: {}, and all that has no record yet", self.counts());
        add("cancels", Tone::Plain, &words);
        add("why all", Tone::Plain, WHY_ALL);
        self.again().iter().for_each(|words| add("again", Tone::Warn, words));
        let (tone, words) = age_of_view(self.summary, self.frozen_for, self.clock);
        add("this view", tone, &words);
        lines.push(DetailLine::empty());
        let words = whole_effect(self.spares, self.store.states());
        lines.extend(indented("  ", Tone::Plain, &words, width));
        lines.push(DetailLine::empty());
        lines.push(self.number_line(&format!("  type {} to mean it: ", self.process.pid())));
        lines
    }

    /// A line a fact, but for the effect, which is whole.
    fn brief(&self, width: usize) -> Vec<DetailLine> {
        let mut lines = self.facts(width);
        let (tone, view) = brief_age_of_view(self.summary, self.clock);
        lines.extend(indented(" ", tone, &view, width));
        lines.extend(indented(" ", Tone::Plain, &format!("{} {UNHANDLED}", sentence(self.spares)), width));
        lines.push(self.number_line(&format!(" final; type {}: ", self.process.pid())));
        lines
    }

    /// The same without the age of the view, which the header has, for a small screen.
    fn tight(&self, width: usize) -> Vec<DetailLine> {
        let mut lines = self.facts(width);
        lines.extend(indented(" ", Tone::Plain, self.spares, width));
        lines.push(self.number_line(&format!(" final; type {}: ", self.process.pid())));
        lines
    }

    fn facts(&self, width: usize) -> Vec<DetailLine> {
        let room = width.saturating_sub(1);
        let line =
            |tone, words: &str| DetailLine::empty().with(Tone::Plain, " ").with(tone, one_line(words, room));
        let mut lines = vec![
            line(Tone::Title, &self.signal()),
            line(Tone::Plain, self.command()),
            line(Tone::Plain, &format!("cancels all: {}", self.counts())),
        ];
        self.again().iter().for_each(|words| lines.extend(indented(" ", Tone::Warn, words, width)));
        lines.extend(brief_unconfirmed(self.store.states()));
        lines
    }

    /// The warning about a second signal.
    fn again(&self) -> Option<String> {
        let ago = time::words(self.sent_ago?);
        Some(format!("SIGINT was sent {ago} ago; at a second one many programs end at once"))
    }

    fn signal(&self) -> String {
        format!("SIGINT to process {}", self.process.pid())
    }

    fn command(&self) -> &str {
        self.process.command().unwrap_or("not known: the system does not tell its command line")
    }

    /// The runs that the engine may cancel, by state.
    fn counts(&self) -> String {
        by_state(self.store.states(), |state| self.store.lane(state).len())
    }

    /// The prompt for the number, and the digits typed.
    fn number_line(&self, words: &str) -> DetailLine {
        let is_typed = self.typed == self.process.pid().to_string();
        let tone = if is_typed { Tone::Good } else { Tone::Warn };
        DetailLine::empty().with(Tone::Title, words).with(tone, self.typed).with(Tone::Caret, " ")
    }
}

/// The effect of an interrupt: what it leaves alone, where it does more than is meant, and that it is final.
#[must_use]
pub fn whole_effect(spares: &str, states: &'static StateTable) -> String {
    format!("{} {UNHANDLED} {}", sentence(spares), final_words(states))
}

/// Counts of the states that the engine may cancel from, those of none left out.
#[must_use]
pub fn by_state(states: &'static StateTable, count_of: impl Fn(State) -> usize) -> String {
    let states = states.listed().filter(|state| state.is_cancelable());
    let counts = states.map(|state| (state, count_of(state))).filter(|(_, n)| *n > 0);
    let counts: Vec<String> = counts.map(|(state, n)| format!("{} {}", count(n), state.name())).collect();
    if counts.is_empty() { "0".to_owned() } else { counts.join(", ") }
}

/// A text of the engine as a sentence of its own.
fn sentence(words: &str) -> String {
    let mut rest = words.chars();
    let first = rest.next().map(|first| first.to_uppercase().chain(rest).collect::<String>());
    format!("{}.", first.unwrap_or_default())
}
