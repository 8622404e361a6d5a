//! The drawing of a run's life: a lane for each state that it was in, its attempts, its leases, and the time axis.
//!
//! Rendering costs the life's length, so the owner of a page may cache it: a drawing is valid until an event comes,
//! another is chosen, a second passes or the width changes. Must not know colors or cells.

mod attempts;
mod axis;
mod leases;
mod states;

use std::borrow::Cow;

use super::Detail;
use super::course::{Course, Knot, are_believed};
use super::lane::DetailLane;
use super::line::{DetailLine, Stroke, Tone, indented, title};
use super::scale::Scale;
use crate::engine;
use crate::model::id::RunId;
use crate::model::states::{Phase, State};
use crate::model::time::Unit;
use crate::store::Life;

/// Columns of a lane's sign and name.
const NAME_COLUMNS: usize = 14;
/// Columns of the time spent in a state.
const SPENT_COLUMNS: usize = 7;
/// The minimum width of a page that shows the time spent.
const MIN_WIDE_COLUMNS: usize = 64;
/// The minimum width of a drawing.
const MIN_DRAWING_COLUMNS: usize = 12;
/// Instants from this second on are not drawn: they mean never. The year 2100.
const NEVER_SECS: u64 = 4_102_444_800;

/// The data of the lanes.
struct Drawing<'a> {
    detail: &'a Detail<'a>,
    course: Course,
    scale: Scale,
    /// The columns of the drawing.
    width: usize,
    /// The instants after the end: the expiry of a lease, or the end of a wait.
    ahead: Vec<u64>,
}

/// A cached drawing of one life; rendering costs the life's length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    of: DrawingKey,
    lines: Vec<DetailLine>,
}

/// The key of a cached drawing: all that it depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct DrawingKey {
    run: RunId,
    last: u64,
    n_moments: usize,
    selected: Option<usize>,
    now: u64,
    width: usize,
}

impl Detail<'_> {
    /// Renders the life, to be cached while [`Detail::is_drawn`] is true.
    #[must_use]
    pub fn draw(&self) -> Drawn {
        let label = if self.width >= MIN_WIDE_COLUMNS { NAME_COLUMNS + SPENT_COLUMNS } else { NAME_COLUMNS };
        let width = self.width.saturating_sub(label + 1);
        let is_drawn = width >= MIN_DRAWING_COLUMNS && !self.life.changes.is_empty();
        let lines = match self.without_unknown_start() {
            _ if !is_drawn => Vec::new(),
            Some(timed) => Drawing::new(&timed, width).lines(),
            None => Drawing::new(self, width).lines(),
        };
        Drawn { of: self.drawing_key(), lines }
    }

    /// The run without the state in which it began, where the log does not tell since when: that has no length.
    fn without_unknown_start(&self) -> Option<Self> {
        let [first, rest @ ..] = &*self.life.changes else { return None };
        if first.at > 0 || rest.is_empty() {
            return None;
        }
        let life = Life { changes: rest.to_vec(), attempts: self.life.attempts.clone() };
        Some(Self { life, ..self.clone() })
    }

    /// True if the cached drawing is up to date.
    #[must_use]
    pub fn is_drawn(&self) -> bool {
        self.drawn.is_some_and(|drawn| drawn.of == self.drawing_key())
    }

    fn drawing_key(&self) -> DrawingKey {
        let run = self.store.run(self.key);
        DrawingKey {
            run: run.id,
            last: run.last.sequence,
            n_moments: self.moments.len(),
            selected: self.selected,
            now: self.now,
            width: self.width,
        }
    }

    /// The cached drawing, or else one rendered now.
    pub(super) fn timeline(&self) -> Cow<'_, [DetailLine]> {
        match self.drawn.filter(|drawn| drawn.of == self.drawing_key()) {
            Some(drawn) => Cow::Borrowed(&drawn.lines),
            None => Cow::Owned(self.draw().lines),
        }
    }

    /// Future instants that matter to the run as it is.
    fn ahead(&self, end: u64) -> Vec<u64> {
        let run = self.store.run(self.key);
        let phase = run.state.phase();
        let due = (phase == Phase::Pending).then_some(run.scheduled_at);
        let deadline = (phase == Phase::Parked)
            .then(|| engine::deadline(self.store, self.key))
            .flatten()
            .map(|deadline| deadline.at);
        let lapse = run.lease.map(|lease| lease.expiry);
        let never = self.store.unit().of_seconds(NEVER_SECS);
        let mut ahead: Vec<u64> =
            [due, deadline, lapse].into_iter().flatten().filter(|at| *at > end && *at < never).collect();
        ahead.sort_unstable();
        ahead.dedup();
        ahead
    }
}

impl<'a> Drawing<'a> {
    fn new(detail: &'a Detail<'a>, width: usize) -> Self {
        let (run, unit) = (detail.store.run(detail.key), detail.store.unit());
        let course = Course::new(run.id, &detail.life, detail.moments, detail.now, unit);
        let end = course.knots.len() - 1;
        let ahead = if course.is_timed { detail.ahead(course.knots[end].at) } else { Vec::new() };
        let mut knots = course.knots.clone();
        if !ahead.is_empty() {
            // The future has a width of its own.
            knots[end].to = Some(run.state);
            knots.extend(ahead.iter().map(|at| Knot { at: *at, to: None }));
        }
        let scale = Scale::new(&knots, course.is_timed.then_some(unit), width);
        Self { detail, course, scale, width, ahead }
    }

    fn unit(&self) -> Unit {
        self.detail.store.unit()
    }

