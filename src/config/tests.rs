//! Each value, and each mistake with its place.

use super::*;
use crate::input::{Action, Key, Keymap, Mode};
use crate::ui::theme::Palette;
use crate::view::column::Column;

/// The config of a text that is right.
fn right(text: &str) -> Config {
    parse(text).unwrap_or_else(|faults| panic!("{text}\n{}", error::list("config.toml", &faults)))
}

#[test]
fn each_setting_is_read() {
    assert_eq!(right(""), Config::default());
    assert_eq!(right("# nothing\n\n[keys]\n[queries]\n"), Config::default());
    let check = |text: &str, change: fn(&mut Config)| {
        let mut expected = Config::default();
        change(&mut expected);
        assert_ne!(expected, Config::default(), "{text}");
        assert_eq!(right(text), expected, "{text}");
    };
    check("theme = \"light\"", |it| it.theme = ThemeChoice::Palette(Palette::Light));
    check("theme = 'high-contrast'", |it| it.theme = ThemeChoice::Palette(Palette::HighContrast));
    check("theme = \"color-blind\"", |it| it.theme = ThemeChoice::Palette(Palette::ColorBlind));
    check("ascii = true", |it| it.ascii = true);
    check("columns = [\"task\", \"waiting\", \"error\"]", |it| {
        it.taste.columns = Some(vec![Column::Task, Column::Waiting, Column::Error]);
    });
    check("history = 0", |it| it.history = 0);
    check("history = 1_000", |it| it.history = 1000);
    check("evidence_timeout = \"500ms\"", |it| it.evidence_timeout = Duration::from_millis(500));
    check("evidence_timeout = \"1.5s\"", |it| it.evidence_timeout = Duration::from_millis(1500));
    check("evidence_timeout = \"2m\"", |it| it.evidence_timeout = Duration::from_secs(120));
    check("evidence_timeout = \"1h\"", |it| it.evidence_timeout = Duration::from_secs(3600));
    check("control_rate = 5", |it| it.taste.control_rate = 5);
    check("mouse = true", |it| it.taste.mouse = true);
    check("bell = true", |it| it.taste.bell = true);
    check("notify = true", |it| it.taste.notify = true);
    check("[queries]\nz = \"state:Failed\"\nlate-1 = \"@z x\"", |it| {
        let named = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        it.taste.queries = vec![named("z", "state:Failed"), named("late-1", "@z x")];
    });
}

#[test]
fn keys_are_read_one_by_one_in_rows_and_by_mode() {
    let key = |name| Key::parse(name).unwrap();
    let keymap = right(
        "[keys]\ncancel_run = \"x\"\ndown = [\"J\", \"ctrl-n\"]\nzoom = []\nkeep = { dialog = [\"n\", \"N\"] }\n\
         [keys.next_pane]\nboard = \"F6\"\n",
    )
    .taste
    .keymap;
    for (name, mode, expected) in [
        ("x", Mode::Board, Some(Action::CancelRun)),
        ("c", Mode::Board, None),
        ("J", Mode::Detail, Some(Action::Down)),
        ("Ctrl-n", Mode::Board, Some(Action::Down)),
        ("z", Mode::Board, None),
        ("N", Mode::Dialog, Some(Action::Keep)),
        ("Esc", Mode::Dialog, None),
        ("Esc", Mode::Find, Some(Action::Keep)),
        ("F6", Mode::Board, Some(Action::NextPane)),
        ("Tab", Mode::Board, None),
        ("Tab", Mode::Detail, Some(Action::NextPane)),
    ] {
        assert_eq!(keymap.lookup(key(name), mode), expected, "{name} in {mode:?}");
    }
}

