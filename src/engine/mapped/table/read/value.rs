//! Reads values: pointers, alternatives, joined and stripped texts, and instants.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Given, TableReader};
use crate::engine::mapped::scan::JsonPointer;
use crate::engine::mapped::table::MAX_POINTERS;
use crate::engine::mapped::table::fault::TableFault;
use crate::engine::mapped::table::pick::Pick;
use crate::engine::mapped::table::time::{TimeOf, TimeUnit, zone};

/// Values within values, at most.
const MAX_DEPTH: usize = 8;

/// The forms of a value, in words.
const FORMS: &str =
    "a value is a pointer such as \"/run\", a list of values, or a table with `at`, `join` or `const`";

impl TableReader {
    /// A value, or a fault.
    pub(super) fn pick(&mut self, given: &Given<'_>, key: &str) -> Option<Pick> {
        self.pick_with(given, key, &[])
    }

    /// A value; a table of it may have these keys as well, which the caller reads.
    pub(super) fn pick_with(&mut self, given: &Given<'_>, key: &str, more: &[&str]) -> Option<Pick> {
        let before = self.n_pointers;
        let pick = self.pick_within(given, key, more, 0);
        let n_pointers = self.n_pointers - before;
        if n_pointers > MAX_POINTERS {
            self.fault(
                given.span(),
                key,
                format!("a value has at most {MAX_POINTERS} pointers; this one has {n_pointers}"),
            );
            // It is told once, and not of the rule as well.
            self.n_pointers = before;
        }
        pick
    }

    fn pick_within(&mut self, given: &Given<'_>, key: &str, more: &[&str], depth: usize) -> Option<Pick> {
        if depth > MAX_DEPTH {
            self.fault(given.span(), key, format!("values are within values {MAX_DEPTH} times at most"));
            return None;
        }
        match given.get_ref() {
            DeValue::String(text) => self.pick_text(text, given, key),
            DeValue::Array(list) if list.is_empty() => {
                self.fault(given.span(), key, "a list of values has at least one");
                None
            }
            DeValue::Array(list) => {
                let picks: Vec<_> = list.iter().map(|it| self.pick_within(it, key, &[], depth + 1)).collect();
                let mut picks = picks.into_iter().collect::<Option<Vec<_>>>()?;
                Some(if picks.len() == 1 { picks.remove(0) } else { Pick::First(picks.into()) })
            }
            DeValue::Table(table) => self.pick_table(table, given, key, more, depth),
            _ => {
                self.fault(given.span(), key, FORMS);
                None
            }
        }
    }

    /// A pointer, an element, or a register.
    fn pick_text(&mut self, text: &str, given: &Given<'_>, key: &str) -> Option<Pick> {
        let is_of_element = text.starts_with('@');
        if is_of_element && self.elements.is_none() {
            self.fault(
                given.span(),
                key,
                "`@` is an element of `each`: it is for the fields of a rule with `each`",
            );
            return None;
        }
        match (text, text.strip_prefix('@'), text.strip_prefix('$')) {
            ("@", ..) => Some(Pick::Element),
            ("@key", ..) => Some(Pick::ElementKey),
            (_, Some(inner), _) if !inner.starts_with('/') => {
                let what =
                    format!("it is `@`, `@key`, or a pointer into the element; did you mean `@/{inner}`?");
                self.fault(given.span(), key, what);
                None
            }
            (_, Some(inner), _) => {
                let pointer = self.pointer(inner, given, key)?;
                self.elements.as_mut().map(|elements| Pick::ElementSlot(elements.slot(pointer)))
            }
            (_, _, Some(name)) => self.register(name, given, key),
            _ if !text.starts_with('/') => {
                let what = format!(
                    "a value begins with `/` (a pointer), `@` (the element of `each`) or `$` (a register); did you \
                     mean `/{text}`, or {{ const = \"{text}\" }}?"
                );
                self.fault(given.span(), key, what);
                None
            }
            _ => {
                let pointer = self.pointer(text, given, key)?;
                Some(Pick::Slot(self.pointers.slot(pointer)))
            }
        }
    }

    /// A pointer, which is counted.
    pub(super) fn pointer(&mut self, text: &str, given: &Given<'_>, key: &str) -> Option<JsonPointer> {
        self.n_pointers += 1;
        match text.parse() {
            Ok(pointer) => Some(pointer),
            Err(error) => {
                self.fault(given.span(), key, error.to_string());
                None
            }
        }
    }

