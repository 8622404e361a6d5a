//! The house rules, read off the source: who may know whom, which file is the door of which dependency, and what no
//! file may hold. Each rule is also shown a small wrong text, since a rule that cannot fail says nothing.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::source::{Place, Source};
use crate::tables::{DOORS, FLOORS, HIDDEN, KNOWN_BY, LONG, LONGEST, NARROW, NEVER, UNDONE};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below `dir`, as paths from the root.
pub(crate) fn files(dir: &str) -> Vec<String> {
    let mut found = vec![];
    for entry in fs::read_dir(root().join(dir)).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = if dir.is_empty() { name.clone() } else { format!("{dir}/{name}") };
        match entry.file_type().unwrap() {
            kind if kind.is_dir() && !matches!(name.as_str(), "target" | ".git") => {
                found.extend(files(&path));
            }
            kind if kind.is_file() => found.push(path),
            _ => {}
        }
    }
    found.sort();
    found
}

pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn sources(dir: &str) -> Vec<Source> {
    let paths = files(dir).into_iter().filter(|path| path.ends_with(".rs"));
    let mut sources: Vec<Source> = paths.map(|path| Source::new(&path, &read(&path))).collect();
    assert!(!sources.is_empty(), "{dir} holds no source");
    // What a file declares for tests only is so in the other file.
    let of_tests: Vec<String> = sources.iter().flat_map(test_files).collect();
    for source in sources.iter_mut().filter(|source| of_tests.contains(&source.path)) {
        source.named.iter_mut().for_each(|named| named.in_tests = true);
    }
    sources
}

/// The files of the modules that a source declares for tests only.
fn test_files(source: &Source) -> Vec<String> {
    let dir = source.path.trim_end_matches(".rs").trim_end_matches("/lib").trim_end_matches("/main");
    source.test_modules.iter().map(|name| format!("{dir}/{name}.rs")).collect()
}

pub(crate) fn check(breaches: &[String]) {
    assert!(breaches.is_empty(), "\n{}\n", breaches.join("\n"));
}

/// The path of a source within its `src`.
fn inner(source: &Source) -> &str {
    source.path.split_once("src/").map_or(&source.path, |(_, inner)| inner)
}

fn floor(source: &Source) -> &str {
    inner(source).split(['/', '.']).next().unwrap()
}

fn height(floor: &str) -> Option<usize> {
    FLOORS.iter().position(|line| line.contains(&floor))
}

fn row<'a, T>(table: &'a [(&str, T)], name: &str) -> Option<&'a T> {
    table.iter().find(|(it, _)| *it == name).map(|(_, row)| row)
}

/// Paths that lead up, sideways, or to a floor that may not be known.
fn wrong_ways(source: &Source) -> Vec<String> {
    let from = floor(source);
    let mut found = vec![];
    if from == "lib" {
        return found;
    }
    let Some(from_height) = height(from) else { return vec![format!("{}: is on no floor", source.path)] };
    for named in &source.named {
        let Place::Inside(path) = &named.place else { continue };
        let to = path.first().map_or("", String::as_str);
        if to == from {
            continue;
        }
        let whole = path.join("::");
        let is_below = height(to).is_some_and(|to| to < from_height);
        let is_near = row(NARROW, from).is_none_or(|known| {
            known.iter().any(|it| whole == **it || whole.starts_with(&format!("{it}::")))
        });
        let is_open = row(KNOWN_BY, to).is_none_or(|by| by.contains(&from));
        let is_hidden = HIDDEN.iter().any(|(path, by)| {
            let is_in = whole == *path || whole.starts_with(&format!("{path}::"));
            is_in && !by.contains(&from) && !named.in_tests
        });
        if !(is_below && is_near && is_open && !is_hidden) {
            found.push(format!("{}:{}: {from} may not know {whole}", source.path, named.line));
        }
    }
    found
}

fn fits(pattern: &str, path: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == path, |start| path.starts_with(start))
}

/// The dependencies that a source names outside of its tests, with the lines.
fn dependencies(source: &Source) -> impl Iterator<Item = (&str, usize)> {
    source.named.iter().filter(|named| !named.in_tests && !named.is_own).filter_map(|named| {
        match &named.place {
            Place::Elsewhere(path) => Some((path[0].as_str(), named.line)),
            Place::Inside(_) => None,
        }
    })
}

