//! The README beside the program: what it shows is what there is.
//!
//! The tables of keys, fields and words are written by `RUNWATCH_README=write cargo test --test tidy readme`.

use std::fs;
use std::path::{Path, PathBuf};

use runwatch::config::{self, Config, ConfigError};
use runwatch::control::command::{Command, CommandKind, CommandNames, Operator};
use runwatch::engine::actionqueue;
use runwatch::engine::actionqueue::fold::Verdict;
use runwatch::engine::actionqueue::states::{RunState, STATES};
use runwatch::input::{Binding, KeyGroup, Keymap};
use runwatch::model::id::{CommandId, RunId};
use runwatch::model::position::{Parts, Position};
use runwatch::query::Query;
use runwatch::query::field::{FIELDS, FieldRow, WORDS};
use runwatch::store::Rules;
use runwatch::ui::Theme;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

/// Returns the text between `<!-- name -->` and `<!-- end of name -->`, without the comments' own lines.
fn part<'a>(readme: &'a str, name: &str) -> &'a str {
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
    let (_, rest) = readme.split_once(&begin).unwrap_or_else(|| panic!("README.md has no {begin}"));
    rest.split_once(&end).unwrap_or_else(|| panic!("README.md has no {end}")).0
}

/// The lines of the only block of code in a part.
fn code(part: &str) -> Vec<&str> {
    part.lines()
        .skip_while(|line| !line.starts_with("```"))
        .skip(1)
        .take_while(|line| *line != "```")
        .collect()
}

/// The key table as a table of Markdown: a row an entry of the help page.
fn key_table() -> String {
    let mut table = "| | keys | what they do |\n|---|---|---|\n".to_owned();
    let keymap = Keymap::default();
    for group in KeyGroup::ALL {
        for (index, rows) in keymap.entries(group).enumerate() {
            let heading = if index == 0 { group.label() } else { "" };
            table += &format!("| {heading} | {} | {} |\n", labels(rows), rows[0].help);
        }
    }
    table
}

fn labels(rows: &[Binding]) -> String {
    let mut labels: Vec<String> = rows.iter().map(|row| format!("`{}`", row.key.label())).collect();
    labels.dedup();
    labels.join(" ")
}

/// The fields of queries as a table of Markdown.
fn field_table() -> String {
    let mut table = "| field | what it is | example |\n|---|---|---|\n".to_owned();
    for FieldRow { name, other_names, help, example, .. } in FIELDS {
        let names: Vec<String> = [name].into_iter().chain(*other_names).map(|it| format!("`{it}`")).collect();
        table += &format!("| {} | {help} | `{}` |\n", names.join(" "), example.replace('|', "\\|"));
    }
    table
}

/// The words of queries as a table of Markdown.
fn word_table() -> String {
    let rows = WORDS.iter().map(|row| format!("| `{}` | {} |\n", row.name, row.help));
    "| word | finds |\n|---|---|\n".to_owned() + &rows.collect::<String>()
}

#[test]
fn the_tables_of_keys_fields_and_words_are_those_of_the_code() {
    for (name, expected) in [("keys", key_table()), ("fields", field_table()), ("words", word_table())] {
        let readme = readme();
        let found = part(&readme, name);
        if found != expected && std::env::var("RUNWATCH_README").is_ok_and(|it| it == "write") {
            let at = found.as_ptr().addr() - readme.as_ptr().addr();
            let written = format!("{}{expected}{}", &readme[..at], &readme[at + found.len()..]);
            // In one step, since other tests read it meanwhile.
            let new = root().join("README.md.new");
            fs::write(&new, written).unwrap();
            fs::rename(new, root().join("README.md")).unwrap();
            continue;
        }
        assert_eq!(found, expected, "write it again: RUNWATCH_README=write cargo test --test tidy readme");
    }
}

#[test]
fn the_queries_that_are_shown_are_queries() {
    let readme = readme();
    let lines = code(part(&readme, "queries"));
    assert!(lines.len() > 5);
    for line in lines {
        let (query, _) = line.split_once("  ").unwrap();
        if let Err(error) = Query::parse(query, &STATES) {
            panic!("{query}: {error}");
        }
    }
}