#[test]
fn each_mistake_has_its_place_and_its_reason() {
    for (text, place, said) in [
        // Settings.
        ("\nthme = \"dark\"", (2, 1), "thme: no setting is called so; did you mean `theme`?"),
        ("zebra = 1", (1, 1), "zebra: no setting is called so"),
        ("theme = \"drak\"", (1, 9), "theme: no theme is called \"drak\"; did you mean `dark`?"),
        ("theme = 3", (1, 9), "theme: give the name of a theme in quotes"),
        ("ascii = \"yes\"", (1, 9), "ascii: give true or false, without quotes"),
        (
            "columns = [\"run\", \"taks\"]",
            (1, 11),
            "columns: no column is called \"taks\"; did you mean `task`?",
        ),
        ("columns = \"run\"", (1, 11), "columns: give names of columns in brackets"),
        ("columns = [\"run\", \"run\"]", (1, 11), "columns: `run` is there twice"),
        ("history = -1", (1, 11), "history: give a whole number that is not below 0"),
        ("history = 1.5", (1, 11), "history: give a whole number"),
        ("history = 99999999999999999999", (1, 11), "history: give a whole number"),
        ("evidence_timeout = 30", (1, 20), "evidence_timeout: give a time above 0 in quotes, as \"30s\""),
        ("evidence_timeout = \"30\"", (1, 20), "evidence_timeout: give a time above 0"),
        ("evidence_timeout = \"0s\"", (1, 20), "evidence_timeout: give a time above 0"),
        ("evidence_timeout = \"-1s\"", (1, 20), "evidence_timeout: give a time above 0"),
        ("control_rate = 0", (1, 16), "control_rate: give a whole number above 0"),
        ("mouse = 1", (1, 9), "mouse: give true or false"),
        // What no file may say.
        ("control = \"file:x\"", (1, 1), "control: no file says whether and where commands go"),
        ("[control]\nto = 1", (1, 2), "control: no file says whether and where commands go"),
        ("token = \"secret\"", (1, 1), "token: no secret and no way to one may be in a config"),
        ("on = \"x\"", (1, 1), "on: no file starts a program"),
        ("exec = \"x\"", (1, 1), "exec: no file starts a program"),
        // Keys.
        ("[keys]\nzom = \"z\"", (2, 1), "keys.zom: no action is called so; did you mean `zoom`?"),
        (
            "[keys]\nzoom = \"Entr\"",
            (2, 8),
            "keys.zoom: \"Entr\": no key is called so; did you mean `Enter`?",
        ),
        ("[keys]\nzoom = [\"F5\", \"a-b\"]", (2, 15), "keys.zoom: \"a-b\": one key at a time"),
        ("[keys]\nzoom = 5", (2, 8), "keys.zoom: a key is a text in quotes"),
        (
            "[keys]\nzoom = { bord = \"F5\" }",
            (2, 10),
            "keys.zoom.bord: no mode is called so; did you mean `board`?",
        ),
        ("[keys]\nzoom = { help = \"F5\" }", (2, 10), "keys.zoom: `zoom` means nothing in `help`"),
        ("[keys]\ntop = \"F5\"\nzoom = \"j\"", (3, 1), "keys.zoom: `j` is both `down` and `zoom` in `board`"),
        ("[keys]\nconfirm = \"Space\"", (2, 1), "keys.confirm: `confirm` cannot be `Space`"),
        (
            "[keys]\nquit = \"Q\"",
            (2, 1),
            "keys.quit: `quit` needs a key in `prompt`, and letters are typed there",
        ),
        ("keys = 1", (1, 8), "keys: this is a section: [keys]"),
        // Queries.
        ("[queries]\n\"a b\" = \"x\"", (2, 1), "queries.a b: the name of a query is one word"),
        ("[queries]\na = 1", (2, 5), "queries.a: a query is a text in quotes"),
        ("[queries]\na = \"live stat:x\"", (2, 11), "queries.a: "),
        ("[queries]\na = \"\\u006cive stat:x\"", (2, 5), "queries.a: "),
        ("[queries]\na = \"@b\"", (2, 6), "queries.a: there is no query named `b`"),
        ("[queries]\na = \"@a\"", (2, 6), "queries.a: in the query named `a`: `@a` leads back to itself"),
        // What is no TOML.
        ("theme = ", (1, 9), "string values must be quoted"),
        ("theme = dark", (1, 9), "string values must be quoted"),
        ("mouse = true\nmouse = true", (2, 1), "duplicate key"),
        // Columns are letters, and nothing reaches the screen as it is.
        ("[queries]\n\"ü\" = 1", (2, 7), "queries.ü: a query is a text in quotes"),
        ("\"\\u001b[31m\" = 1", (1, 1), "\\x1b[31m: no setting is called so"),
    ] {
        let faults = parse(text).expect_err(text);
        let found = error::list("config.toml", &faults);
        let (line, column) = place;
        let start = format!("config.toml:{line}:{column}: {said}");
        assert!(faults.len() == 1 && found.starts_with(&start), "{text}\n{found}\n{start}");
        assert!(!found.contains('\x1b') && !found.contains('\n'), "{found:?}");
    }
}

