//! The program with a user's config, on a terminal and without one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::common::lines_of;
use crate::common::program::{runwatch, text};
use crate::session::Session;

const PROGRAM: &str = env!("CARGO_BIN_EXE_runwatch");

/// Words of the help page and of no other.
const HELP: &str = "half a page down";

/// Answers of a terminal to the question for its background, and to the one behind it.
const WHITE: &str = "\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[?62;22c";

/// A home directory with a config, and a log with runs in every state.
struct Home {
    dir: tempfile::TempDir,
    log: PathBuf,
}

impl Home {
    fn new(config: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("orders.jsonl");
        fs::write(&log, lines_of("tests/logs/live-small-mid.jsonl")).unwrap();
        fs::create_dir_all(dir.path().join("runwatch")).unwrap();
        fs::write(dir.path().join("runwatch/config.toml"), config).unwrap();
        Self { dir, log }
    }

    fn config(&self) -> String {
        self.dir.path().join("runwatch/config.toml").display().to_string()
    }

    /// Starts the dashboard; it reads the config of this home.
    fn start(&self, args: &[&str], environment: &[(&str, &str)]) -> Session {
        let args: Vec<&str> = [PROGRAM, self.log.to_str().unwrap()].iter().chain(args).copied().collect();
        let more = environment.iter().map(|(name, value)| (*name, Path::new(*value)));
        let environment: Vec<_> = [("XDG_CONFIG_HOME", self.dir.path())].into_iter().chain(more).collect();
        Session::start(&args, &environment)
    }

    fn watch(&self, args: &[&str], environment: &[(&str, &str)]) -> Session {
        let mut session = self.start(args, environment);
        session.wait_for("LIVE");
        session
    }
}

fn is_painted(screen: &vt100::Screen, number: u8) -> bool {
    let (rows, columns) = screen.size();
    (0..rows.get()).any(|row| {
        (0..columns.get()).any(|column| {
            screen.cell(row, column).is_some_and(|cell| cell.fgcolor() == vt100::Color::Idx(number))
        })
    })
}

/// Green as the light palette has it, and the dark one.
const ON_LIGHT: u8 = 28;
const ON_DARK: u8 = 2;

#[test]
fn a_key_of_ones_own_does_what_it_is_for_and_is_on_the_screen() {
    let home = Home::new(
        "[keys]\nhelp = \"F1\"\ncancel_run = [\"x\", \"Delete\"]\nconfirm = \"Y\"\nleave = \"Q\"\n",
    );
    let control = format!("file:{}", home.dir.path().join("commands.jsonl").display());
    let mut session = home.watch(&["--control", &control], &[]);
    session.wait_for("F1 help");
    session.wait_for("Q quit");
    session.press("?");
    session.press("\x1bOP");
    session.wait_for(HELP);
    session.wait_for("F1 ");
    session.press("Q");
    session.wait_until_gone(HELP);
    session.press("gllljc\x1b[3~");
    session.wait_for("Cancel this run?");
    session.wait_for("Y Cancel run");
    session.press("yn");
    session.wait_until_gone("Cancel this run?");
    session.press("q");
    session.press("Q");
    session.end(0);
    assert_eq!(fs::read_to_string(home.dir.path().join("commands.jsonl")).unwrap_or_default(), "");
}

#[test]
fn a_wrong_config_is_told_with_its_places_before_the_terminal_is_touched() {
    let home = Home::new("thme = \"dark\"\n\n[keys]\nzoom = \"j\"\nconfirm = \"Space\"\n");
    let said = home.start(&[], &[]).end_untouched(2);
    let config = home.config();
    let lines: Vec<&str> = said.lines().collect();
    let [first, second, third, hint] = lines[..] else { panic!("{said}") };
    assert_eq!(
        first,
        format!("runwatch: {config}:1:1: thme: no setting is called so; did you mean `theme`?")
    );
    assert_eq!(second, format!("{config}:4:1: keys.zoom: `j` is both `down` and `zoom` in `board`"));
    assert!(
        third.starts_with(&format!("{config}:5:1: keys.confirm: `confirm` cannot be `Space`")),
        "{third}"
    );
    assert!(hint.contains("runwatch config --default"), "{hint}");
    // A replay has the same, another file does without, and reports do not look.
    let replay = Session::start(
        &[PROGRAM, "replay", home.log.to_str().unwrap()],
        &[("XDG_CONFIG_HOME", home.dir.path())],
    )
    .end_untouched(2);
    assert_eq!(replay, said);
    let mut session = home.watch(&["--config", "/dev/null"], &[]);
    session.press("q");
    session.end(0);
    let report =
        runwatch(&["stats", home.log.to_str().unwrap()]).env("XDG_CONFIG_HOME", home.dir.path()).output();
    assert_eq!(report.unwrap().status.code(), Some(0));
}

