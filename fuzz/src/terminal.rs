//! Holds any output to the filter's rules: what reaches the terminal moves, erases and colors, and sets our
//! modes; and it is left as it was where it did no more.

use std::str;

use runwatch::terminal::output::filter::sift;

/// The modes that are ever set.
const MODES: [&str; 7] = ["?1049", "?2004", "?1004", "?25", "?7", "?1002", "?1006"];

/// The orders that are ever given, as they begin.
const ORDERS: [&str; 2] = ["]52;c;", "]9;runwatch: "];

/// Takes any bytes.
pub fn check(bytes: &[u8]) {
    let sifted = sift(bytes);
    assert_eq!(sifted.bytes.len(), bytes.len(), "what is refused is replaced, byte by byte");
    for (at, (left, came)) in sifted.bytes.iter().zip(bytes).enumerate() {
        assert!(left == came || *left == b'?', "byte {at} is another");
    }
    assert_eq!(sifted.breach.is_none(), *sifted.bytes == *bytes);
    if let Some(breach) = &sifted.breach {
        assert!(bytes[breach.at..].starts_with(&breach.bytes) && !breach.bytes.is_empty());
        assert_eq!(bytes[..breach.at], sifted.bytes[..breach.at], "it is the first");
    }
    let again = sift(&sifted.bytes);
    assert_eq!((&again.bytes, again.breach), (&sifted.bytes, None), "sifted twice");
    check_obeyed(str::from_utf8(&sifted.bytes).expect("what is no text is refused"));
}

/// Checks the orders to a terminal: written without the tables that the product leans on.
fn check_obeyed(text: &str) {
    let is_ours = |c: char| matches!(c, '\x1b' | '\x07');
    assert!(!super::text::has_forbidden(&text.replace(is_ours, "\n"), '\n'), "{text:?}");
    let mut pieces = text.split('\x1b').skip(1);
    while let Some(piece) = pieces.next() {
        if let Some(rest) = piece.strip_prefix('[') {
            let end = rest.find(|c: char| !matches!(c, '0'..='?')).expect("it ends");
            let (parameters, last) = (&rest[..end], &rest[end..=end]);
            let is_numbers = parameters.bytes().all(|byte| byte.is_ascii_digit() || byte == b';');
            match last {
                "H" | "m" => assert!(is_numbers, "{piece:?}"),
                "J" | "K" => assert!(matches!(parameters, "" | "0" | "1" | "2"), "{piece:?}"),
                "h" | "l" => assert!(MODES.contains(&parameters), "{piece:?}"),
                _ => panic!("{piece:?}"),
            }
        } else {
            assert!(ORDERS.iter().any(|order| piece.starts_with(order)), "{piece:?}");
            assert!(!piece.contains('\x07'), "{piece:?} ends early");
            assert!(!piece.starts_with("]52;c;?"), "{piece:?} asks");
            assert!(pieces.next().is_some_and(|end| end.starts_with('\\')), "{piece:?} ends");
        }
    }
}
