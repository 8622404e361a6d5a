//! The line by which a text of many lines is told where there is room for one.

/// Bytes at the end of a text that are searched for its last line.
const TAIL: usize = 16 << 10;

/// The line by which a text of many lines is told: the last one that says something. A traceback names its error there,
/// or before its frames where it ends with them (`at ...`, `... 3 more`).
#[must_use]
pub fn telling_line(text: &str) -> &str {
    if !text.contains('\n') {
        return text;
    }
    let start =
        (0..=text.len().saturating_sub(TAIL)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let is_frame = |line: &str| line.starts_with("at ") || line.starts_with("... ");
    let said = || text[start..].rsplit('\n').map(str::trim).filter(|line| !line.is_empty());
    said().find(|line| !is_frame(line)).or_else(|| said().next()).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_traceback_is_told_by_the_line_that_names_its_error() {
        let python = "Traceback (most recent call last):\n  File \"a.py\", line 3, in <module>\n    f()\n\
                      ValueError: no such order\n\n";
        let java = "java.io.IOException: write failed\n\tat a.B.c(B.java:3)\n\
                    Caused by: java.net.SocketException: reset\n\tat d.E.f(E.java:9)\n\t... 3 more\n";
        for (text, expected) in [
            ("timeout", "timeout"),
            ("", ""),
            (" x ", " x "),
            (python, "ValueError: no such order"),
            (&python.replace('\n', "\r\n"), "ValueError: no such order"),
            (java, "Caused by: java.net.SocketException: reset"),
            ("one\ntwo", "two"),
            ("one\n  two\n \n", "two"),
            ("\n\n", "\n\n"),
            ("at a\nat b\n", "at b"),
            (&format!("{}\nEnd: é", "é\n".repeat(100_000)), "End: é"),
        ] {
            assert_eq!(telling_line(text), expected, "{:?}", &text[..text.len().min(80)]);
        }
    }
}
