//! `runwatch LOG`: the dashboard.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use super::{Failure, given, preferences};
use crate::app::{App, Sending, Setup};
use crate::args::{Environment, WatchArgs};
use crate::control::channel::{ChannelConfig, Outcomes};
use crate::control::open::ChannelOpenError as ChannelError;
use crate::control::target::Target;
use crate::control::token::Token;
use crate::control::{Control, Why};
use crate::engine::feed::Feed;
use crate::history::Keep;
use crate::model::text;
use crate::runtime::{self, AlertSettings, LoopError, LoopParts};
use crate::source::limit;
use crate::source::options::Options;
use crate::source::origin::Origin;
use crate::terminal::output::guard::TerminalGuard;
use crate::terminal::signals::ProcessSignals;
use crate::terminal::{self, TerminalError, TerminalScreen};
use crate::ui::Theme;
use crate::ui::theme::ThemeChoice;
use crate::view::{Clock, Severity};

/// Time limit for confirmed commands to be written when the user leaves.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(2);

/// The exit code of a panic, as the standard library has it.
const PANICKED: u8 = 101;

/// The exit code of a hang-up, as a shell has it.
const HUNG_UP: u8 = 128 + 1;

impl From<TerminalError> for Failure {
    fn from(error: TerminalError) -> Self {
        let hint = error.hint().map(str::to_owned);
        Self { what: format!("failed to open the dashboard: {error}"), hint }
    }
}

impl From<ChannelError> for Failure {
    fn from(error: ChannelError) -> Self {
        let hint = Some(error.hint().to_owned());
        Self { what: format!("failed to open where commands go: {error}"), hint }
    }
}

/// Shows the dashboard until the user leaves it.
///
/// # Errors
/// When the log cannot be read, commands could not be sent to their target, or there is no terminal to show it on.
/// The terminal is restored on every path.
pub fn run(watch: &WatchArgs, surroundings: Environment, gate: &TerminalGuard) -> Result<ExitCode, Failure> {
    let Some(source) = &watch.source else {
        let hint = Some("name one: `runwatch LOG`, or see `runwatch --help`".to_owned());
        return Err(Failure { what: "there is no log to show".to_owned(), hint });
    };
    let (surroundings, mut config) = preferences::own(&watch.own, surroundings)?;
    if let Some(rate) = watch.control_rate {
        config.taste.control_rate = rate.get();
    }
    let telling = preferences::telling(watch, &config.taste)?;
    limit::room_for(DASHBOARD_FILES)?;
    wait_for(async {
        let (control, outcomes) = control(watch, &surroundings)?;
        let setup = Setup {
            name: text::clean(&source.label()).into_owned(),
            given: given::read(&watch.given)?,
            clock: Clock::default(),
            sending: Sending::of(&control, surroundings.operator.clone()),
            evidence_timeout: watch.evidence_timeout.unwrap_or(config.evidence_timeout),
            keep: match watch.history.unwrap_or(config.history) {
                0 => Keep::Nothing,
                lines => Keep::Lines(lines),
            },
            retain: watch.retain.over(config.retain),
            taste: config.taste,
            opens_at: None,
        };
        go_round(source, setup, telling, (control, outcomes), (&surroundings, config.theme), gate).await
    })
}

/// Number of files that are open at once, beside the standard ones, in any case: those of the runtime and the
/// log.
const FEWEST_FILES: usize = 7;

/// The same with a screen, whose readers of keys and signals have files of their own.
pub(super) const DASHBOARD_FILES: usize = 9;

/// Runs a dashboard to its end.
pub(super) fn wait_for(shown: impl Future<Output = Result<ExitCode, Failure>>) -> Result<ExitCode, Failure> {
    // A runtime that finds no room for its own files panics.
    limit::room_for(FEWEST_FILES)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let code = runtime.block_on(shown);
    // A reader that is inside a silent pipe is not waited for.
    runtime.shutdown_background();
    code
}

