//! The rules of words: which are not used, how a comment of documentation begins, and that a type's name is found once.

use std::collections::BTreeMap;

use crate::house::{check, files, read};
use crate::tables::{BEGINNINGS, NAMED_TWICE, PHRASES, WIRE_KEY};

/// The parts of a line that are words of their own: those of an identifier as well.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for c in line.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && was_small) {
            words.push(String::new());
        }
        if c.is_alphanumeric() {
            words.last_mut().unwrap().extend(c.to_lowercase());
        }
        was_small = c.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Phrases that are not used, by line; a phrase with a colon is, where the words behind the colon follow.
fn phrases(path: &str, text: &str) -> Vec<String> {
    let mut found = vec![];
    for (index, line) in text.lines().enumerate() {
        let words = words(&line.replace(WIRE_KEY, ""));
        for phrase in PHRASES {
            let (phrase, excused) = phrase.split_once(':').unwrap_or((phrase, ""));
            let (parts, excused): (Vec<&str>, Vec<&str>) =
                (phrase.split(' ').collect(), excused.split_whitespace().collect());
            let is_used = (0..words.len()).any(|at| {
                let rest = &words[at..];
                let goes_on = |parts: &[&str], rest: &[String]| {
                    rest.len() >= parts.len() && parts.iter().zip(rest).all(|(part, word)| part == word)
                };
                goes_on(&parts, rest) && (excused.is_empty() || !goes_on(&excused, &rest[parts.len()..]))
            });
            if is_used {
                found.push(format!("{path}:{}: {phrase}", index + 1));
            }
        }
    }
    found
}

/// Comments of documentation that begin with a question, by line.
fn beginnings(path: &str, text: &str) -> Vec<String> {
    let doc = |line: &str| {
        let line = line.trim_start();
        let rest = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"))?;
        Some(rest.trim().to_owned()).filter(|rest| !rest.is_empty())
    };
    let mut found = vec![];
    let mut is_within = false;
    for (index, line) in text.lines().enumerate() {
        let rest = doc(line);
        if let Some(first) = rest.as_ref().and_then(|rest| rest.split(' ').next())
            && !is_within
            && BEGINNINGS.contains(&first)
        {
            found.push(format!("{path}:{}: begins with {first}", index + 1));
        }
        is_within = rest.is_some();
    }
    found
}

/// The types that a text declares for others, with its lines.
fn types(text: &str) -> Vec<(String, usize)> {
    let mut found = vec![];
    for (index, line) in text.lines().enumerate() {
        let Some(rest) = line.trim_start().strip_prefix("pub") else { continue };
        let rest =
            if rest.starts_with('(') { rest.split_once(')').map_or("", |(_, rest)| rest) } else { rest };
        let mut words = rest.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|it| !it.is_empty());
        if rest.starts_with(' ')
            && matches!(words.next(), Some("struct" | "enum" | "trait" | "type"))
            && let Some(name) = words.next()
        {
            found.push((name.to_owned(), index + 1));
        }
    }
    found
}

/// Names of more than one type, with the places of each.
fn named_twice(texts: &[(String, String)]) -> BTreeMap<String, Vec<String>> {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, text) in texts {
        for (name, line) in types(text) {
            places.entry(name).or_default().push(format!("{path}:{line}"));
        }
    }
    places.retain(|_, places| places.len() > 1);
    places
}

fn sources(dirs: &[&str]) -> Vec<(String, String)> {
    let paths = dirs.iter().flat_map(|dir| files(dir)).filter(|path| path.ends_with(".rs"));
    paths.map(|path| (path.clone(), read(&path))).collect()
}

/// All that is held to the words: sources, and the texts for users.
fn texts() -> Vec<(String, String)> {
    let mut texts = sources(&["src", "benches", "demo", "fuzz", "tests"]);
    texts.push(("README.md".to_owned(), read("README.md")));
    texts
}

#[test]
fn plain_words_are_used() {
    let breaches =
        texts().into_iter().map(|(path, text)| [phrases(&path, &text), beginnings(&path, &text)].concat());
    check(&breaches.collect::<Vec<_>>().concat());
}

#[test]
fn a_type_has_a_name_of_its_own() {
    let found = named_twice(&sources(&["src"]));
    let breaches = found.iter().filter(|(name, _)| !NAMED_TWICE.contains(&name.as_str()));
    let gone = NAMED_TWICE.iter().filter(|name| !found.contains_key(**name));
    let breaches = breaches.map(|(name, places)| format!("{name}: {}", places.join(" ")));
    check(&breaches.chain(gone.map(|name| format!("{name}: take it off the list"))).collect::<Vec<_>>());
}

#[test]
fn a_word_that_is_not_used_is_found() {
    for text in [
        concat!("/// Asks no", "body."),
        concat!("fn what_some", "body_wants() {}"),
        concat!("struct What", "ever;"),
        concat!("let words = \"begins a", "new\";"),
        concat!("// It st", "ands there."),
        "//! L\u{65}ts go of it.",
    ] {
        assert_eq!(phrases("x", text).len(), 1, "{text}");
    }
    for text in ["/// `*` stands for any text.", "let gone = renewed;", "so much, and many"] {
        assert_eq!(phrases("x", text), [""; 0], "{text}");
    }
}

#[test]
fn a_comment_that_begins_with_a_question_is_found() {
    for word in BEGINNINGS {
        for text in
            [format!("/// {word} it is."), format!("    //! {word} it is."), format!("///\n/// {word}")]
        {
            assert_eq!(beginnings("x", &text).len(), 1, "{text}");
        }
        for text in
            [format!("// {word} it is."), format!("/// Tells\n/// {word} it is."), format!("/// {word}ever")]
        {
            assert_eq!(beginnings("x", &text), [""; 0], "{text}");
        }
    }
}

#[test]
fn a_name_of_two_types_is_found() {
    let texts = |one: &str, other: &str| {
        [("a".to_owned(), format!("pub struct Line {{}}\n{one}")), ("b".to_owned(), other.to_owned())]
    };
    for text in
        ["pub enum Line {", "\n    pub(super) struct Line<'a>(&'a str);", "pub(in crate::a) type Line = u8;"]
    {
        assert_eq!(named_twice(&texts("", text)).keys().collect::<Vec<_>>(), ["Line"], "{text}");
        assert_eq!(named_twice(&texts(text, "")).len(), 1, "{text}");
    }
    for text in ["struct Line;", "// pub struct Line", "pub fn line() {}", "pub struct Lines;"] {
        assert!(named_twice(&texts("", text)).is_empty(), "{text}");
    }
}