/// Dependencies that are named outside of their doors.
fn wrong_doors(source: &Source) -> Vec<String> {
    dependencies(source)
        .filter_map(|(name, line)| {
            let doors = row(DOORS, name)?;
            let is_door = doors.iter().any(|door| fits(door, inner(source)));
            (!is_door).then(|| format!("{}:{line}: is no door of {name}", source.path))
        })
        .collect()
}

/// Things that no file does, beyond the places that are named.
fn never(source: &Source) -> Vec<String> {
    let mut found = vec![];
    for (what, places) in NEVER {
        let lines: Vec<usize> = source
            .named
            .iter()
            .filter(|named| !named.in_tests)
            .filter_map(|named| match &named.place {
                Place::Elsewhere(path) => {
                    let path = path.join("::");
                    (path == *what || path.ends_with(&format!("::{what}"))).then_some(named.line)
                }
                Place::Inside(_) => None,
            })
            .collect();
        let allowed = row(places, inner(source)).copied().unwrap_or(0);
        if lines.len() != allowed {
            found.push(format!("{}: {what} at {lines:?}, and {allowed} are allowed", source.path));
        }
    }
    found
}

/// Faults of the file as such.
fn shape(source: &Source) -> Vec<String> {
    let mut found = vec![];
    let path = &source.path;
    // A file of nothing but tests is told about by the file that it tests.
    if !source.text.starts_with("//!") {
        found.push(format!("{path}: does not say what it is (//!)"));
    }
    if path.ends_with("/mod.rs") {
        found.push(format!("{path}: a module is beside its directory, not in it"));
    }
    let lines = source.text.lines().count();
    let is_long = row(LONG, inner(source)).is_some();
    if (lines > LONGEST) != is_long {
        found.push(format!("{path}: has {lines} lines; longer than {LONGEST} is as listed, and no other"));
    }
    found
}

/// Dependencies without a reason on their line.
fn without_reason(path: &str, manifest: &str) -> Vec<String> {
    named_dependencies(manifest)
        .into_iter()
        .filter(|(_, line)| line.rsplit_once("# ").is_none_or(|(_, reason)| reason.trim().is_empty()))
        .map(|(name, _)| format!("{path}: {name} has no reason"))
        .collect()
}

/// The dependencies of a manifest and their lines, those of the tests included.
fn named_dependencies(manifest: &str) -> Vec<(String, &str)> {
    let mut found = vec![];
    let mut section = "";
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line;
        } else if section.trim_end_matches(']').ends_with("dependencies")
            && let Some((name, _)) = line.split_once('=')
            && !line.starts_with('#')
        {
            found.push((name.trim().trim_end_matches(".workspace").to_owned(), line));
        }
    }
    found
}

/// Words of what is not done, by line.
fn undone(path: &str, text: &str) -> Vec<String> {
    let lines = text.lines().enumerate();
    lines
        .filter_map(|(index, line)| {
            let word = UNDONE
                .iter()
                .find(|word| line.split(|c: char| !c.is_alphanumeric()).any(|it| it == **word))?;
            Some(format!("{path}:{}: {word}", index + 1))
        })
        .collect()
}

#[test]
fn a_floor_knows_only_the_floors_below_it() {
    check(&sources("src").iter().flat_map(wrong_ways).collect::<Vec<_>>());
}

#[test]
fn each_dependency_has_its_doors_and_each_door_is_used() {
    let sources = sources("src");
    let mut breaches: Vec<String> = sources.iter().flat_map(wrong_doors).collect();
    let manifest = read("Cargo.toml");
    let before_tests = manifest.split("[dev-dependencies]").next().unwrap();
    let listed: BTreeSet<String> =
        named_dependencies(before_tests).into_iter().map(|(name, _)| name.replace('-', "_")).collect();
    let rows: BTreeSet<String> = DOORS.iter().map(|(name, _)| (*name).to_owned()).collect();
    breaches
        .extend(listed.symmetric_difference(&rows).map(|name| format!("{name}: listed in one place only")));
    for (name, doors) in DOORS {
        for door in *doors {
            let goes_through = |source: &Source| {
                fits(door, inner(source)) && dependencies(source).any(|(found, _)| found == *name)
            };
            if !sources.iter().any(goes_through) {
                breaches.push(format!("{name}: no file goes through the door {door}"));
            }
        }
    }
    check(&breaches);
}