    fn lines(&self) -> Vec<DetailLine> {
        let mut lanes: Vec<(DetailLine, DetailLane)> = self.states();
        lanes.extend(self.attempts());
        lanes.extend(self.leases());
        let (mut axis, labels) = self.axis();
        self.mark_squeezes(&mut lanes, &mut axis);
        if let Some(column) = self.chosen() {
            for (_, lane) in lanes.iter_mut().filter(|(_, lane)| lane.tone(column).is_none()) {
                lane.put(column, Stroke::Hair, Tone::Dim);
            }
        }
        let blank = || self.label(DetailLine::empty().with(Tone::Plain, " ".repeat(NAME_COLUMNS)), "");
        let mut lines = self.title();
        lines.extend(lanes.into_iter().map(|(line, lane)| lane.add_to(line)));
        lines.push(axis.add_to(blank()));
        if !labels.is_free(0, self.width) {
            lines.push(labels.add_to(blank()));
        }
        lines
    }

    fn title(&self) -> Vec<DetailLine> {
        let mut lines = title("Timeline");
        let (tone, words) = self.words();
        if self.detail.width < MIN_WIDE_COLUMNS {
            lines.extend(indented("  ", tone, &words, self.detail.width));
        } else if let Some(line) = lines.last_mut() {
            *line = std::mem::take(line).with(tone, format!("  {words}"));
        }
        lines
    }

    /// A legend: the span of the drawing, and where it is not to scale.
    fn words(&self) -> (Tone, String) {
        let n_squeezes = self.scale.squeezes.len();
        if self.course.is_timed {
            let span = self.unit().words(self.course.span());
            let so_far = if self.is_over() { "in all" } else { "so far" };
            let short = match n_squeezes {
                0 => String::new(),
                1 => ", a quiet stretch drawn short".to_owned(),
                _ => format!(", {n_squeezes} quiet stretches drawn short"),
            };
            let crowded = if self.scale.is_roomy { "" } else { ", several steps a column" };
            return (Tone::Dim, format!("{span} {so_far}{short}{crowded}"));
        }
        if are_believed(&self.detail.life.changes, self.detail.now, self.unit()) {
            return (Tone::Dim, format!("all within {}: drawn in order of events", self.unit().one()));
        }
        if self.detail.life.changes.iter().any(|change| change.at == 0) {
            return (Tone::Dim, "not every step has a time: drawn in order of events".to_owned());
        }
        (Tone::Warn, "its clocks lie: drawn in order of events, not to scale".to_owned())
    }

    /// Draws the two sides of each squeezed stretch on every lane that passes through it, and its duration on the first
    /// of these.
    fn mark_squeezes(&self, lanes: &mut [(DetailLine, DetailLane)], axis: &mut DetailLane) {
        for squeeze in &self.scale.squeezes {
            let (from, to) = (self.scale.column(squeeze.knot), self.scale.column(squeeze.knot + 1));
            let wide = squeeze.words.len() + 2;
            let left = from + to.saturating_sub(from + wide) / 2;
            let right = left + wide - 1;
            let mut is_written = false;
            for lane in lanes.iter_mut().map(|(_, lane)| lane).chain([&mut *axis]) {
                let (Some(tone), Some(_)) = (lane.tone(left), lane.tone(right)) else { continue };
                if !std::mem::replace(&mut is_written, true) {
                    lane.write(left + 1, &squeeze.words, tone);
                }
                lane.put(left, Stroke::Break, tone);
                lane.put(right, Stroke::Break, tone);
            }
        }
    }

    fn state_label(&self, state: State, spent: &str) -> DetailLine {
        let name = format!(" {:<1$}", state.name(), NAME_COLUMNS - 4);
        let line = DetailLine::empty().with(Tone::Plain, "  ").with(Tone::Sign(state), "");
        self.label(line.with(Tone::State(state), name), spent)
    }

    fn own_label(&self, name: &str, count: &str) -> DetailLine {
        let name = format!("    {name:<0$}", NAME_COLUMNS - 4);
        self.label(DetailLine::empty().with(Tone::Dim, name), count)
    }

    /// Appends the time spent to a label, where there is room for it.
    fn label(&self, line: DetailLine, spent: &str) -> DetailLine {
        if self.detail.width < MIN_WIDE_COLUMNS {
            return line;
        }
        line.with(Tone::Plain, format!("{spent:>0$} ", SPENT_COLUMNS - 1))
    }

    /// True if the run has ended.
    fn is_over(&self) -> bool {
        self.detail.life.changes.last().is_some_and(|change| change.to.is_terminal())
    }

    /// The knot of the end: now, or when the run ended.
    fn end(&self) -> usize {
        self.course.knots.len() - 1
    }

    fn end_column(&self) -> usize {
        self.scale.column(self.end())
    }

    /// The column of the chosen event.
    fn chosen(&self) -> Option<usize> {
        let knot = self.course.moments.get(self.detail.selected?)?;
        Some(self.scale.column(*knot))
    }

    /// The column of an instant between two knots; that of the first where instants are not believed.
    fn column_at(&self, from: usize, to: usize, at: u64) -> usize {
        let knots = &self.course.knots[from..=to];
        let before = from + knots.partition_point(|knot| knot.at <= at).saturating_sub(1);
        if !self.course.is_timed || before >= to {
            return self.scale.column(if self.course.is_timed { to } else { from });
        }
        let (here, next) = (self.course.knots[before].at, self.course.knots[before + 1].at);
        self.scale.between(before, before + 1, at.saturating_sub(here), next.saturating_sub(here))
    }
}
