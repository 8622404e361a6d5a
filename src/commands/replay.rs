//! `runwatch replay LOG`: the dashboard on a log that is looked back on.
//!
//! Nothing here knows where commands could go: a replay has no channel, so there is nothing that it could send by.

use std::process::ExitCode;

use super::Failure;
use super::watch::{DASHBOARD_FILES, go_round, wait_for};
use crate::app::{Sending, Setup, Taste};
use crate::args::Surroundings;
use crate::control::{Control, Why, ledger};
use crate::history::Keep;
use crate::model::text;
use crate::runtime::Telling;
use crate::source::limit;
use crate::source::origin::Origin;
use crate::store::Retain;
use crate::terminal::output::guard::Gate;
use crate::ui::theme::Wanted;
use crate::view::Clock;
use crate::view::instant::When;

/// What is looked back on.
#[derive(Debug, Clone)]
pub struct Replay {
    /// The log.
    pub source: Origin,
    /// The instant to begin at; its end if there is none.
    pub at: Option<When>,
    /// Which runs that have ended are kept.
    pub retain: Retain,
    /// What somebody likes.
    pub taste: Taste,
    /// The colors.
    pub theme: Wanted,
}

/// Shows the log until somebody leaves it.
///
/// # Errors
/// When the log cannot be read, the instant is none, or there is no terminal to show it on.
pub fn run(replay: &Replay, surroundings: &Surroundings, gate: &Gate) -> Result<ExitCode, Failure> {
    let (control, outcomes) = Control::read_only(Why::Replay);
    let setup = Setup {
        name: text::clean(&replay.source.label()).into_owned(),
        clock: Clock::default(),
        sending: Sending::Off(Why::Replay),
        evidence_timeout: ledger::TIMEOUT,
        keep: Keep::Lines(u64::MAX),
        retain: replay.retain,
        taste: replay.taste.clone(),
        opens_at: replay.at.clone(),
    };
    let telling = Telling::default();
    limit::room_for(DASHBOARD_FILES)?;
    wait_for(go_round(
        &replay.source,
        setup,
        telling,
        (control, outcomes),
        (surroundings, replay.theme),
        gate,
    ))
}