    fn register(&mut self, name: &str, given: &Given<'_>, key: &str) -> Option<Pick> {
        let found = self.registers.iter().position(|it| it == name);
        if found.is_none() {
            let fault = TableFault::new(given.span(), key, format!("no rule carries `{name}`"));
            self.faults.push(fault.near(name, self.registers.iter().map(String::as_str)));
        }
        found.map(Pick::Register)
    }

    fn pick_table(
        &mut self,
        table: &DeTable<'_>,
        given: &Given<'_>,
        key: &str,
        more: &[&str],
        depth: usize,
    ) -> Option<Pick> {
        let forms =
            [("const", &["const"][..]), ("join", &["join", "with"]), ("at", &["at", "strip", "strip_end"])];
        let Some((form, names)) = forms.into_iter().find(|(name, _)| table.contains_key(*name)) else {
            self.fault(given.span(), key, FORMS);
            self.check_keys(table, &[&["at", "join", "const"], more].concat(), key);
            return None;
        };
        self.check_keys(table, &[names, more].concat(), key);
        let first = table.get(form)?;
        match form {
            "const" => self.text(first, key).map(|text| Pick::Const(text.into())),
            "join" => self.join(first, table.get("with"), key, depth),
            _ => {
                let of = self.pick_within(first, key, &[], depth + 1);
                let mut end = |name| table.get(name).map_or(Some(""), |it| self.text(it, key));
                let (start, end) = (end("strip")?, end("strip_end")?);
                let is_whole = start.is_empty() && end.is_empty();
                of.map(|of| {
                    if is_whole {
                        of
                    } else {
                        Pick::Strip { of: of.into(), start: start.into(), end: end.into() }
                    }
                })
            }
        }
    }

    fn join(&mut self, parts: &Given<'_>, with: Option<&Given<'_>>, key: &str, depth: usize) -> Option<Pick> {
        let Some(list) = parts.get_ref().as_array().filter(|list| !list.is_empty()) else {
            self.fault(parts.span(), key, "`join` is a list of values");
            return None;
        };
        let read: Vec<_> = list
            .iter()
            .map(|part| {
                let optional = part.get_ref().as_table().and_then(|table| table.get("optional"));
                let is_optional = self.truth(optional, key);
                Some((self.pick_within(part, key, &["optional"], depth + 1)?, is_optional))
            })
            .collect();
        let with = with.map_or(Some("/"), |with| self.text(with, key))?;
        Some(Pick::Join { parts: read.into_iter().collect::<Option<_>>()?, with: with.into() })
    }

    /// An instant, or a fault.
    pub(super) fn time(&mut self, given: &Given<'_>, key: &str) -> Option<TimeOf> {
        let at = self.pick_with(given, key, &["unit", "zone"]);
        let table = given.get_ref().as_table();
        let unit = table.and_then(|table| table.get("unit"));
        let unit = unit.map_or(Some(TimeUnit::Auto), |it| self.one_of(it, key, &TimeUnit::NAMES));
        let zone = table.and_then(|table| table.get("zone")).map(|it| self.zone(it, key));
        let zone = zone.unwrap_or(Some(jiff::tz::TimeZone::UTC));
        Some(TimeOf { at: at?, unit: unit?, zone: zone? })
    }

    fn zone(&mut self, given: &Given<'_>, key: &str) -> Option<jiff::tz::TimeZone> {
        let found = zone(self.text(given, key)?);
        if found.is_none() {
            let what =
                "no time zone is called so; write \"UTC\", a name such as \"Europe/Berlin\", or \"+02:00\"";
            self.fault(given.span(), key, what);
        }
        found
    }

    /// Number and base of an attempt, or a fault.
    pub(super) fn attempt(&mut self, given: &Given<'_>, key: &str) -> Option<(Pick, i64)> {
        let pick = self.pick_with(given, key, &["base"]);
        let base = given.get_ref().as_table().and_then(|table| table.get("base"));
        let base = base.map_or(Some(1), |base| {
            let number = integer(base.get_ref()).filter(|number| matches!(number, 0 | 1));
            if number.is_none() {
                self.fault(base.span(), key, "`base` is the number of the first attempt: 0 or 1");
            }
            number
        });
        Some((pick?, base?))
    }
}

/// The number of a whole number that fits.
pub(super) fn integer(value: &DeValue<'_>) -> Option<i64> {
    let number = value.as_integer()?;
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

/// The keys of a table with their values.
pub(super) fn entries<'a, 'g>(table: &'a DeTable<'g>) -> impl Iterator<Item = (&'a str, &'a Given<'g>)> {
    table.iter().map(|(name, value): (&Spanned<_>, _)| (&**name.get_ref(), value))
}
