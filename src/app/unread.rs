//! The reason why nothing of a log is shown although bytes are there.

use std::path::Path;

use crate::model::text;
use crate::session::Session;
use crate::source::sniff::FileKind;
use crate::store::Store;
use crate::view::format::thousands;

/// A log of which no event may have been read.
pub(super) struct Unread<'a> {
    name: &'a str,
    /// The kind of what is at the path, while that is no log.
    refused: Option<FileKind>,
    store: &'a Store,
    /// Is true when all that is there has been read.
    is_read: bool,
    /// Bytes without a newline.
    pending: u64,
}

impl<'a> Unread<'a> {
    /// A log by its name.
    pub(super) fn of(session: &'a Session, name: &'a str) -> Self {
        let log = &session.log;
        Self {
            name,
            refused: log.refused(),
            store: session.store(),
            is_read: log.status().is_some_and(|status| status.caught_up),
            pending: log.pending(),
        }
    }

    /// The reason why no event could be read, and what helps, a sentence a line; none while it may only be silent.
    pub(super) fn words(&self) -> Vec<String> {
        let Self { name, store, .. } = self;
        if let Some(kind) = self.refused {
            let hint = kind.hint(Path::new("FILE"));
            return vec![format!("No line of {name} can be read: it is {kind}."), sentence(&hint)];
        }
        let tally = store.tally();
        if !store.is_without_events() {
            return Vec::new();
        }
        if tally.unreadable > 0 {
            let words = match tally.unreadable {
                1 => format!("The one line of {name} that is there is no event."),
                n => format!("None of the {} lines of {name} is an event.", thousands(n)),
            };
            let first = store.problems().kept().first();
            let why = first.map(|it| {
                let reason = text::clean(&it.reason);
                format!("Line {}: {reason}.", thousands(it.place.line()))
            });
            return std::iter::once(words).chain(why).collect();
        }
        if self.is_read && self.pending > 0 && tally.lines == 0 {
            let words = format!("{name} has {} bytes, and no newline.", thousands(self.pending));
            return vec![words, "A line counts when its newline is there.".to_owned()];
        }
        Vec::new()
    }
}

fn sentence(hint: &str) -> String {
    let mut chars = hint.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).chain(".".chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::Unread;
    use crate::app::testing::Stage;
    use crate::source::delivery::Delivery;
    use crate::source::delivery::SourceNotice;
    use crate::source::sniff::sniff;

    fn words(stage: &Stage) -> Vec<String> {
        Unread::of(&stage.app.session, &stage.app.setup.name).words()
    }

    #[test]
    fn what_is_no_log_is_said_until_one_takes_its_place() {
        let mut stage = Stage::unread();
        assert!(words(&stage).is_empty());
        let kind = sniff(crate::engine::options().framing, b"[{\"sequence\":1,\"event\":{}}]").unwrap();
        let now = stage.now();
        stage.app.ingest(Delivery::Notice(SourceNotice::NotALog(kind)), now);
        let [what, hint] = words(&stage).try_into().unwrap();
        assert!(
            what.starts_with("No line of ") && what.ends_with("a JSON array, and not one event a line."),
            "{what}"
        );
        assert_eq!(hint, "Read it with `jq -c '.[]' FILE | runwatch -`.");
        let opened = SourceNotice::Opened { generation: 1, first_line: 1, handle: None };
        stage.app.ingest(Delivery::Notice(opened), now);
        assert!(words(&stage).is_empty());
        stage.log("hello\n");
        let words = words(&stage);
        assert!(
            words[0].starts_with("The one line of ")
                && words[1] == "Line 1: no JSON value begins at column 1.",
            "{words:?}"
        );
    }
}
