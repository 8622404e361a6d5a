//! Where commands go, as it is typed after `--control`.
//!
//! Only says what was meant; whether commands can go there is found out by the channel.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;

use reqwest::Url;

use super::command::Command;
use super::template::{CallTemplate, ProgramText, TemplateError};
use crate::model::text;

/// Where commands go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To a file of JSON lines, which the engine's side reads.
    File(PathBuf),
    /// To a program, which is run for each command: a whole path, or a name to be looked for in `PATH`.
    Exec(PathBuf),
    /// To a program, which is run with these arguments for each command.
    Call(CallTemplate),
    /// To a daemon of the engine.
    Http(ServerOrigin),
    /// To a process, as SIGINT, at which it cancels all of its work.
    Signal(SignalTarget),
}

/// A process that signals go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignalTarget {
    pid: i32,
    command: Option<String>,
}

/// The address of a daemon: on this machine, or behind TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerOrigin(String);

/// Why a text names no target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// There is no `file:` in front.
    #[error("{:?} does not say what kind of place it is; use file:{}", text::clean(.0), text::clean(.0))]
    NoScheme(String),
    /// There is something else in front.
    #[error(
        "{}: is no kind of place that commands can go to; use file:PATH, exec:PROGRAM, http://HOST:PORT or signal:PID",
        text::clean(.0)
    )]
    UnknownScheme(String),
    /// Nothing after the scheme.
    #[error("file: needs a path after it; use file:PATH")]
    NoPath,
    /// Nothing after the scheme.
    #[error("exec: needs a program after it; use exec:/PATH/TO/PROGRAM, or a name that is in PATH")]
    NoProgram,
    /// A path that depends on where runwatch was started.
    #[error(
        "exec:{} depends on the current directory; use the whole path, from / on, or a name that is in PATH",
        text::clean(.0)
    )]
    RelativeProgram(String),
    /// The arguments of a program cannot be read.
    #[error("exec: {0}")]
    Template(#[from] TemplateError),
    /// The rest is no number of a process.
    #[error(
        "signal:{} names no process; use signal:PID, with the number of the engine's host, which is 2 or more",
        text::clean(.0)
    )]
    NoProcess(String),
    /// The rest is no address.
    #[error("{}: is followed by no address; use {}://HOST:PORT", .0, .0)]
    NoAddress(&'static str),
    /// More than an address. What it is is not said: it may be a secret.
    #[error(
        "{}:// is followed by more than HOST:PORT; leave out users, paths and queries, and give a token with --token-file",
        .0
    )]
    MoreThanAddress(&'static str),
    /// Another machine, and nothing that keeps the token secret.
    #[error(
        "http:// is for this machine alone (localhost, 127.0.0.1 or [::1]), since everybody on the way can read it; use https://{}",
        text::clean(.0)
    )]
    NotHere(String),
}

impl FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            Some(("file", "")) => Err(TargetError::NoPath),
            Some(("file", path)) => Ok(Self::File(PathBuf::from(path))),
            Some(("exec", text)) => Self::program(text),
            Some(("http", _)) => origin(text, "http").map(Self::Http),
            Some(("https", _)) => origin(text, "https").map(Self::Http),
            Some(("signal", pid)) => SignalTarget::named(pid).map(Self::Signal),
            Some((scheme, _)) if is_scheme(scheme) => Err(TargetError::UnknownScheme(scheme.to_owned())),
            _ => Err(TargetError::NoScheme(text.to_owned())),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "file:{}", text::clean_path(path)),
            Self::Exec(path) => write!(f, "exec:{}", text::clean_path(path)),
            Self::Call(call) => write!(f, "exec:{call}"),
            Self::Http(origin) => f.write_str(origin.as_str()),
            Self::Signal(process) => process.fmt(f),
        }
    }
}