#[test]
fn arguments_win_over_the_file_and_the_file_over_the_defaults() {
    let painted = |home: &Home, args: &[&str], environment: &[(&str, &str)], number| {
        let mut session = home.watch(args, environment);
        session.wait(&format!("color {number}"), |screen| is_painted(screen, number));
        let other = if number == ON_LIGHT { ON_DARK } else { ON_LIGHT };
        session.wait("no other", |screen| !is_painted(screen, other));
        session.press("q");
        session.end(0);
    };
    let (light, none) = (Home::new("theme = \"light\"\nascii = true\n"), Home::new(""));
    painted(&light, &[], &[], ON_LIGHT);
    painted(&light, &["--theme", "dark"], &[], ON_DARK);
    painted(&none, &[], &[], ON_DARK);
    painted(&none, &["--theme", "light"], &[], ON_LIGHT);
    painted(&none, &[], &[("COLORFGBG", "0;15")], ON_LIGHT);
    painted(&none, &["--theme", "dark"], &[("COLORFGBG", "0;15")], ON_DARK);
    let mut session = light.watch(&[], &[("NO_COLOR", "1")]);
    session.wait("colorless screen", |screen| {
        screen.contents().contains("* Running") && !is_painted(screen, ON_LIGHT)
    });
    assert!(session.text().is_ascii(), "{}", session.text());
    session.press("q");
    session.end(0);
}

#[test]
fn a_terminal_that_says_that_it_is_light_is_believed() {
    let home = Home::new("");
    let mut session = home.start(&[], &[]);
    // It waits to be read, however slow the machine is.
    session.press(WHITE);
    session.wait("light colors", |screen| is_painted(screen, ON_LIGHT));
    assert!(session.has_written("\x1b]11;?"));
    session.press("q");
    session.end(0);
}

#[test]
fn an_answer_that_comes_late_presses_no_key() {
    let home = Home::new("");
    let mut session = home.watch(&[], &[]);
    assert!(session.has_written("\x1b]11;?"), "nothing was asked");
    session.wait("dark colors", |screen| is_painted(screen, ON_DARK));
    // As keys it would open a question, and what comes after would be typed into it.
    session.press(WHITE);
    session.press("?");
    session.wait_for(HELP);
    session.press("q");
    session.wait_until_gone(HELP);
    assert!(!session.text().contains("Go to"), "{}", session.text());
    session.press("q");
    session.end(0);
}

#[test]
fn nothing_is_asked_where_it_does_not_matter() {
    let home = Home::new("");
    for (args, environment) in [
        (&["--theme", "dark"][..], &[][..]),
        (&["--theme", "high-contrast"], &[]),
        (&[], &[("NO_COLOR", "1")]),
    ] {
        let mut session = home.watch(args, environment);
        session.press("q");
        session.end(0);
        assert!(!session.has_written("\x1b]11;?"), "{args:?}");
    }
}

#[test]
fn the_file_is_told_about_without_a_terminal() {
    let home = Home::new("");
    let path = home.config();
    let config = |args: &[&str]| {
        let args: Vec<&str> = ["config"].iter().chain(args).copied().collect();
        runwatch(&args).env("XDG_CONFIG_HOME", home.dir.path()).output().unwrap()
    };
    assert_eq!(text(&config(&["--path"])), format!("{path}\n"));
    let default = text(&config(&["--default"]));
    fs::write(&path, &default).unwrap();
    assert_eq!(text(&config(&["--check"])), format!("{path}: right\n"));
    let other = home.dir.path().join("other.toml").display().to_string();
    fs::write(&other, default.replace("theme = \"auto\"", "theme = \"ligth\"")).unwrap();
    let wrong = config(&["--check", &other]);
    let said = String::from_utf8_lossy(&wrong.stderr);
    assert_eq!(wrong.status.code(), Some(2));
    let line = default.lines().position(|line| line.starts_with("theme")).unwrap() + 1;
    let expected =
        format!("runwatch: {other}:{line}:9: theme: no theme is called \"ligth\"; did you mean `light`?\n");
    assert!(said.starts_with(&expected) && wrong.stdout.is_empty(), "{said}");
    fs::remove_file(&path).unwrap();
    assert!(text(&config(&["--check"])).ends_with("not there, so every setting is at its default\n"));
    for args in [&[][..], &["--path", "--default"], &["--check", &path]] {
        assert_eq!(config(args).status.code(), Some(2), "{args:?}");
    }
    // Without a home there is nowhere to look, and nothing to complain of for commands that need none.
    let nowhere = runwatch(&["config", "--path"]).output().unwrap();
    assert!(matches!(nowhere.status.code(), Some(0 | 2)));
}

