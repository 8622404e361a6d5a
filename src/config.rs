//! The user's config file: read once, at the start, whole or not at all.
//!
//! A config makes the dashboard look and feel otherwise. It cannot say where commands go, nor start a program: a file
//! that came with dotfiles from elsewhere must not be able to cancel a run. Arguments win over it, and it
//! over the defaults.

mod error;
mod keys;
mod place;
mod print;
mod queries;
mod read;
mod setting;
#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use error::ConfigProblem;
pub use place::Unusable;
pub use print::default_file;

use crate::app::Preferences;
use crate::control::ledger;
use crate::model::text::clean_path;
use crate::store::Retain;
use crate::ui::theme::ThemeChoice;

/// All that can be configured. The default is what holds without a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Preferences of the dashboard itself: keys, columns, queries and the like.
    pub taste: Preferences,
    /// The colors.
    pub theme: ThemeChoice,
    /// Draws in ASCII alone.
    pub ascii: bool,
    /// Time that a sent cancel waits for the log to prove it.
    pub evidence_timeout: Duration,
    /// Number of the last events that can be gone back to.
    pub history: u64,
    /// Which runs that have ended are kept.
    pub retain: Retain,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            taste: Preferences::default(),
            theme: ThemeChoice::Auto,
            ascii: false,
            evidence_timeout: ledger::TIMEOUT,
            history: 10_000_000,
            retain: Retain::default(),
        }
    }
}

/// Why a config file is not used, and with it the program.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file may have been written by another user, or cannot be read.
    #[error("the config file {} is not used: {unusable}", clean_path(path))]
    Unusable {
        /// The file.
        path: PathBuf,
        /// Reason why it cannot be used.
        unusable: Unusable,
    },
    /// It says what makes no sense.
    #[error("{}", error::list(&clean_path(path), faults))]
    Wrong {
        /// The file.
        path: PathBuf,
        /// Everything that is wrong in it, from top to bottom.
        faults: Vec<ConfigProblem>,
    },
}

impl ConfigError {
    /// Suggests the user's next step.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Unusable { unusable, .. } => unusable.hint(),
            Self::Wrong { .. } => {
                "`runwatch config --default` shows every setting; `--config /dev/null` starts without any"
            }
        }
    }
}

/// Where the config file is looked for, below the directory of all config files.
#[must_use]
pub fn path_below(home: &Path) -> PathBuf {
    home.join("runwatch").join("config.toml")
}

/// The config: that of the file which was named, else of the one below `home`, else the default.
///
/// # Errors
/// When a file that was named is not there; when one that is there belongs to another user, or is wrong.
pub fn load(named: Option<&Path>, home: Option<&Path>) -> Result<Config, ConfigError> {
    match (named, home.map(path_below)) {
        (Some(path), _) => read_file(path),
        (None, Some(path)) => match read_file(&path) {
            Err(ConfigError::Unusable { unusable: Unusable::Missing, .. }) => Ok(Config::default()),
            read => read,
        },
        (None, None) => Ok(Config::default()),
    }
}

/// The same for a program that starts in any case, unless a file is wrong or is not to be trusted. Where the user's own
/// file cannot be reached, as by the user of a container whose home is another's, the defaults come with the reason.
///
/// # Errors
/// When a file that was named cannot be read; when one that can belongs to another user, or is wrong.
pub fn load_if_reachable(
    named: Option<&Path>,
    home: Option<&Path>,
) -> Result<(Config, Option<Unreachable>), ConfigError> {
    match load(named, home) {
        Err(ConfigError::Unusable { path, unusable: Unusable::System(error) }) if named.is_none() => {
            Ok((Config::default(), Some(Unreachable { path, error: error.into() })))
        }
        loaded => loaded.map(|config| (config, None)),
    }
}

/// A config file that may be there and cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the config file is not read, {error}: {}", clean_path(path))]
pub struct Unreachable {
    path: PathBuf,
    error: io::Error,
}

/// The config of one file.
///
/// # Errors
/// When it is not there, belongs to another user, or is wrong.
pub fn read_file(path: &Path) -> Result<Config, ConfigError> {
    let text =
        place::read(path).map_err(|unusable| ConfigError::Unusable { path: path.to_owned(), unusable })?;
    parse(&text).map_err(|faults| ConfigError::Wrong { path: path.to_owned(), faults })
}

/// The config of a text.
///
/// # Errors
/// With everything that is wrong in it, from top to bottom.
pub fn parse(text: &str) -> Result<Config, Vec<ConfigProblem>> {
    read::config(text)
}
