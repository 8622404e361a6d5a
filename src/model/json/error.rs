//! The decoder's own words for what is wrong with a line, in those of people who write logs: no names of its types.

use std::borrow::Cow;

/// A reason, with its column, and with its line where there are more than one: JSON in a text may have some.
#[must_use]
pub fn plain(error: &str) -> String {
    let (what, place) = match error.rsplit_once(" at line ") {
        Some((what, place)) => (what, Some(place)),
        None => (error, None),
    };
    let words = syntax(what).map(Cow::Borrowed).or_else(|| shape(what).map(Cow::Owned));
    let words = words.unwrap_or(Cow::Borrowed(what));
    match place.map(|place| (place, place.strip_prefix("1 column "))) {
        Some((_, Some("0"))) if what.starts_with("EOF") => "the line is empty".to_owned(),
        Some((_, Some(column))) => format!("{words} at column {column}"),
        Some((place, None)) => format!("{words} at line {place}"),
        None => words.into_owned(),
    }
}

/// Describes what is no JSON.
fn syntax(what: &str) -> Option<&'static str> {
    Some(match what {
        "EOF while parsing a list" => "the line ends inside a list",
        "EOF while parsing an object" => "the line ends inside an object",
        "EOF while parsing a string" => "the line ends inside a text",
        "EOF while parsing a value" => "the line ends where a value belongs",
        "expected `:`" => "a `:` is missing",
        "expected `,` or `]`" => "a `,` or `]` is missing",
        "expected `,` or `}`" => "a `,` or `}` is missing",
        "expected value" | "expected ident" | "expected `\"`" => "no JSON value begins",
        "invalid escape" => "a wrong escape in a text",
        "invalid number" => "a wrong number",
        "number out of range" => "a number beyond all bounds",
        "invalid unicode code point"
        | "lone leading surrogate in hex escape"
        | "unexpected end of hex escape" => "an escape that is no character",
        "control character (\\u0000-\\u001F) found while parsing a string" => {
            "a control character without an escape in a text"
        }
        "key must be a string" => "a name in quotes is missing",
        "trailing comma" => "a comma with nothing behind it",
        "trailing characters" => "more text behind the object",
        "recursion limit exceeded" => "nested too deep",
        _ => return None,
    })
}

/// Describes what is JSON, and no event.
fn shape(what: &str) -> Option<String> {
    let parts = |start| what.strip_prefix(start);
    if let Some(field) = parts("missing field ") {
        return Some(format!("the field {field} is missing"));
    }
    if let Some(field) = parts("duplicate field ") {
        return Some(format!("the field {field} is there twice"));
    }
    let unknown = parts("unknown variant ").or_else(|| parts("unknown field "));
    if let Some(rest) = unknown {
        let (name, known) = rest.rsplit_once(", expected ")?;
        let known = known.trim_start_matches("one of ");
        return Some(format!("{name} is not known there; known: {known}"));
    }
    if let Some(rest) = parts("invalid length ") {
        let (length, expected) = rest.rsplit_once(", expected ")?;
        return Some(format!("a list of {length} where {} belongs", wanted(expected)));
    }
    let rest = parts("invalid type: ").or_else(|| parts("invalid value: "))?;
    let (found, expected) = rest.rsplit_once(", expected ")?;
    Some(format!("{} where {} belongs", found_there(found), wanted(expected)))
}

/// A thing that was found, by what the decoder calls it.
fn found_there(found: &str) -> Cow<'_, str> {
    for (kind, words) in [
        ("integer ", ""),
        ("floating point ", ""),
        ("boolean ", ""),
        ("character ", "the text "),
        ("string ", "the text "),
    ] {
        if let Some(value) = found.strip_prefix(kind) {
            return format!("{words}{}", value.trim_matches('`')).into();
        }
    }
    Cow::Borrowed(match found {
        "sequence" => "a list",
        "map" => "an object",
        "unit variant" | "newtype variant" | "tuple variant" | "struct variant" => "another form",
        "unit value" | "Option value" => "null",
        other => other,
    })
}

/// A thing that belongs there, by what the decoder calls it.
fn wanted(expected: &str) -> &str {
    match expected {
        "u8" => "a whole number from 0 to 255",
        "u16" | "u32" | "u64" | "usize" | "u128" => "a whole number from 0 on",
        "i8" | "i16" | "i32" | "i64" | "isize" | "i128" => "a whole number",
        "f32" | "f64" => "a number",
        "a string" | "a borrowed string" | "a character" => "a text",
        "a sequence" => "a list",
        "a UUID string" => "a UUID",
        "a boolean" => "true or false",
        "string or map" | "variant identifier" | "field identifier" => "a name",
        "option" => "a value or null",
        "an event" | "a map" | "map with a single key" => "an object",
        "unit" | "unit variant" => "a name alone",
        it if it.starts_with("struct variant") || it.starts_with("struct ") => "an object",
        it if it.starts_with("enum ") => "a name, or an object of one name",
        it if it.starts_with("tuple ") || it.starts_with("an array ") => "a list",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_told_without_the_decoders_own_names() {
        for (error, expected) in [
            ("EOF while parsing a value at line 1 column 0", "the line is empty"),
            ("trailing characters at line 1 column 7", "more text behind the object at column 7"),
            (
                "invalid type: string \"sequence\", expected struct Line at line 1 column 12",
                "the text \"sequence\" where an object belongs at column 12",
            ),
            (
                "invalid value: integer `-1`, expected u64 at line 1 column 14",
                "-1 where a whole number from 0 on belongs at column 14",
            ),
            (
                "invalid length 0, expected struct Line with 2 elements at line 1 column 2",
                "a list of 0 where an object belongs at column 2",
            ),
            ("missing field `event` at line 1 column 9", "the field `event` is missing at column 9"),
            (
                "unknown variant `Gone`, expected one of `Ready`, `Leased` at line 1 column 3",
                "`Gone` is not known there; known: `Ready`, `Leased` at column 3",
            ),
            ("expected `:` at line 2 column 3", "a `:` is missing at line 2 column 3"),
            ("a run is not born so", "a run is not born so"),
        ] {
            assert_eq!(plain(error), expected);
        }
    }
}