/// Opens the log and the terminal, and shows the one on the other until the user leaves.
pub(super) async fn go_round(
    source: &Origin,
    setup: Setup,
    telling: AlertSettings,
    (control, outcomes): (Control, Outcomes),
    (surroundings, wanted): (&Environment, ThemeChoice),
    gate: &TerminalGuard,
) -> Result<ExitCode, Failure> {
    let signals = ProcessSignals::install()?;
    let options = Options { faults: surroundings.faults, ..crate::engine::options_given(&setup.given) };
    let feed = Feed::open(source, options, &setup.given)?;
    let (theme, depends) = theme(wanted, surroundings);
    let (screen, keys) = TerminalScreen::enter(surroundings.term.as_deref(), gate, surroundings.faults)?;
    let is_asked = depends && screen.ask_background(surroundings.term.as_deref());
    let now = runtime::now();
    let mut app = App::new(setup, screen.size()?, now);
    app.watch_for(telling.queries.clone());
    if let Some(warning) = &surroundings.warning {
        app.notify(Severity::Warning, warning.clone());
    }
    let log = match source {
        Origin::Path(path) => Some(path.clone()),
        Origin::Stdin => None,
    };
    let parts = LoopParts {
        app,
        telling,
        log,
        home: surroundings.home.clone(),
        screen,
        theme,
        wanted,
        is_asked,
        term: surroundings.term.clone(),
        ground: surroundings.ground,
        keys,
        signals,
        feed,
        control,
        outcomes,
        faults: surroundings.faults,
    };
    match runtime::run(parts).await {
        Ok((code, Control::Ready(channel))) => match channel.finish(FLUSH_TIMEOUT) {
            Ok(()) => Ok(code),
            Err(unsent) => Err(Failure { what: unsent.to_string(), hint: None }),
        },
        Ok((code, Control::ReadOnly { .. })) => Ok(code),
        // Its report was printed when the terminal was back.
        Err(LoopError::Terminal(TerminalError::Panicked)) => Ok(ExitCode::from(PANICKED)),
        // The user is gone: as a hang-up.
        Err(LoopError::Terminal(TerminalError::Io(_))) if terminal::is_gone() => Ok(ExitCode::from(HUNG_UP)),
        Err(LoopError::Terminal(error)) => Err(error.into()),
        Err(error @ LoopError::Keys(_)) => {
            let hint =
                "the log was only read; start runwatch again, in another terminal if that fails".to_owned();
            Err(Failure { what: format!("failed to go on: {error}"), hint: Some(hint) })
        }
    }
}

/// Returns the theme for as long as the terminal has not given its background, and if that matters.
fn theme(wanted: ThemeChoice, surroundings: &Environment) -> (Theme, bool) {
    let mut depends = false;
    let palette = wanted.palette(|| {
        depends = surroundings.theme.color;
        surroundings.ground.filter(|_| depends)
    });
    (Theme { palette, ..surroundings.theme }, depends)
}

/// Opens where commands go. `--read-only` wins: then nothing is even looked at.
fn control(watch: &WatchArgs, surroundings: &Environment) -> Result<(Control, Outcomes), Failure> {
    match &watch.control {
        _ if watch.read_only => Ok(Control::read_only(Why::Asked)),
        None => Ok(Control::read_only(Why::NoTarget)),
        Some(target) => {
            Ok(Control::open(target.clone(), &means(target, watch.token_file.as_deref(), surroundings)?)?)
        }
    }
}

/// Settings that the target needs. Only a daemon gets a token, so for others none is read.
pub(super) fn means(
    target: &Target,
    token_file: Option<&Path>,
    surroundings: &Environment,
) -> Result<ChannelConfig, ChannelError> {
    let token = match (token_file, target) {
        (_, Target::File(_) | Target::Exec(_) | Target::Call(_) | Target::Signal(_)) => None,
        (Some(path), Target::Http(_)) => Some(Token::read(path)?),
        (None, Target::Http(_)) => surroundings.token.clone().transpose()?,
    };
    Ok(ChannelConfig {
        token,
        record: surroundings.record.clone(),
        search: surroundings.search.clone(),
        faults: surroundings.faults,
    })
}
