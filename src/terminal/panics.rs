//! The panic chain: first the terminal comes back, then the report is printed, and its text is made safe.
//!
//! The hook runs on whichever thread panicked. It closes the gate for good, so the loop cannot paint over the
//! report; the loop itself is ended by the channel that the dead thread has left, or by its next draw.

use std::any::Any;
use std::fmt;
use std::io::{self, Write};
use std::panic::{self, PanicHookInfo};
use std::thread;

use color_eyre::config::{HookBuilder, Theme};
use color_eyre::section::PanicMessage;

use super::output::guard::TerminalGuard;
use crate::model::text;

/// Installs the hooks for errors and panics, and hands out the gate that the screen must be entered through.
/// Called once, first of all.
///
/// # Errors
///
/// When hooks have been installed before.
pub fn install() -> color_eyre::Result<TerminalGuard> {
    let (report_panic, report_error) = HookBuilder::default()
        // Reports may go to a file, and they are read when something is wrong already: no colors.
        .theme(Theme::new())
        .panic_message(Message)
        .display_env_section(false)
        .into_hooks();
    report_error.install()?;

    let gate = TerminalGuard::default();
    let shared = gate.clone();
    panic::set_hook(Box::new(move |info| {
        shared.close_for_good(|| {
            let report = report_panic.panic_report(info).to_string();
            // A report that cannot be written has no reader.
            let _ = writeln!(io::stderr().lock(), "{}", text::clean_lines(&report));
        });
    }));
    Ok(gate)
}

/// The first lines of the report.
struct Message;

impl PanicMessage for Message {
    fn display(&self, info: &PanicHookInfo<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let thread = thread::current();
        // The message may quote the log: on one line, it cannot pose as a part of the report.
        write!(f, "runwatch panicked: {}", text::clean(payload(info.payload())))?;
        if let Some(place) = info.location() {
            write!(f, "\n  at {}:{}", place.file(), place.line())?;
        }
        write!(f, "\n  in thread {}", thread.name().unwrap_or("without a name"))?;
        write!(f, "\nThis is a mistake in runwatch, not in the log.")
    }
}

/// The message that a panic was raised with.
fn payload(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("(a message that is no text)")
}
