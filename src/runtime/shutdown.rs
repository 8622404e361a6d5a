//! End of a part of the program that was to go on: the screen reports it, and the next step.
//!
//! A part that panicked is reported by the panic itself, and ends the program. No screen goes on as if nothing had been.

use std::io;
use std::process::ExitCode;

use super::{LoopError, Turn, now};
use crate::engine::feed::Fate;
use crate::model::text;
use crate::view::Severity;

/// Next step after a part of the program is gone: nothing is lost with it.
const AGAIN: &str = "leave with q and start runwatch again";

impl Turn {
    pub(super) fn reader_is_gone(&mut self) -> Result<(), LoopError> {
        self.parts.screen.check()?;
        self.reader_is_done = true;
        let words = match self.parts.feed.fate() {
            Fate::Ended | Fate::Alive => return Ok(()),
            Fate::Failed(error) => {
                format!("{error}{}", error.hint().map(|hint| format!("; {hint}")).unwrap_or_default())
            }
            Fate::Died => format!("its reader has ended; {AGAIN}"),
            Fate::Panicked(words) => format!("its reader has panicked, {words}; {AGAIN}"),
        };
        // What was read stays on the screen.
        let app = &mut self.parts.app;
        app.lose_log(now());
        app.notify(Severity::Failure, text::clean(&format!("the log cannot be read any more: {words}")));
        Ok(())
    }

    pub(super) fn sender_is_gone(&mut self) -> Result<(), LoopError> {
        self.parts.screen.check()?;
        self.sender_is_done = true;
        let words = format!("the sender of commands has ended: nothing can be sent any more; {AGAIN}");
        self.parts.app.notify(Severity::Failure, words);
        Ok(())
    }

    /// A screen that cannot be left by a key is not kept.
    pub(super) fn keys_are_gone(&self, error: Option<&io::Error>) -> Result<Option<ExitCode>, LoopError> {
        self.parts.screen.check()?;
        let words = error.map_or_else(|| "their reader has ended".to_owned(), ToString::to_string);
        Err(LoopError::Keys(text::clean(&words).into_owned()))
    }
}