impl Target {
    /// The program that a text after `exec:` names, with its arguments where it has any.
    fn program(text: &str) -> Result<Self, TargetError> {
        let target = match ProgramText::of(text)? {
            ProgramText::Alone(program) => Self::Exec(program),
            ProgramText::Template(call) => Self::Call(call),
        };
        let path = match &target {
            Self::Exec(path) => path.to_str(),
            Self::Call(call) => call.program().to_str(),
            _ => None,
        };
        match path.unwrap_or_default() {
            "" => Err(TargetError::NoProgram),
            path if path.contains('/') && !path.starts_with('/') => {
                Err(TargetError::RelativeProgram(path.to_owned()))
            }
            _ => Ok(target),
        }
    }

    /// The command line that is run for each command; none where nothing is run, or a program alone.
    #[must_use]
    pub const fn call(&self) -> Option<&CallTemplate> {
        match self {
            Self::Call(call) => Some(call),
            Self::File(_) | Self::Exec(_) | Self::Http(_) | Self::Signal(_) => None,
        }
    }

    /// The place that a command goes to, for the record of it: with the values that are put in, where they are fit.
    pub(super) fn of_command(&self, command: &Command) -> String {
        let line = self.call().and_then(|call| call.line(command.kind, &command.names).ok());
        line.map_or_else(|| self.to_string(), |line| format!("exec:{line}"))
    }

    /// The process that a signal goes to, which cancels everything at once; none where each command names what it
    /// cancels.
    #[must_use]
    pub const fn process(&self) -> Option<&SignalTarget> {
        match self {
            Self::Signal(process) => Some(process),
            Self::File(_) | Self::Exec(_) | Self::Call(_) | Self::Http(_) => None,
        }
    }
}

impl SignalTarget {
    /// The process with a number. Number 1 is the system's own, and no others below 2 are processes to a signal.
    fn named(pid: &str) -> Result<Self, TargetError> {
        let is_number = pid.bytes().all(|byte| byte.is_ascii_digit());
        match pid.parse() {
            Ok(pid @ 2..) if is_number => Ok(Self { pid, command: None }),
            _ => Err(TargetError::NoProcess(pid.to_owned())),
        }
    }

    /// The same process with its command line.
    pub(super) fn with_command(self, command: Option<String>) -> Self {
        Self { command, ..self }
    }

    /// The number of the process.
    #[must_use]
    pub const fn pid(&self) -> i32 {
        self.pid
    }

    /// Its command line when it was looked at, as the process itself tells it: another's text. None where the system
    /// does not tell it.
    #[must_use]
    pub fn command(&self) -> Option<&str> {
        self.command.as_deref()
    }
}

impl fmt::Display for SignalTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "signal:{}", self.pid)
    }
}

impl ServerOrigin {
    /// The address, without a slash at the end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The address that a text is, if it is no more than that.
fn origin(text: &str, scheme: &'static str) -> Result<ServerOrigin, TargetError> {
    let no_address = TargetError::NoAddress(scheme);
    if !text[scheme.len()..].starts_with("://") {
        return Err(no_address);
    }
    let Ok(url) = Url::parse(text) else { return Err(no_address) };
    let Some(host) = url.host_str() else { return Err(no_address) };
    let is_bare = url.username().is_empty()
        && url.password().is_none()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none();
    if !is_bare {
        return Err(TargetError::MoreThanAddress(scheme));
    }
    if scheme == "http" && !is_here(host) {
        return Err(TargetError::NotHere(host.to_owned()));
    }
    Ok(ServerOrigin(url.origin().ascii_serialization()))
}

/// Returns true if a host is this very machine, by its name alone.
fn is_here(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.to_canonical().is_loopback())
}