#[test]
fn no_source_stops_the_process_sleeps_or_is_left_unfinished() {
    check(&sources("src").iter().flat_map(never).collect::<Vec<_>>());
}

#[test]
fn every_source_says_what_it_is_and_has_a_size_to_be_read_at_once() {
    let sources = sources("src").into_iter().chain(sources("demo/src"));
    check(&sources.flat_map(|source| shape(&source)).collect::<Vec<_>>());
}

#[test]
fn every_dependency_has_its_reason_beside_it() {
    for path in ["Cargo.toml", "demo/Cargo.toml"] {
        check(&without_reason(path, &read(path)));
    }
}

#[test]
fn nothing_in_the_tree_is_marked_as_not_done() {
    let texts = files("").into_iter().filter_map(|path| {
        // What is no text holds no words.
        fs::read_to_string(root().join(&path)).ok().map(|text| (path, text))
    });
    check(&texts.flat_map(|(path, text)| undone(&path, &text)).collect::<Vec<_>>());
}

#[test]
fn the_table_of_floors_has_a_row_for_every_module() {
    let declared: BTreeSet<String> = read("src/lib.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';').map(str::to_owned))
        .chain(["main".to_owned()])
        .collect();
    let floors: BTreeSet<String> =
        FLOORS.iter().flat_map(|line| line.iter().map(|it| (*it).to_owned())).collect();
    assert_eq!(declared, floors);
}

/// Returns the number of faults that `rule` finds in a wrong text at `path`.
fn lines_of(rule: fn(&Source) -> Vec<String>, path: &str, text: &str) -> usize {
    rule(&Source::new(path, text)).len()
}

#[test]
fn a_path_up_or_sideways_is_found_however_it_is_spelled() {
    let n = |path, text| lines_of(wrong_ways, path, text);
    for text in [
        "use crate::app::App;",
        "use crate::{\n    model::{id::RunId, text},\n    app::{\n        App,\n    },\n};",
        "use crate::app as program;",
        "pub use crate::app::*;",
        "pub(crate) use super::super::app::App;",
        "fn f(app: &crate::app::App) {}",
        "fn f() -> Option<crate::app::Now> { None }",
        "mod inner { use super::super::super::app::App; }",
        "#[cfg(test)] mod tests { use crate::app::App; }",
        "use crate::*;",
        "use crate::nowhere::Thing;",
        "use crate::source::line::Line;",
        "const C: char = '\\''; use crate::app::App;",
    ] {
        assert_eq!(n("src/store/state_list.rs", text), 1, "{text}");
    }
    for text in [
        "use crate::model::{self, id::{RunId, TaskId}};",
        "use super::key::RunKey; use super::{Lane, super::store::Name};",
        "// use crate::app::App;\n/* use crate::app::App; /* deeper */ use crate::ui; */",
        "const S: &str = \"use crate::app::App;\"; const R: &str = r#\"\" crate::ui::x \"#;",
        "fn f<'a>(it: &'a str) -> impl Iterator<Item = u8> + use<'a> { it.bytes() }",
        "pub(in crate::store) fn f() {}",
        "const C: (char, u8) = ('\"', b'\"'); // crate::app::App",
    ] {
        assert_eq!(n("src/store/state_list.rs", text), 0, "{text}");
    }
    assert_eq!(n("src/view/list.rs", "use crate::terminal::keys::Input;"), 1);
    assert_eq!(n("src/runtime.rs", "use crate::terminal::keys::Input;"), 0);
    assert_eq!(n("src/runtime.rs", "use crate::args::Args;"), 1);
    assert_eq!(n("src/terminal.rs", "use crate::model::text; use crate::source::line::Line;"), 1);
    assert_eq!(n("src/args.rs", "use crate::ui::Theme; use crate::app::App;"), 1);
    assert_eq!(n("src/commands/stats.rs", "use crate::args::Args; use runwatch::app::App;"), 0);
    assert_eq!(n("src/main.rs", "use runwatch::commands::{self, check}; use runwatch::args::Args;"), 0);
    assert_eq!(n("src/attic.rs", ""), 1);
    assert_eq!(n("src/history.rs", "use crate::model::position::Parts;"), 1);
    assert_eq!(n("src/history.rs", "use crate::{model::position::Position, source::file::FileFollower};"), 1);
    assert_eq!(n("src/history.rs", "#[cfg(test)] mod tests { use crate::source::archive::Archive; }"), 0);
    assert_eq!(n("src/source/line.rs", "use crate::model::position::Parts;"), 0);
}

#[test]
fn a_dependency_outside_its_doors_is_found_however_it_is_spelled() {
    let n = |path, text: &str| lines_of(wrong_doors, path, text);
    for text in [
        "use serde_json::Value;",
        "use ::serde_json::{Value};",
        "use serde_json as json;",
        "fn f() { let x = serde_json::to_string(&1); }",
        "#[derive(serde::Serialize)] struct S;",
        "mod a { fn f() { tokio::spawn(async {}); } }",
    ] {
        assert_eq!(n("src/view/list.rs", text), 1, "{text}");
        assert_eq!(n("src/view/list.rs", &format!("#[cfg(test)]\nmod tests {{ {text} }}")), 0, "{text}");
    }
    assert_eq!(n("src/projection.rs", "use serde::Serialize;"), 0);
    assert_eq!(n("src/view/list.rs", "use crate::model::cron; fn f() { cron::occurrences(1); }"), 0);
    assert_eq!(n("src/view/list.rs", "mod notify; use notify::Word; fn f() { notify::g() }"), 0);
    assert_eq!(n("src/view/list.rs", "fn f() { cron::occurrences(1); }"), 1);
    let declared =
        Source::new("src/view.rs", "mod a; #[cfg(test)] mod field; #[cfg(test)] mod tests { mod b; } mod c;");
    assert_eq!(test_files(&declared), ["src/view/field.rs"]);
    assert_eq!(n("src/engine/actionqueue/decode/aq03.rs", "use serde::Deserialize;"), 0);
    assert_eq!(n("src/engine/actionqueue/decoys.rs", "use serde::Deserialize;"), 1);
}

#[test]
fn what_no_source_may_do_is_found() {
    let n = |path, text: &str| lines_of(never, path, text);
    for text in [
        "fn f() { todo!() }",
        "fn f() { std::unimplemented!(\"later\") }",
        "fn f() { dbg!(1); }",
        "fn f() { unsafe { g() } }",
        "fn f() { std::process::exit(1) }",
        "use std::process::exit;",
        "fn f() { thread::sleep(D); }",
    ] {
        assert_eq!(n("src/view/list.rs", text), 1, "{text}");
        assert_eq!(n("src/view/list.rs", &format!("/// {}", text.replace('\n', " "))), 0, "{text}");
    }
    assert_eq!(n("src/source/passing.rs", "fn f() { std::thread::sleep(D); }"), 0);
    assert_eq!(n("src/source/passing.rs", "fn f() { thread::sleep(D); thread::sleep(D); }"), 1);
    assert_eq!(n("src/source/passing.rs", ""), 1, "a place that is not used is not allowed");
}

#[test]
fn a_source_of_the_wrong_shape_is_found() {
    let n = |path, text: &str| lines_of(shape, path, text);
    assert_eq!(n("src/view/list.rs", "//! A list.\n"), 0);
    assert_eq!(n("src/view/list.rs", "use std::fmt;\n"), 1);
    assert_eq!(n("src/view/list/tests.rs", "use super::*;\n"), 1);
    assert_eq!(n("src/view/mod.rs", "//! A view.\n"), 1);
    assert_eq!(n("src/view/list.rs", &"//!\n".repeat(LONGEST)), 0);
    assert_eq!(n("src/view/list.rs", &"//!\n".repeat(LONGEST + 1)), 1);
}

#[test]
fn a_dependency_without_a_reason_and_a_word_of_what_is_not_done_are_found() {
    let manifest = "[package]\nname = \"x\"\n[dependencies]\na = \"1\" # for this\nb = \"1\"\n\
        [dev-dependencies]\nc = { version = \"1\" } #\n[features]\nd = []\n";
    assert_eq!(without_reason("x", manifest), ["x: b has no reason", "x: c has no reason"]);
    for word in UNDONE {
        assert_eq!(undone("x", &format!("one\n// {word}: later")), [format!("x:2: {word}")]);
        assert!(undone("x", &format!("a{word}b {}", word.to_lowercase())).is_empty());
    }
}
