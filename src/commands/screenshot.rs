//! `runwatch screenshot LOG`: the dashboard's own screen of a log, as a picture or a page.
//!
//! The same log, keys and size give the same bytes: the clock is UTC, and shows the log's last event.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use super::instant::{Instants, refuse_time};
use super::{Failure, asked, given, report};
use crate::app::export::ExportFormat;
use crate::app::{App, Now, Preferences, Sending, Setup, Step};
use crate::args::{Picture, Screenshot};
use crate::control::Why;
use crate::control::command::Operator;
use crate::control::ledger;
use crate::engine::Given;
use crate::engine::batch::Decoder;
use crate::history::Keep;
use crate::input::Key;
use crate::model::text;
use crate::runtime::finish;
use crate::source::delivery::{Delivery, SourceNotice, Status};
use crate::source::origin::Origin;
use crate::source::read_once::Once;
use crate::ui;
use crate::view::Clock;
use crate::view::instant::When;

/// Time for which the screen has settled when it is drawn: the rush of reading the log is over.
const SETTLE_TIME: Duration = Duration::from_secs(60);

/// Between two keys, a question can be read.
const BEAT: Duration = Duration::from_millis(500);

/// Reads the log, presses the keys, and writes the picture.
///
/// # Errors
/// When the log cannot be read, the keys lead out of the dashboard, or the picture cannot be written.
pub fn run(shot: &Screenshot) -> Result<ExitCode, Failure> {
    if is_the_log(shot) {
        let hint = Some("name another file after -o".to_owned());
        return Err(Failure { what: "the picture would overwrite the log".to_owned(), hint });
    }
    if shot.replay && shot.source == Origin::Stdin {
        let hint = Some("keep the log in a file, and name that".to_owned());
        return Err(Failure { what: "a replay of a pipe cannot be drawn".to_owned(), hint });
    }
    let kind = kind(&shot.output)?;
    let picture = draw(shot, kind, &keys(&shot.keys)?)?;
    match &shot.output {
        Picture::Stdout => report(|out| {
            out.write_all(picture.as_bytes())?;
            Ok(ExitCode::SUCCESS)
        }),
        Picture::Path(path) => {
            fs::write(path, picture).map_err(|error| {
                let path = text::clean_path(path);
                Failure { what: format!("failed to write {path}: {error}"), hint: None }
            })?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Returns the kind of picture, by the name of the file. Standard output takes a picture, and so does a file
/// that is none: a pipe, or a device.
fn kind(output: &Picture) -> Result<ExportFormat, Failure> {
    let Picture::Path(path) = output else { return Ok(ExportFormat::Svg) };
    let is_special = || fs::metadata(path).is_ok_and(|it| !it.is_file() && !it.is_dir());
    let (name, ending) = (path.display().to_string(), path.extension());
    let refuse = |what: String, hint: &str| Err(Failure { what, hint: Some(hint.to_owned()) });
    match (ExportFormat::of(path), ending.map(|it| it.to_string_lossy())) {
        (Some(kind), _) if kind.is_screen() => Ok(kind),
        (None, _) if is_special() => Ok(ExportFormat::Svg),
        (Some(_), _) => refuse(
            format!("{} would be a file of runs, and a screenshot is a picture", text::clean(&name)),
            "name a file that ends in .svg or .html; `runwatch runs LOG --json` lists runs",
        ),
        (None, Some(ending)) => refuse(
            format!("no .{} can be written: a screenshot is an .svg or .html", text::clean(&ending)),
            "name a file that ends in .svg, a picture, or .html, a page; a browser shows and prints both",
        ),
        (None, None) => refuse(
            format!("{} does not say what to write: a screenshot is an .svg or .html", text::clean(&name)),
            "name a file that ends in .svg, a picture, or .html, a page; `-` writes an .svg to standard output",
        ),
    }
}

/// Returns true if the picture is to go where the log is, under any name, or into a directory that is one.
fn is_the_log(shot: &Screenshot) -> bool {
    let (Origin::Path(log), Picture::Path(picture)) = (&shot.source, &shot.output) else { return false };
    let identity = |path: &Path| fs::metadata(path).map(|metadata| (metadata.dev(), metadata.ino())).ok();
    let parent = picture.parent().filter(|parent| !parent.as_os_str().is_empty());
    let places = [picture, parent.unwrap_or(Path::new("."))];
    identity(log).is_some_and(|log| places.into_iter().any(|place| identity(place) == Some(log)))
}

fn keys(typed: &str) -> Result<Vec<Key>, Failure> {
    let named = |name| {
        let hint = Some("name keys as the help page does: --keys \"j Ctrl-d Enter\"".to_owned());
        Key::named(name)
            .ok_or_else(|| Failure { what: format!("no key is called {}", text::clean(name)), hint })
    };
    typed.split_whitespace().map(named).collect()
}

fn draw(shot: &Screenshot, kind: ExportFormat, keys: &[Key]) -> Result<String, Failure> {
    let start = Instant::now();
    let unread = Now { unix_ms: 0, instant: start };
    let setup = setup(shot)?;
    let mut decoder = Decoder::given(&setup.given);
    let mut once = open(shot, &setup.given)?;
    let mut app = App::new(setup, shot.size, unread);
    while let Some(block) = once.read()? {
        app.ingest(Delivery::Block(decoder.decode(block)), unread);
    }
    if let Some(when) = &shot.at {
        refuse_time(when, app.store())?;
    }
    let ending = once.ending();
    let said = match shot.source {
        Origin::Stdin => Delivery::Notice(SourceNotice::Ended),
        Origin::Path(_) => {
            let (size, pending) = (ending.bytes, ending.pending);
            let offset = size;
            Delivery::Status(Status { offset, size, pending, caught_up: true, unavailable_since: None })
        }
    };
    app.ingest(said, unread);
    let log = once.rereader();
    if let Some(query) = &shot.query {
        app.narrow(asked::of(query, app.store())?);
    }
    finish(&mut app, &*log);
    let last = app.store().unit().unix_ms(app.store().latest_at());
    let unix_ms = shot.now.map_or(last, |second| second.saturating_mul(1000));
    let mut now = Now { unix_ms, instant: start };
    app.drawn(now);
    app.shown(now);
    now.instant += SETTLE_TIME;
    app.tick(now);
    for key in keys {
        finish(&mut app, &*log);
        app.drawn(now);
        app.shown(now);
        now.instant += BEAT;
        let Some(action) = app.keymap().lookup(*key, app.mode()) else { continue };
        let left = match app.update(action, now) {
            Step::Stay | Step::Redraw | Step::Copy(_) | Step::TakeMouse | Step::LeaveMouse => continue,
            // No key says it: it is a command.
            Step::Theme(_) => continue,
            Step::Send(_) => "sends a command, and a picture sends none",
            Step::Export(_) => "writes a file of its own",
            Step::Suspend | Step::Quit => "leaves the dashboard",
        };
        let hint = Some("leave it out of --keys".to_owned());
        return Err(Failure { what: format!("the key {} {left}", key.label()), hint });
    }
    finish(&mut app, &*log);
    Ok(if kind == ExportFormat::Html { ui::page(&app, shot.look()) } else { ui::picture(&app, shot.look()) })
}

/// The log as far as it is wanted: a picture of an instant is that of the log when it ended there, and only one of a
/// replay knows what came after.
fn open(shot: &Screenshot, given: &Given) -> Result<Once, Failure> {
    match shot.at.as_ref().filter(|_| !shot.replay) {
        None | Some(When::End) => Ok(Once::open(&shot.source, crate::engine::options_given(given))?),
        Some(when) => {
            let mut log = Instants::open(&shot.source, given.clone(), Clock::utc())?;
            let (store, _) = log.fold_to(when)?;
            log.tell();
            log.until(store.tally().lines)
        }
    }
}

fn setup(shot: &Screenshot) -> Result<Setup, Failure> {
    let operator = Operator { user: String::new(), host: String::new(), pid: 0 };
    let sending = match &shot.control {
        _ if shot.replay => Sending::Off(Why::Replay),
        None => Sending::Off(Why::NoTarget),
        Some(target) => Sending::To(target.clone(), operator),
    };
    Ok(Setup {
        name: text::clean(&shot.source.label()).into_owned(),
        given: given::read(&shot.given)?,
        clock: Clock::utc(),
        sending,
        evidence_timeout: ledger::TIMEOUT,
        keep: Keep::Lines(u64::MAX),
        retain: crate::store::Retain::default(),
        // A picture is the same for everybody.
        taste: Preferences::default(),
        opens_at: shot.at.clone().filter(|_| shot.replay),
    })
}
