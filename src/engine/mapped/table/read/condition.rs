//! Reads conditions: of rules, and of the logs that a table is for.

use toml::de::{DeTable, DeValue};

use super::value::{entries, integer};
use super::{Given, TableReader};
use crate::engine::mapped::table::condition::{ConditionScalar, ConditionTest, MappedCondition};

/// The forms of a condition, in words.
const FORMS: &str = "a condition is a text, a number, true, false, a list of them, or one of { exists = true }, \
                     { glob = \"task-*\" } and { not = \"a\" }";

impl TableReader {
    /// Conditions by which a log is recognized.
    pub(super) fn read_detect(&mut self, given: Option<&Given<'_>>) -> Vec<Vec<MappedCondition>> {
        let Some(given) = given else { return vec![] };
        let Some(list) = given.get_ref().as_array().filter(|list| !list.is_empty()) else {
            self.fault(given.span(), "detect", "this is a list: detect = [{ \"/run\" = { exists = true } }]");
            return vec![];
        };
        list.iter().map(|it| self.conditions(it, "detect")).collect()
    }

    /// Conditions that hold together, at least one.
    pub(super) fn conditions(&mut self, given: &Given<'_>, key: &str) -> Vec<MappedCondition> {
        let Some(table) = given.get_ref().as_table().filter(|table| !table.is_empty()) else {
            self.fault(given.span(), key, "these are conditions: { \"/type\" = \"task-sent\" }");
            return vec![];
        };
        let read = |(pointer, test): (&str, &Given<'_>)| {
            let key = format!("{key}: {pointer}");
            let slot = self.pointer(pointer, test, &key).map(|it| self.pointers.slot(it));
            let test = self.test(test, &key);
            Some(MappedCondition { slot: slot?, test: test? })
        };
        entries(table).filter_map(read).collect()
    }

    fn test(&mut self, given: &Given<'_>, key: &str) -> Option<ConditionTest> {
        if let DeValue::Table(table) = given.get_ref() {
            return self.test_of(table, given, key);
        }
        self.scalars(given, key).map(ConditionTest::Is)
    }

    fn test_of(&mut self, table: &DeTable<'_>, given: &Given<'_>, key: &str) -> Option<ConditionTest> {
        self.check_keys(table, &["exists", "glob", "not"], key);
        let mut all = entries(table);
        let (Some((name, value)), None) = (all.next(), all.next()) else {
            self.fault(given.span(), key, FORMS);
            return None;
        };
        match name {
            "exists" if value.get_ref().is_bool() => Some(ConditionTest::Exists(value.get_ref().as_bool()?)),
            "exists" => {
                self.fault(value.span(), key, "this is true or false");
                None
            }
            "glob" => {
                let pattern = self.text(value, key)?;
                let parts = pattern.split_once('*').filter(|(_, end)| !end.contains('*'));
                if parts.is_none() {
                    self.fault(
                        value.span(),
                        key,
                        "a pattern has one `*`: the text begins and ends as it says",
                    );
                }
                parts.map(|(start, end)| ConditionTest::Glob { start: start.into(), end: end.into() })
            }
            "not" => self.scalars(value, key).map(ConditionTest::Not),
            _ => None,
        }
    }

    /// A value, or a list of values.
    fn scalars(&mut self, given: &Given<'_>, key: &str) -> Option<Vec<ConditionScalar>> {
        let list = given.get_ref().as_array().map(|list| list.iter().collect::<Vec<_>>());
        let list = list.unwrap_or_else(|| vec![given]);
        let scalars: Option<Vec<_>> = list.iter().map(|it| scalar(it.get_ref())).collect();
        let scalars = scalars.filter(|scalars| !scalars.is_empty());
        if scalars.is_none() {
            self.fault(given.span(), key, FORMS);
        }
        scalars
    }
}

fn scalar(value: &DeValue<'_>) -> Option<ConditionScalar> {
    match value {
        DeValue::String(text) => Some(ConditionScalar::Text((&**text).into())),
        DeValue::Integer(_) => integer(value).map(ConditionScalar::Integer),
        DeValue::Float(number) => number.as_str().parse().ok().map(ConditionScalar::Float),
        DeValue::Boolean(it) => Some(ConditionScalar::Bool(*it)),
        DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}
