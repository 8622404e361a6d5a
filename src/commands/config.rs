//! `runwatch config`: tells about the config file, and uses none.

use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::process::ExitCode;

use super::{Failure, report};
use crate::args::ConfigQuestion;
use crate::config::{self, ConfigError};
use crate::model::text;

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self { what: error.to_string(), hint: Some(error.hint().to_owned()) }
    }
}

/// Answers on the standard output. `home` is the directory of all config files.
///
/// # Errors
/// When a file is wrong, or its place is not known.
pub fn run(question: &ConfigQuestion, home: Option<&Path>) -> Result<ExitCode, Failure> {
    let own = || {
        let hint = Some("set HOME or XDG_CONFIG_HOME".to_owned());
        home.map(config::path_below)
            .ok_or_else(|| Failure { what: "there is no directory of config files".to_owned(), hint })
    };
    let answer = match &question.check {
        None if question.path => format!("{}\n", text::spelled(own()?.as_os_str().as_bytes())),
        None => config::default_file(),
        Some(named) => {
            let path = named.clone().map_or_else(own, Ok)?;
            config::load(named.as_deref(), home)?;
            let shown = text::clean_path(&path);
            if path.exists() {
                format!("{shown}: right\n")
            } else {
                format!("{shown}: not there, so every setting is at its default\n")
            }
        }
    };
    report(|out| {
        out.write_all(answer.as_bytes())?;
        Ok(ExitCode::SUCCESS)
    })
}
