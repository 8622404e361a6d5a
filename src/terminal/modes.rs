//! The modes of the terminal that runwatch sets, each with the other half of its pair. No other is ever set.

/// The modes in the order in which they are entered; each is left by the other half of its pair.
const MODES: [TerminalMode; 4] = [
    ("\x1b[?1049h", "\x1b[?1049l"), // the alternate screen
    ("\x1b[?2004h", "\x1b[?2004l"), // bracketed paste: a paste is no row of keys
    ("\x1b[?1004h", "\x1b[?1004l"), // reports gain and loss of focus
    ("\x1b[?25l", "\x1b[?25h"),     // a hidden cursor
];

/// The same while the mouse is ours, after the others: presses and drags are told, in numbers that go past column 223.
const MOUSE: [TerminalMode; 2] = [("\x1b[?1002h", "\x1b[?1002l"), ("\x1b[?1006h", "\x1b[?1006l")];

/// No wrapping, for as long as a row is drawn that a terminal may think longer than it is.
pub(super) const UNWRAPPED: TerminalMode = ("\x1b[?7l", "\x1b[?7h");

/// The sequences by which a mode is entered and left.
pub(super) type TerminalMode = (&'static str, &'static str);

/// Owner of the mouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mouse {
    /// The terminal tells us what it does.
    Ours,
    /// The terminal keeps it, to select text with.
    Terminals,
}

/// A screen without anything on it, in plain colors. What has no other screen to come back to shows the prompt there, and
/// no dashboard that looks alive.
pub(super) const WIPED: &str = "\x1b[0m\x1b[H\x1b[2J";

/// Every mode on.
pub(super) fn entering(mouse: Mouse) -> String {
    modes(mouse).map(|(enter, _)| enter).collect()
}

/// Plain colors, then every mode off, last entered first.
pub(super) fn leaving(mouse: Mouse) -> String {
    "\x1b[0m".to_owned() + &leaving_of(modes(mouse))
}

/// Takes the mouse, or gives it back.
pub(super) fn changing(mouse: Mouse) -> String {
    match mouse {
        Mouse::Ours => MOUSE.map(|(enter, _)| enter).concat(),
        Mouse::Terminals => leaving_of(MOUSE.into_iter()),
    }
}

/// Returns true if a sequence is one half of a pair.
pub(super) fn is_ours(sequence: &[u8]) -> bool {
    let mut halves = MODES.iter().chain(&MOUSE).chain([&UNWRAPPED]).flat_map(|(enter, leave)| [enter, leave]);
    halves.any(|half| half.as_bytes() == sequence)
}

fn modes(mouse: Mouse) -> impl DoubleEndedIterator<Item = TerminalMode> {
    let of_mouse: &[_] = if mouse == Mouse::Ours { &MOUSE } else { &[] };
    MODES.iter().chain(of_mouse).copied()
}

fn leaving_of(modes: impl DoubleEndedIterator<Item = TerminalMode>) -> String {
    modes.rev().map(|(_, leave)| leave).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mode_that_is_entered_is_left() {
        for (enter, leave) in modes(Mouse::Ours) {
            assert_eq!(enter[..enter.len() - 1], leave[..leave.len() - 1]);
            assert_ne!(enter, leave);
            assert!(is_ours(enter.as_bytes()) && is_ours(leave.as_bytes()));
        }
        let others = "\x1b[?25h\x1b[?1004l\x1b[?2004l\x1b[?1049l";
        assert_eq!(leaving(Mouse::Terminals), format!("\x1b[0m{others}"));
        assert_eq!(leaving(Mouse::Ours), format!("\x1b[0m\x1b[?1006l\x1b[?1002l{others}"));
        assert!(is_ours(b"\x1b[?7l") && is_ours(b"\x1b[?7h"));
        assert!(!is_ours(b"\x1b[?1000h") && !is_ours(b"") && !is_ours(b"\x1b[?25"));
    }
}