#[test]
fn all_mistakes_are_told_at_once_in_their_order_up_to_a_number() {
    let text = "thme = 1\nhistory = -1\n[keys]\nzom = \"z\"\nup = \"Upp\"\n[queries]\na = 7\n";
    let faults = parse(text).unwrap_err();
    let lines: Vec<usize> = faults.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [1, 2, 4, 5, 7]);
    let torn = parse("theme = dark\nascii = yes\n").unwrap_err();
    assert_eq!(torn.len(), 2, "{torn:?}");
    let many: String = (0..23).map(|n| format!("x{n} = 1\n")).collect();
    let told = error::list("config.toml", &parse(&many).unwrap_err());
    assert_eq!(told.lines().count(), 21);
    assert!(told.ends_with("\nand 3 more"), "{told}");
}

#[test]
fn the_default_file_says_every_setting_and_is_the_default() {
    let file = default_file();
    assert_eq!(right(&file), Config::default(), "{file}");
    for setting in setting::SETTINGS {
        assert!(file.contains(&format!("\n{} = ", setting.name)), "{}", setting.name);
    }
    let (_, keys) = file.split_once("\n[keys]\n").unwrap();
    for (name, _) in Action::NAMED {
        assert_eq!(keys.matches(&format!("\n{name} = ")).count(), 1, "{name}");
    }
    // The example given there is right too.
    let (_, queries) = file.split_once("[queries]\n").unwrap();
    let examples =
        queries.lines().filter_map(|line| line.strip_prefix("# ").filter(|it| it.contains(" = \"")));
    let examples: Vec<&str> = examples.take(2).collect();
    assert_eq!(right(&format!("[queries]\n{}", examples.join("\n"))).taste.queries.len(), 2);
    let columns = Column::ALL.map(Column::name).join(", ");
    let themes = ThemeChoice::ALL.map(ThemeChoice::name).join(", ");
    assert!(file.contains(&columns) && file.contains(&themes));
    assert!(file.lines().all(|line| !line.starts_with('#') || line.chars().count() <= 120), "{file}");
    // It is read, and not only passed over: another key in it is another keymap.
    let other = file.replace("cancel_run = \"c\"", "cancel_run = \"F9\"");
    assert_ne!(right(&other).taste.keymap, Keymap::default());
}

#[test]
fn a_file_that_was_named_must_be_there_and_ones_own_need_not() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path();
    assert_eq!(load(None, Some(home)).unwrap(), Config::default());
    assert_eq!(load(None, None).unwrap(), Config::default());
    let error = load(Some(&home.join("none.toml")), Some(home)).unwrap_err();
    assert!(error.to_string().ends_with("none.toml is not used: it does not exist"), "{error}");
    std::fs::create_dir(home.join("runwatch")).unwrap();
    std::fs::write(path_below(home), "ascii = true").unwrap();
    std::fs::write(home.join("other.toml"), "mouse = true").unwrap();
    assert!(load(None, Some(home)).unwrap().ascii);
    let other = load(Some(&home.join("other.toml")), Some(home)).unwrap();
    assert!(other.taste.mouse && !other.ascii);
    assert_eq!(load(Some(Path::new("/dev/null")), Some(home)).unwrap(), Config::default());
    std::fs::write(path_below(home), "ascii = 1").unwrap();
    let error = load(None, Some(home)).unwrap_err();
    let place = format!("{}:1:9: ascii: give true or false", path_below(home).display());
    assert!(error.to_string().starts_with(&place), "{error}");
}
