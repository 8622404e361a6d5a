//! What following a log has come to so far: one account, as JSON or as a sentence.
//!
//! Counts are those of the store, so they begin anew where the log does. Must not know who prints it.

use std::collections::BTreeMap;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use serde::Serialize;

use crate::app::Now;
use crate::engine::batch::Batch;
use crate::engine::fold;
use crate::engine::fold::{Joint, Seam};
use crate::model::json::ascii::write_line;
use crate::model::states::State;
use crate::model::text;
use crate::source::delivery::{Delivery, Notice, Status};
use crate::source::earlier::Earlier;
use crate::source::origin::Source;
use crate::store::{Excess, Pace, ProblemKind, Retain, Retention, Rules, Store};
use crate::view::format::{counted, thousands};

/// As many notices are kept for the next line; an upset log may cause many, and nobody may take the lines.
const KEPT: usize = 1000;

/// Why a line is the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum End {
    Log,
    Signal,
    Failure,
}

/// What was read, and what it came to.
#[derive(Debug)]
pub(super) struct Account {
    name: String,
    store: Store,
    retention: Retention,
    seam: Seam,
    status: Status,
    generation: u32,
    /// How often another log has begun.
    begun_anew: u64,
    has_ended: bool,
    /// What lies beside the log, until its first event has come.
    beside: Option<Earlier>,
    /// The reason why more memory is taken than is allowed, as it was told last.
    told_excess: Option<Excess>,
    /// Lines that were folded since the last account, and when that was.
    folded: u64,
    since: Instant,
    notices: Vec<NoticeObject>,
    /// Notices that were not kept.
    left_out: u64,
}

#[derive(Debug, Serialize)]
struct NoticeObject {
    kind: &'static str,
    text: String,
    warning: bool,
}

/// The account as JSON.
#[derive(Debug, Serialize)]
struct Line<'a> {
    unix_ms: u64,
    source: &'a str,
    end: Option<End>,
    generation: u32,
    offset: u64,
    size: u64,
    pending_bytes: u64,
    caught_up: bool,
    /// In seconds since the Unix epoch.
    unavailable_since: Option<u64>,
    begun_anew: u64,
    vocabulary: Option<&'static str>,
    latest_sequence: u64,
    sequence_gaps: u64,
    lines: u64,
    applied: u64,
    rejected: u64,
    unreadable: u64,
    ignored: u64,
    lines_a_second: u64,
    runs: u64,
    /// Of these, ended runs that were let go of to save memory.
    runs_only_counted: u64,
    states: BTreeMap<&'static str, u64>,
    /// The names of the states, in the order in which they are told.
    #[serde(skip)]
    listed: Vec<&'static str>,
    problems: Problems,
    engine_paused: bool,
    notices: &'a [NoticeObject],
    notices_left_out: u64,
}

#[derive(Debug, Serialize)]
struct Problems {
    total: u64,
    by_kind: BTreeMap<&'static str, u64>,
}

impl Account {
    pub(super) fn new(source: &Source, retain: Retain, now: Instant) -> Self {
        Self {
            name: source.to_string(),
            store: Store::new(Rules::Lenient),
            retention: Retention::new(retain),
            seam: Seam::default(),
            status: Status::default(),
            generation: 0,
            begun_anew: 0,
            has_ended: false,
            beside: None,
            told_excess: None,
            folded: 0,
            since: now,
            notices: Vec::new(),
            left_out: 0,
        }
    }

    /// Takes in what the reader sent.
    pub(super) fn take(&mut self, delivery: Delivery<Batch>) {
        match delivery {
            Delivery::Block(batch) => self.fold(&batch),
            Delivery::Status(status) => {
                self.status = status;
                if status.caught_up {
                    self.retain(Pace::AtRest);
                }
            }
            Delivery::Notice(notice) => self.hear(&notice),
        }
    }

    fn fold(&mut self, batch: &Batch) {
        let joint = self.seam.join(batch, &self.store);
        if joint == Joint::Another {
            self.store = Store::new(Rules::Lenient);
            self.retention = Retention::new(self.retention.rule());
            self.begun_anew += 1;
        }
        if let Some(first) = batch.first_sequence()
            && let Some(text) = self.beside.take().and_then(|it| it.notice(Some(first), "runwatch follow -"))
        {
            self.keep(NoticeObject { kind: "beside", text, warning: true });
        }
        if let Some((kind, text)) = joint.notice() {
            self.keep(NoticeObject { kind, text, warning: true });
        }
        fold::batch(&mut self.store, batch);
        self.retain(Pace::Reading);
        self.folded += batch.block().len_lines() as u64;
    }

