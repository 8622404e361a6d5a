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
use runwatch::engine::mapped::catalog;
use runwatch::engine::mapped::states::MappedState;
use runwatch::engine::mapped::table::MappedTable;
use runwatch::engine::mapped::table::synonyms::SYNONYMS;
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

/// The page about one's own queue.
const OWN_QUEUE: &str = "docs/your-own-queue.md";

/// The words for each state as a table of Markdown.
fn state_words() -> String {
    let row = |(state, words): &(MappedState, &[&str])| {
        let name = state.name().to_lowercase();
        let others = words.iter().filter(|word| word.replace('_', "") != name);
        let words: Vec<String> = others.map(|word| format!("`{word}`")).collect();
        format!("| `{}` | {} |\n", state.name(), words.join(", "))
    };
    "| state | other words |\n|---|---|\n".to_owned() + &SYNONYMS.iter().map(row).collect::<String>()
}

/// The formats that are built in as a table of Markdown.
fn format_table() -> String {
    let row = |table: &&MappedTable| {
        format!("| `{}` | {} | `{}` |\n", table.name, table.title, table.command.replace('|', "\\|"))
    };
    let rows: String = catalog::built_in().iter().map(row).collect();
    "| format | what it is | command that writes it |\n|---|---|---|\n".to_owned() + &rows
}

#[test]
fn the_tables_of_keys_fields_words_and_formats_are_those_of_the_code() {
    for (page, name, expected) in [
        ("README.md", "keys", key_table()),
        ("README.md", "fields", field_table()),
        ("README.md", "words", word_table()),
        (OWN_QUEUE, "words of states", state_words()),
        (OWN_QUEUE, "formats", format_table()),
    ] {
        let text = fs::read_to_string(root().join(page)).unwrap();
        let found = part(&text, name);
        if found != expected && std::env::var("RUNWATCH_README").is_ok_and(|it| it == "write") {
            let at = found.as_ptr().addr() - text.as_ptr().addr();
            let written = format!("{}{expected}{}", &text[..at], &text[at + found.len()..]);
            // In one step, since other tests read it meanwhile.
            let new = root().join(format!("{page}.new"));
            fs::write(&new, written).unwrap();
            fs::rename(new, root().join(page)).unwrap();
            continue;
        }
        assert_eq!(found, expected, "write it again: RUNWATCH_README=write cargo test --test tidy readme");
    }
}

#[test]
fn the_table_that_is_shown_is_one() {
    let page = fs::read_to_string(root().join(OWN_QUEUE)).unwrap();
    let table = code(part(&page, "table")).join("\n");
    let table = MappedTable::parse(&table).unwrap_or_else(|problems| panic!("{problems:?}"));
    assert_eq!(table.name, "jobs");
    // The plain log, the schema and the table have the same fields.
    let schema: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(root().join("assets/plain-log.schema.json")).unwrap())
            .unwrap();
    let fields = schema["properties"].as_object().unwrap().keys().map(String::as_str);
    let plain = catalog::named("plain").unwrap();
    for field in fields {
        let is_read = plain.text.contains(&format!("\"/{field}\""));
        let is_told = page.contains(&format!("`{field}`"));
        assert!(is_read && is_told, "{field}");
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
