//! The environment variables; no other module reads them.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;

use etcetera::base_strategy::{BaseStrategy as _, Xdg};

use crate::control::command::Operator;
use crate::control::token::{self, Token, TokenError};
use crate::fault::{Faults, Unknown};
use crate::ui::Theme;
use crate::ui::theme::{Ground, Palette};

/// Settings taken from the environment.
#[derive(Debug, Clone)]
pub struct Environment {
    /// The kind of terminal, `TERM`.
    pub term: Option<String>,
    /// Look of the screen, by `NO_COLOR`, `TERM` and the locale.
    pub theme: Theme,
    /// The background of the terminal, where `COLORFGBG` tells it.
    pub ground: Option<Ground>,
    /// The directory of all config files: `XDG_CONFIG_HOME`, or `.config` at home.
    pub config_home: Option<PathBuf>,
    /// The home directory of the user, where there is one.
    pub home: Option<PathBuf>,
    /// User and host that ask for cancels.
    pub operator: Operator,
    /// The secret that a daemon knows us by, if one is set.
    pub token: Option<Result<Token, TokenError>>,
    /// The file in which cancels are noted that go to no file of their own; none without a home.
    pub record: Option<PathBuf>,
    /// The directories that programs are looked for in.
    pub search: Option<OsString>,
    /// Part of it that could not be used, for a notice.
    pub warning: Option<String>,
    /// Faults to inject, for tests.
    pub faults: Faults,
}

impl Environment {
    /// Reads the environment.
    ///
    /// # Errors
    /// When it asks for a fault that is none.
    pub fn read() -> Result<Self, Unknown> {
        let term = text("TERM");
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let mono = term.as_deref().is_some_and(|term| term.starts_with("vt1") || term.ends_with("-m"));
        let theme = Theme { color: !no_color && !mono, unicode: is_utf8(), palette: Palette::default() };
        let ground = text("COLORFGBG").and_then(|value| Ground::of_color_fgbg(&value));
        let config_home = Xdg::new().ok().map(|home| home.config_dir());
        let home = Xdg::new().ok().map(|home| home.home_dir().to_owned());
        let user = text("USER").or_else(|| text("LOGNAME"));
        let user = user.unwrap_or_else(|| format!("uid {}", rustix::process::getuid().as_raw()));
        let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
        let operator = Operator { user, host, pid: std::process::id() };
        let token = std::env::var_os(token::VARIABLE).filter(|token| !token.is_empty());
        let token = token.map(|token| Token::new(token.as_bytes(), token::VARIABLE));
        let record = state_directory().map(|directory| directory.join("runwatch/commands.jsonl"));
        let search = std::env::var_os("PATH");
        let faults = Faults::parse(&text(FAULT).unwrap_or_default())?;
        let warning = None;
        Ok(Self { term, theme, ground, config_home, home, operator, token, record, search, warning, faults })
    }
}

/// Faults that a debug build is asked for.
const FAULT: &str = "RUNWATCH_FAULT";

/// Where programs of this user keep what they know, by the rules of XDG.
fn state_directory() -> Option<PathBuf> {
    Xdg::new().ok()?.state_dir()
}

fn text(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Returns true if the locale is UTF-8, by the variable that wins. A locale that is not set at all is taken
/// for one that was forgotten: containers and services often have none, on terminals that are UTF-8 all the
/// same.
fn is_utf8() -> bool {
    let locale =
        ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| text(name).filter(|it| !it.is_empty()));
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}
