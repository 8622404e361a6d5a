//! The settings, a row each: what it is called, what it is for, how it is read, and how it is written.

use std::time::Duration;

use toml::de::DeValue;

use super::Config;
use crate::model::clock::Period;
use crate::model::size;
use crate::store::Ended;
use crate::ui::theme::ThemeChoice;
use crate::view::column::Column;

/// Why a value is none for its setting, and what it may have been meant as.
pub(super) struct Misfit {
    pub(super) what: String,
    pub(super) typed: String,
    pub(super) names: Vec<&'static str>,
}

impl From<&str> for Misfit {
    fn from(what: &str) -> Self {
        Self { what: what.to_owned(), typed: String::new(), names: Vec::new() }
    }
}

/// One setting.
pub(super) struct Setting {
    pub(super) name: &'static str,
    /// Purpose; the default file prints it above the setting.
    pub(super) about: fn() -> String,
    pub(super) read: fn(&DeValue<'_>, &mut Config) -> Result<(), Misfit>,
    /// Its value as TOML.
    pub(super) write: fn(&Config) -> String,
}

/// Every setting outside of the sections.
pub(super) const SETTINGS: [Setting; 11] = [
    Setting {
        name: "theme",
        about: || format!("The colors: {}.\nauto asks the terminal for its background.", names(THEMES)),
        read: |value, config| theme(value).map(|it| config.theme = it),
        write: |config| quoted(config.theme.name()),
    },
    Setting {
        name: "ascii",
        about: || "Draw with ASCII alone, as is done where the locale is not UTF-8.".to_owned(),
        read: |value, config| switch(value).map(|it| config.ascii = it),
        write: |config| config.ascii.to_string(),
    },
    Setting {
        name: "columns",
        about: || {
            format!(
                "The columns of the list of runs, from left to right; without any, those that fit. There are\n{}.",
                names(COLUMNS)
            )
        },
        read: |value, config| columns(value).map(|it| config.taste.columns = it),
        write: |config| {
            let columns = config.taste.columns.iter().flatten().map(|it| quoted(it.name()));
            format!("[{}]", columns.collect::<Vec<_>>().join(", "))
        },
    },
    Setting {
        name: "history",
        about: || "How many of the last events can be gone back to; at 0 there is no past.".to_owned(),
        read: |value, config| number(value).map(|it| config.history = it),
        write: |config| config.history.to_string(),
    },
    Setting {
        name: "retain",
        about: || {
            "The ended runs to keep: \"auto\", as many of the latest as memory has room for; a number of the latest; or\n\
             \"all\". Others are counted, and not listed or searched."
                .to_owned()
        },
        read: |value, config| ended(value).map(|it| config.retain.ended = it),
        write: |config| match config.retain.ended {
            Ended::Latest(n) => n.to_string(),
            word => quoted(&word.to_string()),
        },
    },
    Setting {
        name: "memory",
        about: || {
            "What runs and their past may take before the oldest ended ones are only counted.".to_owned()
        },
        read: |value, config| {
            let text = value.as_str().ok_or("give a size in quotes, as \"2GiB\"")?;
            let wrong = |what: String| Misfit { what, typed: String::new(), names: vec![] };
            size::read(text).map(|it| config.retain.memory = it).map_err(wrong)
        },
        write: |config| quoted(&size::words(config.retain.memory)),
    },
    Setting {
        name: "evidence_timeout",
        about: || "How long a sent cancel waits for the log to prove it.".to_owned(),
        read: |value, config| duration(value).map(|it| config.evidence_timeout = it),
        write: |config| quoted(&words(config.evidence_timeout)),
    },
    Setting {
        name: "control_rate",
        about: || "How many cancels a second are sent at most.".to_owned(),
        read: |value, config| {
            let rate = u32::try_from(number(value)?).ok().filter(|rate| *rate > 0);
            rate.ok_or_else(|| "give a whole number above 0".into()).map(|it| config.taste.control_rate = it)
        },
        write: |config| config.taste.control_rate.to_string(),
    },
    Setting {
        name: "mouse",
        about: || "Use the mouse from the start; F2 changes it.".to_owned(),
        read: |value, config| switch(value).map(|it| config.taste.mouse = it),
        write: |config| config.taste.mouse.to_string(),
    },
    Setting {
        name: "bell",
        about: || "Ring the terminal's bell when something fails while you do not look.".to_owned(),
        read: |value, config| switch(value).map(|it| config.taste.bell = it),
        write: |config| config.taste.bell.to_string(),
    },
    Setting {
        name: "notify",
        about: || {
            "Tell the desktop, through the terminal, when something fails while you do not look.".to_owned()
        },
        read: |value, config| switch(value).map(|it| config.taste.notify = it),
        write: |config| config.taste.notify.to_string(),
    },
];

/// Settings that no file may contain, and why: names, and where to give them instead.
pub(super) const REFUSED: [(&[&str], &str); 3] = [
    (
        &["control", "target", "read_only"],
        "no file says whether and where commands go: say it on the command line, --control WHERE",
    ),
    (
        &["token", "token_file", "token_env", "password"],
        "no secret and no way to one may be in a config: say it on the command line, --token-file FILE",
    ),
    (&["on", "exec", "program", "command", "shell"], "no file starts a program: say it on the command line"),
];

const THEMES: fn() -> Vec<&'static str> = || ThemeChoice::ALL.map(ThemeChoice::name).to_vec();
const COLUMNS: fn() -> Vec<&'static str> = || Column::ALL.map(Column::name).to_vec();

fn names(of: fn() -> Vec<&'static str>) -> String {
    of().join(", ")
}

/// A text as TOML.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

fn one_of(what: &str, typed: &str, names: fn() -> Vec<&'static str>) -> Misfit {
    Misfit { what: format!("no {what} is called {typed:?}"), typed: typed.to_owned(), names: names() }
}

fn theme(value: &DeValue<'_>) -> Result<ThemeChoice, Misfit> {
    let name = value.as_str().ok_or("give the name of a theme in quotes")?;
    ThemeChoice::named(name).ok_or_else(|| one_of("theme", name, THEMES))
}

fn columns(value: &DeValue<'_>) -> Result<Option<Vec<Column>>, Misfit> {
    const WHAT: &str = "give names of columns in brackets: [\"run\", \"task\"]";
    let mut columns = Vec::new();
    for value in value.as_array().ok_or(WHAT)?.iter() {
        let name = value.get_ref().as_str().ok_or(WHAT)?;
        let column = Column::ALL.into_iter().find(|column| column.name() == name);
        let column = column.ok_or_else(|| one_of("column", name, COLUMNS))?;
        if columns.contains(&column) {
            return Err(Misfit {
                what: format!("`{name}` is there twice"),
                typed: String::new(),
                names: vec![],
            });
        }
        columns.push(column);
    }
    Ok(Some(columns).filter(|columns| !columns.is_empty()))
}

fn switch(value: &DeValue<'_>) -> Result<bool, Misfit> {
    value.as_bool().ok_or_else(|| "give true or false, without quotes".into())
}

fn number(value: &DeValue<'_>) -> Result<u64, Misfit> {
    let number = value.as_integer().and_then(|it| u64::from_str_radix(it.as_str(), it.radix()).ok());
    number.ok_or_else(|| "give a whole number that is not below 0".into())
}

fn ended(value: &DeValue<'_>) -> Result<Ended, Misfit> {
    const WHAT: &str = "give \"auto\", \"all\" or a whole number that is not below 0";
    match value.as_str() {
        Some("auto") => Ok(Ended::Fitting),
        Some("all") => Ok(Ended::All),
        Some(_) => Err(WHAT.into()),
        None => Ok(Ended::Latest(usize::try_from(number(value).map_err(|_| WHAT)?).map_err(|_| WHAT)?)),
    }
}

fn duration(value: &DeValue<'_>) -> Result<Duration, Misfit> {
    const WHAT: &str = "give a time above 0 in quotes, as \"30s\", \"500ms\" or \"2m\"";
    let text = value.as_str().ok_or(WHAT)?;
    let length = Period::parse(text).map_err(|_| WHAT)?.duration();
    if length.is_zero() { Err(WHAT.into()) } else { Ok(length) }
}

fn words(duration: Duration) -> String {
    if duration.subsec_millis() == 0 {
        format!("{}s", duration.as_secs())
    } else {
        format!("{}ms", duration.as_millis())
    }
}