    /// Evicts ended runs where too much memory is taken, and tells once why that may not be enough.
    fn retain(&mut self, pace: Pace) {
        self.retention.apply(&mut self.store, pace);
        let excess = self.retention.excess(&mut self.store, 0);
        if std::mem::replace(&mut self.told_excess, excess) != excess
            && let Some(excess) = excess
        {
            self.keep(NoticeObject { kind: "memory", text: excess.words().to_owned(), warning: true });
        }
    }

    fn hear(&mut self, notice: &Notice) {
        match notice {
            Notice::Opened { generation, .. } => self.generation = *generation,
            Notice::Ended => {
                self.has_ended = true;
                self.retain(Pace::AtRest);
            }
            // It goes on, as if nothing had been.
            Notice::Moved { .. } => return,
            Notice::Beside(earlier) => {
                self.beside = Some(earlier.clone());
                return;
            }
            _ => (),
        }
        let (kind, text) = (notice.name(), notice.to_string());
        self.keep(NoticeObject { kind, text, warning: notice.is_warning() });
    }

    fn keep(&mut self, notice: NoticeObject) {
        if self.notices.len() < KEPT {
            self.notices.push(notice);
        } else {
            self.left_out += 1;
        }
    }

    /// How it stands, in one line with its newline. What has happened is said once.
    pub(super) fn line(&mut self, json: bool, end: Option<End>, now: Now) -> String {
        let line = self.stand(end, now);
        let text = if json {
            let mut out = Vec::new();
            // A vector takes whatever is written to it, and what is written is ASCII.
            let _ = write_line(&mut out, &line);
            String::from_utf8(out).unwrap_or_default()
        } else {
            line.words() + "\n"
        };
        self.notices.clear();
        (self.left_out, self.folded, self.since) = (0, 0, now.instant);
        text
    }

    fn stand(&self, end: Option<End>, now: Now) -> Line<'_> {
        let (store, status, tally) = (&self.store, &self.status, self.store.tally());
        let elapsed = now.instant.saturating_duration_since(self.since).as_millis().max(1);
        let counts = ProblemKind::ALL.iter().map(|kind| (kind.label(), store.problems().of(*kind)));
        Line {
            unix_ms: now.unix_ms,
            source: &self.name,
            end,
            generation: self.generation,
            offset: status.offset,
            size: status.size,
            pending_bytes: status.pending,
            caught_up: status.caught_up || self.has_ended,
            unavailable_since: status.unavailable_since.map(seconds),
            begun_anew: self.begun_anew,
            vocabulary: store.vocabulary().map(crate::model::event::Vocabulary::label),
            latest_sequence: store.latest_sequence(),
            sequence_gaps: store.sequence_gaps(),
            lines: tally.lines,
            applied: tally.applied,
            rejected: tally.rejected,
            unreadable: tally.unreadable,
            ignored: tally.ignored,
            lines_a_second: u64::try_from(u128::from(self.folded) * 1000 / elapsed).unwrap_or(u64::MAX),
            runs: store.n_runs(),
            runs_only_counted: store.n_gone(),
            listed: store.states().all().map(State::name).collect(),
            states: store.states().all().map(|state| (state.name(), store.count(state))).collect(),
            problems: Problems {
                total: store.problems().total(),
                by_kind: counts.filter(|(_, count)| *count > 0).collect(),
            },
            engine_paused: store.engine().paused,
            notices: &self.notices,
            notices_left_out: self.left_out,
        }
    }
}

impl Line<'_> {
    /// The same as a sentence.
    fn words(&self) -> String {
        let n = thousands;
        let mut parts = vec![match (self.unavailable_since, self.caught_up) {
            (Some(_), _) => "log unavailable".to_owned(),
            (None, true) => format!("read all {}", counted(self.offset, "byte", "bytes")),
            (None, false) => format!("read {} of {}", n(self.offset), counted(self.size, "byte", "bytes")),
        }];
        if self.pending_bytes > 0 {
            parts.push(format!("{} of them pending", n(self.pending_bytes)));
        }
        parts.push(format!(
            "{}: {} applied, {} rejected, {} unreadable, {} ignored",
            counted(self.lines, "line", "lines"),
            n(self.applied),
            n(self.rejected),
            n(self.unreadable),
            n(self.ignored),
        ));
        parts.push(format!("{} a second", n(self.lines_a_second)));
        let in_state = |name: &&'static str| (*name, self.states[*name]);
        let states = self.listed.iter().map(in_state).filter(|(_, count)| *count > 0);
        let states: Vec<String> = states.map(|(name, count)| format!("{name} {}", n(count))).collect();
        if !states.is_empty() {
            parts.push(states.join(", "));
        }
        if self.problems.total > 0 {
            parts.push(counted(self.problems.total, "problem", "problems"));
        }
        parts.extend(self.notices.iter().map(|notice| text::clean(&notice.text).into_owned()));
        if self.notices_left_out > 0 {
            parts.push(format!("and {}", counted(self.notices_left_out, "more notice", "more notices")));
        }
        parts.join("; ")
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