#[test]
fn the_smallest_log_is_one_completed_run() {
    let readme = readme();
    let lines = code(part(&readme, "smallest log"));
    assert!((6..=8).contains(&lines.len()), "{}", lines.len());
    let mut store = actionqueue::store(Rules::Strict);
    for (number, line) in (1..).zip(&lines) {
        let place = Position::new(Parts { line: number, ..Parts::default() });
        assert_eq!(actionqueue::fold::line(&mut store, place, line.as_bytes()), Verdict::Applied, "{line}");
    }
    assert_eq!((store.len(), store.lane(RunState::Completed).len()), (1, 1));
    assert_eq!(store.problems().total(), 0);
}

#[test]
fn the_command_is_written_as_it_is_sent() {
    let command = Command {
        id: CommandId::from_uuid("7ef1a3c2-5d0e-4b6f-9a41-0c8d2b9e6f13".parse().unwrap()),
        kind: CommandKind::Cancel {
            run: RunId::from_uuid("1311ade7-8cb6-45f9-89d4-781502ccb8f4".parse().unwrap()),
        },
        names: CommandNames::default(),
        reason: None,
        at_ms: 1_795_222_665_000,
        by: Operator { user: "ada".to_owned(), host: "desk".to_owned(), pid: 4711 },
        seen: 863,
    };
    assert_eq!(code(part(&readme(), "command")), [command.to_line()]);
}

#[test]
fn every_state_is_there_with_its_signs() {
    let readme = readme();
    let states = part(&readme, "states");
    for state in STATES.all() {
        let [sign, ascii] = [true, false].map(|unicode| Theme { unicode, ..Theme::default() }.state(state));
        let row = format!("| {sign} | `{ascii}` | {} |", state.name());
        assert!(states.contains(&row), "{row}");
    }
}

#[test]
fn the_config_is_right_and_the_wrong_one_is_told_so() {
    let readme = readme();
    let config = config::parse(&code(part(&readme, "config")).join("\n")).unwrap();
    assert_ne!(config.taste, Config::default().taste);
    let wrong = config::parse("thme = \"dark\"\n\n[keys]\nzoom = \"j\"\n").unwrap_err();
    let told = ConfigError::Wrong { path: "config.toml".into(), faults: wrong }.to_string();
    assert_eq!(code(part(&readme, "wrong config")).join("\n"), told);
}

#[test]
fn the_storage_that_writes_lines_is_the_one_that_is_tested() {
    let tested = fs::read_to_string(root().join("tests/it/directory/line_storage.rs")).unwrap();
    let (_, tested) = tested.split_once("\n\n").unwrap();
    assert_eq!(code(part(&readme(), "line storage")).join("\n") + "\n", tested);
}

#[test]
fn following_prints_what_is_shown() {
    let readme = readme();
    let shown = code(part(&readme, "follow"));
    let log = fs::File::open(root().join("assets/orders.jsonl")).unwrap();
    let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_runwatch"));
    let output = program.args(["follow", "-", "--every", "60"]).stdin(log).output().unwrap();
    // How fast it was is another number each time.
    let timeless = |line: &str| {
        let parts = line.split("; ").filter(|part| !part.ends_with(" a second"));
        parts.map(|part| part.trim_end().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(shown[0], "$ runwatch follow - < assets/orders.jsonl");
    assert_eq!(timeless(shown[1]), timeless(&String::from_utf8(output.stdout).unwrap()));
}

#[test]
fn every_relative_link_leads_to_a_file() {
    let readme = readme();
    let targets = readme.split("](").skip(1).map(|rest| rest.split(')').next().unwrap());
    let mut n_files = 0;
    for target in targets.filter(|target| !target.contains("://") && !target.starts_with('#')) {
        let path = Path::new(target.split('#').next().unwrap());
        assert!(root().join(path).exists(), "{target}");
        n_files += 1;
    }
    assert!(n_files > 5, "{n_files}");
}
