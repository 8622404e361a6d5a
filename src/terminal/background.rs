//! Lightness of the terminal's background: asked for when the screen is taken, and answered at any time after
//! that.
//!
//! The answer comes among the keys, and the reader of keys recognizes it by its form. A second question
//! follows that every terminal answers; with that answer it is known that no other will come.

use std::time::Duration;

use rustix::stdio;
use rustix::termios;
use xterm_color::Color;

use super::tty;
use super::typing::InputPiece;

/// Asks for the color of the background, and then what the terminal is. The first ends as all of them understand it.
pub(super) const QUESTION: &[u8] = b"\x1b]11;?\x07\x1b[c";

/// Time that the first frame waits for the answer: longer than any terminal on this machine takes, shorter
/// than a person notices.
pub const ANSWER_TIMEOUT: Duration = Duration::from_millis(100);

/// Time after the question before which the terminal is not given back, unless it has answered: what comes
/// after that is typed into the shell.
pub(super) const LATE_ANSWER_TIMEOUT: Duration = Duration::from_millis(1500);

/// Returns true if a terminal may be asked: neither one that shows no colors, nor one that answers in another
/// order or not at all.
#[must_use]
pub(super) fn may_ask(term: Option<&str>) -> bool {
    let is_there =
        termios::isatty(stdio::stdin()) && termios::isatty(stdio::stdout()) && tty::is_foreground();
    let answers = term.is_some_and(|term| {
        !matches!(term, "" | "dumb" | "screen" | "Eterm") && !term.starts_with("screen.")
    });
    is_there && answers
}

/// Computes the lightness of a color that a terminal has answered with, from black at 0 to white at 1.
pub(super) fn lightness(color: &[u8]) -> Option<f32> {
    Color::parse(color).ok().map(|color| color.perceived_lightness())
}

/// Returns true if a piece is the answer to the second question, after which none comes to the first.
pub(super) fn is_last_answer(piece: &InputPiece) -> bool {
    matches!(piece, InputPiece::Sequence(bytes) if bytes.starts_with(b"\x1b[?") && bytes.ends_with(b"c"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_color_is_as_light_as_it_looks() {
        for (color, is_light) in [
            (&b"rgb:ffff/ffff/ffff"[..], Some(true)),
            (b"rgb:0000/0000/0000", Some(false)),
            (b"rgb:fd/f6/e3", Some(true)),
            (b"rgba:1d1d/1f1f/2121/ffff", Some(false)),
            (b"#fff", Some(true)),
            (b"?", None),
            (b"", None),
        ] {
            assert_eq!(
                lightness(color).map(|lightness| lightness > 0.5),
                is_light,
                "{}",
                color.escape_ascii()
            );
        }
    }

    #[test]
    fn the_last_answer_is_known_by_its_form() {
        let is_last = |bytes: &[u8]| is_last_answer(&InputPiece::Sequence(bytes.to_vec()));
        assert!(is_last(b"\x1b[?62;4;22c") && is_last(b"\x1b[?6c"));
        assert!(!is_last(b"\x1b[>41;354;0c") && !is_last(b"\x1b[?1u") && !is_last(b"\x1b[24;80R"));
    }
}
