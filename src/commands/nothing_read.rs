//! A log of which not one line could be read, though bytes are there: nothing is answered from it.
//!
//! An empty log is another thing: it holds no runs, and says so. Must not know what was asked.

use super::Failure;
use crate::engine::{self, Engine};
use crate::model::text;
use crate::source::holds_frames::may_hold_frames;
use crate::source::origin::Origin;
use crate::source::sniff::quoted;
use crate::store::Store;
use crate::view::format::plural;

/// The reason why a store knows nothing of a log that has bytes, of which `pending` have no newline yet. None as soon as
/// one event was read, and for an empty log.
pub(super) fn nothing_read(source: &Origin, store: &Store, pending: u64) -> Option<Failure> {
    let tally = store.tally();
    if !store.is_without_events() || (tally.lines == 0 && pending == 0) {
        return None;
    }
    if tally.lines == 0 {
        return Some(no_newline(source, pending));
    }
    let lines = tally.lines;
    if let (Some(told), Some(engine)) = (engine::lines_told(store), Engine::of(store))
        && told.passed_over > 0
    {
        let name = engine.label();
        let what =
            format!("the format {name} makes nothing of the log: none of its {lines} lines is about a run");
        let hint = Some(format!(
            "`runwatch formats check {name} LOG` shows what it makes of the lines; `runwatch formats` lists others"
        ));
        return Some(Failure { what, hint });
    }
    if tally.ignored == lines {
        let what = match lines {
            1 => "the log has no event: its 1 line is blank".to_owned(),
            n => format!("the log has no event: all of its {n} lines are blank"),
        };
        return Some(Failure { what, hint: None });
    }
    let of_lines = match lines {
        1 => "its 1 line is no event".to_owned(),
        n => format!("none of its {n} lines is an event"),
    };
    let first = store.problems().kept().first();
    let first = first.map(|it| format!("; line {}: {}", it.place.line(), text::clean(&it.reason)));
    let hint = match source {
        Origin::Path(path) => format!("`runwatch check {}` lists what is wrong with each line", quoted(path)),
        Origin::Stdin => "`runwatch check -` lists what is wrong with each line".to_owned(),
    };
    let hint = match Engine::of(store) {
        Some(_) => hint,
        None => hint + "\n`runwatch formats` lists the logs of other queues that are read, by --format NAME",
    };
    let what = format!("no line of the log can be read: {of_lines}{}", first.unwrap_or_default());
    Some(Failure { what, hint: Some(hint) })
}

/// The reason why nothing is told of a log that has bytes, and no line.
pub(super) fn no_newline(source: &Origin, bytes: u64) -> Failure {
    if may_hold_frames(source, &engine::options()) {
        let bytes = format!("{bytes} {}", plural(bytes, "byte is", "bytes are"));
        let what = format!("no record of the log can be read: its {bytes} the beginning of the first one");
        let hint = "the engine was stopped while it wrote, or is about to write the rest: the dashboard waits for it";
        return Failure { what, hint: Some(hint.to_owned()) };
    }
    let bytes = format!("{bytes} {}", plural(bytes, "byte has", "bytes have"));
    let what = format!("no line of the log can be read: its {bytes} no newline");
    let name = match source {
        Origin::Path(path) => quoted(path),
        Origin::Stdin => "FILE".to_owned(),
    };
    let hint = format!(
        "a line counts when its newline is there; if this is all, pipe it: `cat {name} | runwatch -`, or \
         `jq -c . {name} | runwatch -`"
    );
    Failure { what, hint: Some(hint) }
}
