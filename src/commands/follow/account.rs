//! Account of a followed log so far, as JSON or as a sentence.
//!
//! Counts are those of the store, so they begin again where the log does. Must not know who prints it.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use serde::Serialize;

use crate::app::Now;
use crate::model::json::ascii::write_line;
use crate::model::states::State;
use crate::model::text;
use crate::projection::Totals;
use crate::session::{Came, Follower};
use crate::source::delivery::SourceNotice;
use crate::source::origin::Origin;
use crate::store::Excess;
use crate::view::format::{counted, thousands};

/// Maximum number of notices kept for the next line; an upset log may cause many, and the lines may find no
/// reader.
const MAX_KEPT_NOTICES: usize = 1000;

/// Why a line is the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FollowEnd {
    Log,
    Signal,
    Failure,
}

/// Progress of reading, and its results.
#[derive(Debug)]
pub(super) struct Account {
    name: String,
    pub(super) session: Follower,
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
    end: Option<FollowEnd>,
    generation: u32,
    offset: u64,
    size: u64,
    pending_bytes: u64,
    caught_up: bool,
    /// In seconds since the Unix epoch.
    unavailable_since: Option<u64>,
    begun_anew: u64,
    #[serde(flatten)]
    totals: Totals,
    lines_a_second: u64,
    notices: &'a [NoticeObject],
    notices_left_out: u64,
}

impl Account {
    pub(super) fn of(session: Follower, source: &Origin, now: Instant) -> Self {
        Self {
            name: source.to_string(),
            session,
            told_excess: None,
            folded: 0,
            since: now,
            notices: Vec::new(),
            left_out: 0,
        }
    }

    /// Takes in what came.
    pub(super) fn note(&mut self, came: Came) {
        match came {
            Came::Lines { count, joint } => {
                self.folded += count;
                if let Some(text) = self.session.take_beside("runwatch follow -") {
                    self.keep(NoticeObject { kind: "beside", text, warning: true });
                }
                if let Some((kind, text)) = joint.notice() {
                    self.keep(NoticeObject { kind, text, warning: true });
                }
            }
            // It goes on, as if nothing had been; and what lies beside is told with the first event.
            Came::Notice(SourceNotice::Moved { .. } | SourceNotice::Beside(_)) | Came::Status | Came::End => {
            }
            Came::Notice(notice) => {
                let (kind, text) = (notice.name(), notice.to_string());
                self.keep(NoticeObject { kind, text, warning: notice.is_warning() });
            }
        }
        self.tell_excess();
    }

    /// Tells once why more memory is taken than is allowed.
    fn tell_excess(&mut self) {
        let excess = self.session.excess();
        if std::mem::replace(&mut self.told_excess, excess) != excess
            && let Some(excess) = excess
        {
            self.keep(NoticeObject { kind: "memory", text: excess.words().to_owned(), warning: true });
        }
    }

    fn keep(&mut self, notice: NoticeObject) {
        if self.notices.len() < MAX_KEPT_NOTICES {
            self.notices.push(notice);
        } else {
            self.left_out += 1;
        }
    }

    /// Formats the present state, in one line with its newline. Each notice is reported once.
    pub(super) fn line(&mut self, json: bool, end: Option<FollowEnd>, now: Now) -> String {
        let line = self.stand(end, now);
        let text = if json {
            let mut out = Vec::new();
            // Writing to a vector cannot fail, and what is written is ASCII.
            let _ = write_line(&mut out, &line);
            String::from_utf8(out).unwrap_or_default()
        } else {
            line.words() + "\n"
        };
        self.notices.clear();
        (self.left_out, self.folded, self.since) = (0, 0, now.instant);
        text
    }

    fn stand(&self, end: Option<FollowEnd>, now: Now) -> Line<'_> {
        let log = self.session.log();
        let status = log.status().unwrap_or_default();
        let elapsed = now.instant.saturating_duration_since(self.since).as_millis().max(1);
        Line {
            unix_ms: now.unix_ms,
            source: &self.name,
            end,
            generation: log.generation(),
            offset: status.offset,
            size: status.size,
            pending_bytes: status.pending,
            caught_up: log.is_read(),
            unavailable_since: status.unavailable_since.map(seconds),
            begun_anew: log.n_begun_anew(),
            totals: Totals::of(self.session.store()),
            lines_a_second: u64::try_from(u128::from(self.folded) * 1000 / elapsed).unwrap_or(u64::MAX),
            notices: &self.notices,
            notices_left_out: self.left_out,
        }
    }
}

impl Line<'_> {
    /// The same as a sentence.
    fn words(&self) -> String {
        let (n, totals) = (thousands, &self.totals);
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
            counted(totals.lines, "line", "lines"),
            n(totals.applied),
            n(totals.rejected),
            n(totals.unreadable),
            n(totals.ignored),
        ));
        parts.push(format!("{} a second", n(self.lines_a_second)));
        let in_state = |state: State| (state.name(), totals.in_state(state));
        let states = totals.table.all().map(in_state).filter(|(_, count)| *count > 0);
        let states: Vec<String> = states.map(|(name, count)| format!("{name} {}", n(count))).collect();
        if !states.is_empty() {
            parts.push(states.join(", "));
        }
        if totals.problems.total > 0 {
            parts.push(counted(totals.problems.total, "problem", "problems"));
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
