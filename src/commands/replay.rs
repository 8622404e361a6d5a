//! `runwatch replay LOG`: the dashboard on a log that is looked back on.
//!
//! Nothing here knows where commands could go: a replay has no channel, so there is nothing that it could send by.

use std::process::ExitCode;

use super::watch::{DASHBOARD_FILES, go_round, wait_for};
use super::{Failure, given, preferences};
use crate::app::{Sending, Setup};
use crate::args::{Environment, Replay};
use crate::control::{Control, Why, ledger};
use crate::history::Keep;
use crate::model::text;
use crate::runtime::AlertSettings;
use crate::source::limit;
use crate::terminal::output::guard::TerminalGuard;
use crate::view::Clock;

/// Shows the log until the user leaves it.
///
/// # Errors
/// When the log cannot be read, the instant is none, or there is no terminal to show it on.
pub fn run(replay: &Replay, surroundings: Environment, gate: &TerminalGuard) -> Result<ExitCode, Failure> {
    let (surroundings, config) = preferences::own(&replay.own, surroundings)?;
    let (control, outcomes) = Control::read_only(Why::Replay);
    let setup = Setup {
        name: text::clean(&replay.source.label()).into_owned(),
        given: given::read(&replay.given)?,
        clock: Clock::default(),
        sending: Sending::Off(Why::Replay),
        evidence_timeout: ledger::TIMEOUT,
        keep: Keep::Lines(u64::MAX),
        retain: replay.retain.over(config.retain),
        taste: config.taste,
        opens_at: replay.at.clone(),
    };
    let telling = AlertSettings::default();
    limit::room_for(DASHBOARD_FILES)?;
    wait_for(go_round(
        &replay.source,
        setup,
        telling,
        (control, outcomes),
        (&surroundings, config.theme),
        gate,
    ))
}
