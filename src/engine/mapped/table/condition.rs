//! Conditions on the values of a line. Must not know where a value is.

use crate::engine::mapped::scan::FoundValue;

/// MappedCondition on one value.
#[derive(Debug, Clone, PartialEq)]
pub struct MappedCondition {
    /// Slot of the value.
    pub slot: usize,
    /// Test of the value.
    pub test: ConditionTest,
}

/// Test of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum ConditionTest {
    /// True: the value is there, and is not null. False: it is not.
    Exists(bool),
    /// It is one of these.
    Is(Vec<ConditionScalar>),
    /// It is none of these; an absent value is none.
    Not(Vec<ConditionScalar>),
    /// It is a text that begins and ends so, without overlap.
    Glob {
        /// Text before the `*`.
        start: Box<str>,
        /// Text behind it.
        end: Box<str>,
    },
}

/// A text, a number or a truth value of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum ConditionScalar {
    /// A text, with its case.
    Text(Box<str>),
    /// A whole number.
    Integer(i64),
    /// A number.
    Float(f64),
    /// True or false.
    Bool(bool),
}

impl MappedCondition {
    /// Is true where the condition holds for the values of a line.
    #[must_use]
    pub fn holds(&self, found: &[FoundValue<'_>]) -> bool {
        self.test.holds(found.get(self.slot).unwrap_or(&FoundValue::Absent))
    }
}

impl ConditionTest {
    /// Is true of a value that passes the test.
    #[must_use]
    pub fn holds(&self, value: &FoundValue<'_>) -> bool {
        match self {
            Self::Exists(wanted) => !matches!(value, FoundValue::Absent | FoundValue::Null) == *wanted,
            Self::Is(scalars) => scalars.iter().any(|scalar| scalar.is(value)),
            Self::Not(scalars) => !scalars.iter().any(|scalar| scalar.is(value)),
            Self::Glob { start, end } => {
                let FoundValue::Text(text) = value else { return false };
                text.strip_prefix(&**start).is_some_and(|rest| rest.ends_with(&**end))
            }
        }
    }
}

impl ConditionScalar {
    fn is(&self, value: &FoundValue<'_>) -> bool {
        match (self, value) {
            (Self::Text(wanted), FoundValue::Text(text)) => **wanted == **text,
            (Self::Integer(wanted), FoundValue::Number(number)) => match number.parse::<i64>() {
                Ok(number) => number == *wanted,
                #[allow(clippy::cast_precision_loss, reason = "a number with a fraction or an exponent")]
                Err(_) => number.parse::<f64>().is_ok_and(|number| number == *wanted as f64),
            },
            (Self::Float(wanted), FoundValue::Number(number)) => number.parse() == Ok(*wanted),
            (Self::Bool(wanted), FoundValue::Bool(it)) => wanted == it,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_apart_by_their_kind() {
        let text = |text: &'static str| FoundValue::Text(text.into());
        let number = |text: &'static str| FoundValue::Number(text.into());
        let is = |scalar: ConditionScalar| ConditionTest::Is(vec![scalar]);
        let not = |scalar: ConditionScalar| ConditionTest::Not(vec![scalar]);
        let glob = |start: &str, end: &str| ConditionTest::Glob { start: start.into(), end: end.into() };
        use ConditionScalar::{Bool, Float, Integer, Text};
        for (test, value, expected) in [
            (ConditionTest::Exists(true), text(""), true),
            (ConditionTest::Exists(true), FoundValue::Object("{}".into()), true),
            (ConditionTest::Exists(true), FoundValue::Null, false),
            (ConditionTest::Exists(true), FoundValue::Absent, false),
            (ConditionTest::Exists(false), FoundValue::Null, true),
            (ConditionTest::Exists(false), FoundValue::Bool(false), false),
            (is(Text("a".into())), text("a"), true),
            (is(Text("a".into())), text("A"), false),
            (is(Text("3".into())), number("3"), false),
            (is(Integer(3)), number("3"), true),
            (is(Integer(3)), number("3.0"), true),
            (is(Integer(3)), number("3e0"), true),
            (is(Integer(3)), number("3.5"), false),
            (is(Integer(9_007_199_254_740_993)), number("9007199254740992"), false),
            (is(Integer(3)), text("3"), false),
            (is(Float(0.5)), number("5e-1"), true),
            (is(Float(3.0)), number("3"), true),
            (is(Bool(true)), FoundValue::Bool(true), true),
            (is(Bool(true)), text("true"), false),
            (is(Bool(false)), FoundValue::Null, false),
            (ConditionTest::Is(vec![Text("a".into()), Text("b".into())]), text("b"), true),
            (not(Text("a".into())), text("b"), true),
            (not(Text("a".into())), text("a"), false),
            (not(Text("a".into())), FoundValue::Absent, true),
            (glob("task-", ""), text("task-sent"), true),
            (glob("task-", ""), text("task"), false),
            (glob("", ".Failed"), text("run.Failed"), true),
            (glob("ab", "bc"), text("abc"), false),
            (glob("ab", "bc"), text("abbc"), true),
            (glob("", ""), number("1"), false),
        ] {
            assert_eq!(test.holds(&value), expected, "{test:?} {value:?}");
        }
    }
}
