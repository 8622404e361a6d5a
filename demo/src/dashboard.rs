//! The one call into runwatch.

use std::process::ExitCode;

use color_eyre::Result;
use color_eyre::eyre::eyre;
use runwatch::args::{Environment, GivenArgs, OwnArgs, WatchArgs};
use runwatch::commands::watch;
use runwatch::control::target::Target;
use runwatch::source::origin::Origin;
use runwatch::terminal::output::guard::TerminalGuard;

use crate::plan::{EngineKind, Plan};

/// Opens the dashboard on what `plan` has it watch, with its control file as the way to cancel, and returns when the
/// user leaves it.
///
/// # Errors
/// When the dashboard cannot be shown.
pub fn open(plan: &Plan, gate: &TerminalGuard) -> Result<ExitCode> {
    let dag = (plan.engine == EngineKind::Dag).then(|| plan.graph.clone());
    let watch = WatchArgs {
        source: Some(Origin::Path(plan.watched().to_owned())),
        given: GivenArgs { dag, ..GivenArgs::default() },
        control: Some(Target::File(plan.control.clone())),
        // The demo looks the same for every user.
        own: OwnArgs { config: Some("/dev/null".into()), ..OwnArgs::default() },
        ..WatchArgs::default()
    };
    watch::run(&watch, Environment::read()?, gate).map_err(|failure| match failure.hint {
        Some(hint) => eyre!("{}; {hint}", failure.what),
        None => eyre!(failure.what),
    })
}
