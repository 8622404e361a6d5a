//! The preferences that hold for a dashboard: arguments win over the config file, and it wins over the environment.

use super::Failure;
use crate::app::Preferences;
use crate::args::{Environment, OwnArgs, ProgramLine, WatchArgs};
use crate::config::{self, Config};
use crate::query::QueryText;
use crate::runtime::AlertSettings;

/// The environment and the config, changed by the arguments.
pub(super) fn own(args: &OwnArgs, mut surroundings: Environment) -> Result<(Environment, Config), Failure> {
    let home = surroundings.config_home.as_deref();
    let (mut config, unreachable) = config::load_if_reachable(args.config.as_deref(), home)?;
    surroundings.warning = unreachable.map(|it| it.to_string());
    surroundings.theme.unicode &= !(args.ascii || config.ascii);
    config.theme = args.theme.unwrap_or(config.theme);
    Ok((surroundings, config))
}

/// The alerts of a dashboard. Each `--exec` belongs to an `--on`.
pub(super) fn telling(watch: &WatchArgs, taste: &Preferences) -> Result<AlertSettings, Failure> {
    let WatchArgs { on, exec, .. } = watch;
    let (bell, notify) = (watch.bell || taste.bell, watch.notify || taste.notify);
    let refused =
        |what: &str, hint: &str| Err(Failure { what: what.to_owned(), hint: Some(hint.to_owned()) });
    if !exec.is_empty() && exec.len() != on.len() {
        return refused("some --on have an --exec, and some have none", "give each --on an --exec, or none");
    }
    if !on.is_empty() && exec.is_empty() && !bell && !notify {
        return refused("--on does not say how to tell", "add --bell, --notify or --exec COMMAND");
    }
    let queries = if on.is_empty() && (bell || notify) {
        QueryText::parse("state:failure").ok().into_iter().collect()
    } else {
        on.clone()
    };
    let programs = exec.iter().map(|ProgramLine(argv)| argv.clone()).collect();
    Ok(AlertSettings { queries, programs, bell, notify })
}