fn is_scheme(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_says_what_kind_of_place_it_is() {
        for (text, expected) in [
            ("file:/run/q/commands.jsonl", Ok("file:/run/q/commands.jsonl")),
            ("file:a b:c\x1b", Ok("file:a b:c\\x1b")),
            ("file:", Err("file: needs a path after it; use file:PATH")),
            ("exec:/opt/q/can cel\n", Ok("exec:/opt/q/can cel\\n")),
            ("exec:cancel", Ok("exec:cancel")),
            ("exec:celery  -A app revoke {run}", Ok("exec:celery -A app revoke {run}")),
            ("exec:/opt/{{q}}", Ok("exec:/opt/{q}")),
            (
                "exec:./cancel {run}",
                Err(
                    "exec:./cancel depends on the current directory; use the whole path, from / on, or a name that is in PATH",
                ),
            ),
            (
                "exec:'' {run}",
                Err("exec: needs a program after it; use exec:/PATH/TO/PROGRAM, or a name that is in PATH"),
            ),
            (
                "exec:q {id}",
                Err(
                    "exec: {id} is no value of a run; there are {run}, {task} and {parent}, and {{ and }} are braces",
                ),
            ),
            ("exec:q 'a {run}", Err("exec: a quote is not closed: '")),
            (
                "exec:./cancel",
                Err(
                    "exec:./cancel depends on the current directory; use the whole path, from / on, or a name that is in PATH",
                ),
            ),
            (
                "exec:",
                Err("exec: needs a program after it; use exec:/PATH/TO/PROGRAM, or a name that is in PATH"),
            ),
            ("http://localhost:8787", Ok("http://localhost:8787")),
            ("http://localhost:8787/", Ok("http://localhost:8787")),
            ("http://127.0.0.1:80", Ok("http://127.0.0.1")),
            ("http://127.9.9.9:1", Ok("http://127.9.9.9:1")),
            ("http://[::1]:8787", Ok("http://[::1]:8787")),
            ("https://Queue.Example:8443", Ok("https://queue.example:8443")),
            ("https://queue.example", Ok("https://queue.example")),
            ("signal:4711", Ok("signal:4711")),
            ("signal:0004711", Ok("signal:4711")),
            ("http:localhost:1", Err("http: is followed by no address; use http://HOST:PORT")),
            ("http://", Err("http: is followed by no address; use http://HOST:PORT")),
            ("https://host:99999", Err("https: is followed by no address; use https://HOST:PORT")),
            (
                "ftp:x",
                Err(
                    "ftp: is no kind of place that commands can go to; use file:PATH, exec:PROGRAM, http://HOST:PORT or signal:PID",
                ),
            ),
            ("cmds", Err("\"cmds\" does not say what kind of place it is; use file:cmds")),
            ("", Err("\"\" does not say what kind of place it is; use file:")),
        ] {
            let found = text.parse::<Target>().map(|target| target.to_string()).map_err(|e| e.to_string());
            assert_eq!(found, expected.map(str::to_owned).map_err(str::to_owned));
        }
    }

    /// A signal to 0 or to a negative number goes to a whole group of processes, and one to 1 stops the machine.
    #[test]
    fn what_is_no_process_is_no_target() {
        for pid in
            ["", "0", "1", "-1", "-4711", "+4711", "abc", "4711x", " 4711", "2147483648", "4711 4712", "\x1b"]
        {
            let error = format!("signal:{pid}").parse::<Target>().unwrap_err();
            assert_eq!(error, TargetError::NoProcess(pid.to_owned()));
            let words = format!("signal:{} names no process; use signal:PID, with", text::clean(pid));
            assert!(error.to_string().starts_with(&words), "{error}");
        }
    }

    #[test]
    fn a_secret_in_an_address_is_refused_and_not_said_again() {
        for text in [
            "http://ada:secret@localhost:1",
            "https://secret@queue.example",
            "https://queue.example/secret",
            "https://queue.example/?token=secret",
            "https://queue.example/#secret",
        ] {
            let error = text.parse::<Target>().unwrap_err();
            assert!(matches!(error, TargetError::MoreThanAddress(_)), "{text}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }

    #[test]
    fn another_machine_is_reached_by_tls_or_not_at_all() {
        for host in [
            "queue.example:80",
            "10.0.0.1:1",
            "0.0.0.0:1",
            "[::]:1",
            "[::ffff:10.0.0.1]:1",
            "localhost.example:1",
            "127.0.0.1.example:1",
        ] {
            let error = format!("http://{host}").parse::<Target>().unwrap_err();
            assert!(matches!(error, TargetError::NotHere(_)), "{host}");
            assert!(format!("https://{host}").parse::<Target>().is_ok(), "{host}");
        }
    }
}
