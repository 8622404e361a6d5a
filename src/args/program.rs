//! A program and its arguments, in one text.

use crate::model::text::words;

/// A program and its arguments; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramLine(pub Vec<String>);

pub(super) fn program(text: &str) -> Result<ProgramLine, String> {
    let words = words::split(text).map_err(|error| error.to_string())?;
    if words.first().is_none_or(String::is_empty) {
        return Err("name a program: --exec \"notify-send 'runs failed'\"".to_owned());
    }
    Ok(ProgramLine(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_a_program() {
        assert_eq!(program("page 'a b'").unwrap().0, ["page", "a b"]);
        for wrong in ["", "  ", "''", "page 'a"] {
            assert!(program(wrong).is_err(), "{wrong}");
        }
    }
}
