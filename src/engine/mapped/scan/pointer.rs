//! Pointers into a JSON document, as in RFC 6901.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// Steps that a pointer may have.
pub const MAX_STEPS: usize = 16;

/// Pointer to a value of a JSON document: `""` is the whole of it, `/a/0` the first element of the list `a`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct JsonPointer {
    /// Invariant: at most [`MAX_STEPS`], without escapes.
    steps: Vec<String>,
}

/// Reason why a text is no pointer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PointerError {
    /// The first character is another one.
    #[error("a pointer begins with `/`; did you mean `/{0}`?")]
    NoSlash(String),
    /// A `~` is followed by something else than `0` or `1`.
    #[error("`~` is written `~0` in a pointer, and `/` within a name `~1`")]
    Escape,
    /// There are too many steps.
    #[error("a pointer has at most {MAX_STEPS} steps; this one has {0}")]
    TooDeep(usize),
}

impl JsonPointer {
    /// Names or indexes on the way from the whole document to the value.
    #[must_use]
    pub fn steps(&self) -> &[String] {
        &self.steps
    }
}

/// Parses a step as the index of an element, which has neither a sign nor leading zeros.
pub(super) fn index(step: &str) -> Option<usize> {
    let is_canonical = step == "0" || !step.starts_with(['0', '+']);
    is_canonical.then(|| step.parse().ok()).flatten()
}

impl FromStr for JsonPointer {
    type Err = PointerError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let steps = text.strip_prefix('/').ok_or_else(|| PointerError::NoSlash(text.to_owned()))?;
        let count = steps.split('/').count();
        if count > MAX_STEPS {
            return Err(PointerError::TooDeep(count));
        }
        let steps = steps.split('/').map(unescaped).collect::<Option<_>>();
        steps.map(|steps| Self { steps }).ok_or(PointerError::Escape)
    }
}

/// Returns a step as it is in the document.
fn unescaped(step: &str) -> Option<String> {
    let mut parts = step.split('~');
    let mut plain = parts.next()?.to_owned();
    for part in parts {
        let (escaped, rest) = match part.as_bytes().first()? {
            b'0' => ('~', &part[1..]),
            b'1' => ('/', &part[1..]),
            _ => return None,
        };
        plain.push(escaped);
        plain.push_str(rest);
    }
    Some(plain)
}

impl fmt::Display for JsonPointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.steps.iter().try_for_each(|step| {
            let step = step.replace('~', "~0").replace('/', "~1");
            write!(f, "/{step}")
        })
    }
}
