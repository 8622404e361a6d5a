//! The one call into runwatch.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use color_eyre::Result;
use color_eyre::eyre::eyre;
use runwatch::app::Taste;
use runwatch::args::Surroundings;
use runwatch::commands::watch::{self, Watch};
use runwatch::control::target::Target;
use runwatch::history::Keep;
use runwatch::runtime::Telling;
use runwatch::source::origin::Origin;
use runwatch::store::Retain;
use runwatch::terminal::output::guard::Gate;
use runwatch::ui::theme::Wanted;

/// Opens the dashboard on `log`, with `control` as its way to cancel, and returns when the user leaves it.
///
/// # Errors
/// When the dashboard cannot be shown.
pub fn open(log: &Path, control: &Path, gate: &Gate) -> Result<ExitCode> {
    let watch = Watch {
        source: Origin::Path(log.to_owned()),
        control: Some(Target::File(control.to_owned())),
        token_file: None,
        telling: Telling::default(),
        taste: Taste::default(),
        theme: Wanted::Auto,
        read_only: false,
        evidence_timeout: Duration::from_secs(30),
        keep: Keep::default(),
        retain: Retain::default(),
    };
    watch::run(&watch, &Surroundings::read()?, gate).map_err(|failure| match failure.hint {
        Some(hint) => eyre!("{}; {hint}", failure.what),
        None => eyre!(failure.what),
    })
}