#[test]
fn what_others_may_have_written_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Home::new("");
    fs::set_permissions(home.config(), fs::Permissions::from_mode(0o666)).unwrap();
    let said = home.start(&[], &[]).end_untouched(2);
    let expected =
        format!("runwatch: the config file {} is not used: others may write to it\n  ", home.config());
    assert!(said.starts_with(&expected) && said.contains("chmod go-w"), "{said}");
}

#[test]
fn shells_and_man_are_told_what_there_is() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = text(&runwatch(&["--print-completions", shell]).output().unwrap());
        assert!(script.contains("evidence-timeout") && script.contains("screenshot"), "{shell}");
        let Ok(mut checked) = Command::new(shell).arg("-n").stdin(Stdio::piped()).spawn() else { continue };
        if matches!(shell, "bash" | "zsh" | "fish") {
            std::io::Write::write_all(&mut checked.stdin.take().unwrap(), script.as_bytes()).unwrap();
            assert!(checked.wait().unwrap().success(), "{shell}");
        }
    }
    let page = text(&runwatch(&["--print-man"]).output().unwrap());
    assert!(page.contains(".TH runwatch 1"));
    for report in ["STATS", "CHECK", "RUNS", "DIFF", "SCREENSHOT", "CONFIG", "REPLAY"] {
        assert!(page.contains(&format!(".SH \"RUNWATCH {report}\"")), "{report}");
    }
    assert_eq!(runwatch(&["--print-man", "log"]).output().unwrap().status.code(), Some(2));
    assert_eq!(runwatch(&["--print-completions", "tcsh"]).output().unwrap().status.code(), Some(2));
}

/// Starts a program as a user who is neither root nor the one whose home it is; none where that cannot be done.
#[allow(clippy::print_stderr, reason = "a test that tests nothing says so")]
fn as_another_user() -> Option<Vec<&'static str>> {
    if !rustix::process::geteuid().is_root() {
        return Some(Vec::new()); // No directory without rights is open to us.
    }
    let other = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    let can_run = Command::new(other[0]).args(&other[1..]).args([PROGRAM, "--version"]).output();
    if can_run.is_ok_and(|output| output.status.success()) {
        return Some(other.to_vec());
    }
    eprintln!("SKIPPED: setpriv cannot start {PROGRAM} as another user");
    None
}

/// Where a home cannot be reached, as in a container whose user is another than its image's, the dashboard starts and
/// says so; a config that was named is asked for.
#[test]
fn a_home_that_cannot_be_reached_keeps_no_user_from_starting() {
    use std::os::unix::fs::PermissionsExt as _;
    let Some(user) = as_another_user() else { return };
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let allow = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    allow(dir.path(), 0o755);
    let log = at("orders.jsonl");
    fs::write(&log, lines_of("tests/logs/live-small-mid.jsonl")).unwrap();
    allow(&log, 0o644);
    fs::create_dir_all(at("closed/.config/runwatch")).unwrap();
    fs::write(at("closed/.config/runwatch/config.toml"), "ascii = true\n").unwrap();
    fs::create_dir_all(at("unreadable/.config/runwatch")).unwrap();
    fs::write(at("unreadable/.config/runwatch/config.toml"), "ascii = true\n").unwrap();
    allow(&at("unreadable/.config/runwatch/config.toml"), 0o000);
    allow(&at("closed"), 0o000);
    for (home, is_told) in [
        (Some(at("closed")), true),
        (Some(at("unreadable")), true),
        (Some(at("none")), false),
        (Some(log.clone()), false),
        (None, false),
    ] {
        // A terminal begins in the home of its environment, so this one is set later.
        let set = home.as_ref().map(|home| format!("HOME={}", home.display()));
        let set = set.as_ref().map_or(["-u", "HOME"], |set| ["--", set]);
        let program = ["env", set[0], set[1], PROGRAM, log.to_str().unwrap()];
        let args: Vec<&str> = user.iter().copied().chain(program).collect();
        let mut session = Session::start(&args, &[]);
        session.wait_for("LIVE");
        if is_told {
            session.wait_for("the config file is not read, Permission denied");
        }
        session.press("q");
        session.end(0);
    }
    // A config that was named, and one that is asked about, are not passed over.
    for args in [
        &[log.to_str().unwrap(), "--config", at("closed/.config/runwatch/config.toml").to_str().unwrap()][..],
        &["config", "--check"],
    ] {
        let argv: Vec<&str> = user.iter().copied().chain([PROGRAM]).chain(args.iter().copied()).collect();
        let output = Command::new(argv[0])
            .args(&argv[1..])
            .env_remove("XDG_CONFIG_HOME")
            .env("HOME", at("closed"))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("is not used: Permission denied"), "{said}");
    }
    allow(&at("closed"), 0o700);
}
