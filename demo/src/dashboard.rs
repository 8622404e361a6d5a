//! The one call into runwatch.

use std::path::Path;
use std::process::ExitCode;

use color_eyre::Result;
use color_eyre::eyre::eyre;
use runwatch::args::{Environment, OwnArgs, WatchArgs};
use runwatch::commands::watch;
use runwatch::control::target::Target;
use runwatch::source::origin::Origin;
use runwatch::terminal::output::guard::TerminalGuard;

/// Opens the dashboard on `log`, with `control` as its way to cancel, and returns when the user leaves it.
///
/// # Errors
/// When the dashboard cannot be shown.
pub fn open(log: &Path, control: &Path, gate: &TerminalGuard) -> Result<ExitCode> {
    let watch = WatchArgs {
        source: Some(Origin::Path(log.to_owned())),
        control: Some(Target::File(control.to_owned())),
        // The demo looks the same for every user.
        own: OwnArgs { config: Some("/dev/null".into()), ..OwnArgs::default() },
        ..WatchArgs::default()
    };
    watch::run(&watch, Environment::read()?, gate).map_err(|failure| match failure.hint {
        Some(hint) => eyre!("{}; {hint}", failure.what),
        None => eyre!(failure.what),
    })
}
