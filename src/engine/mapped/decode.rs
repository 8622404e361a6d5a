//! From a line and a table to statements. Must not know what a statement does.

use super::pick::{ElementSite, Picked, Site};
use super::ranges;
use super::scan::{FoundValue, FoundValues, LineScanner, elements, scan};
use super::statement::{Composed, FieldChange, MappedContent, Statement, Statements, ToldState};
use super::table::MappedTable;
use super::table::pick::Pick;
use super::table::rule::{FieldName, FieldOf, MappedRule, StateOf};
use super::table::time::TimeOf;
use super::table::words::WordMeaning;
use std::borrow::Cow;

use crate::engine::unframed::unframed;
use crate::model::id::RunId;
use crate::model::task::Text;

/// Decoder of lines by one table. Keeps nothing of a line but its memory.
#[derive(Debug)]
pub struct StatementDecoder<'a> {
    table: &'static MappedTable,
    scanner: LineScanner<'static>,
    found: FoundValues<'a>,
}

impl<'a> StatementDecoder<'a> {
    /// A decoder by a table.
    #[must_use]
    pub fn new(table: &'static MappedTable) -> Self {
        Self { table, scanner: LineScanner::new(&table.trie), found: FoundValues::default() }
    }

    /// Decodes one line, without its line end.
    #[must_use]
    pub fn decode(&mut self, line: &'a [u8]) -> MappedContent<'a> {
        let line = unframed(line);
        let event = self.table.event_text(line);
        let Some(unwrap) = &self.table.unwrap else {
            return match self.scanner.scan(event, &mut self.found) {
                Ok(()) => statements(self.table, &self.found),
                Err(reason) => self.no_json(line, reason),
            };
        };
        let is_read = match unwrap.event(event) {
            Ok(Cow::Borrowed(json)) => self.scanner.scan(json, &mut self.found),
            Ok(Cow::Owned(json)) => {
                let mut found = FoundValues::default();
                let is_read = self.scanner.scan(&json, &mut found);
                self.found = found.into_owned();
                is_read
            }
            Err(reason) => Err(reason),
        };
        match is_read {
            Ok(()) => statements(self.table, &self.found),
            Err(reason) => self.no_json(line, reason),
        }
    }

    fn no_json(&self, line: &[u8], reason: String) -> MappedContent<'a> {
        if line.trim_ascii().is_empty() {
            return MappedContent::Blank;
        }
        let is_noise = self.table.noise && !line.trim_ascii_start().starts_with(b"{");
        if is_noise { MappedContent::PassedOver } else { MappedContent::Unreadable(reason) }
    }
}

/// The statements of a line whose values were found.
fn statements<'a>(table: &MappedTable, found: &FoundValues<'a>) -> MappedContent<'a> {
    let mut all = Statements::default();
    let site = Site { found, element: None };
    for rule in &table.rules {
        if !rule.when.iter().all(|condition| condition.holds(found)) {
            continue;
        }
        if rule.is_one_statement() && all.is_empty() && table.dedup.is_none() {
            return statement(rule, site).map_or(MappedContent::PassedOver, MappedContent::One);
        }
        follow(rule, site, &mut all);
        if !rule.also {
            break;
        }
    }
    if all.is_empty() {
        return MappedContent::PassedOver;
    }
    if let Some(dedup) = &table.dedup
        && let Picked::Text(event) = site.pick(dedup)
    {
        all.event = Some(event);
    }
    let is_one = all.list.len() == 1 && all.event.is_none() && all.carried.is_empty();
    match all.list.pop() {
        Some(one) if is_one => MappedContent::One(one),
        last => {
            all.list.extend(last);
            MappedContent::Many(Box::new(all))
        }
    }
}

/// Follows a rule whose conditions hold.
fn follow<'a>(rule: &MappedRule, site: Site<'_, 'a>, all: &mut Statements<'a>) {
    for (register, pick) in &rule.carry {
        if let Picked::Text(value) = site.pick(pick) {
            let register = u8::try_from(*register).expect("a table has at most 16 registers");
            all.carried.push((register, value));
        }
    }
    let Some(each) = &rule.each else {
        all.list.extend(statement(rule, site));
        return;
    };
    let container = match &site.found[each.slot] {
        FoundValue::Array(json) | FoundValue::Object(json) => json,
        _ => return,
    };
    if each.is_ranges {
        for number in ranges::numbers(container) {
            let number: Text<'a> = number.to_string().into();
            let found = [FoundValue::Number(number.clone())];
            let element = ElementSite { key: number.clone(), json: number, found: &found };
            all.list.extend(statement(rule, Site { found: site.found, element: Some(&element) }));
        }
        return;
    }
    let mut inside = FoundValues::default();
    let mut element = |key: Text<'a>, json: Text<'a>, inside: &[FoundValue<'a>]| {
        let element = ElementSite { key, json, found: inside };
        all.list.extend(statement(rule, Site { found: site.found, element: Some(&element) }));
    };
    match container {
        Text::Borrowed(container) => {
            for (key, json) in elements(container) {
                if scan(json.as_bytes(), &each.trie, &mut inside).is_ok() {
                    element(key, json.into(), &inside);
                }
            }
        }
        Text::Owned(container) => {
            for (key, json) in elements(container) {
                let mut inside = FoundValues::default();
                if scan(json.as_bytes(), &each.trie, &mut inside).is_ok() {
                    let inside = inside.into_owned();
                    element(key.into_owned().into(), json.to_owned().into(), &inside);
                }
            }
        }
    }
}

/// The statement of a rule; none without an id.
fn statement<'a>(rule: &MappedRule, site: Site<'_, 'a>) -> Option<Statement<'a>> {
    let id = site.composed(&rule.id)?;
    let run = match &id {
        Composed::Whole(text) => Some(RunId::of_text(text)),
        Composed::Pieces(_) => None,
    };
    let time = rule.time.as_ref().and_then(|time| instant(time, site));
    let has_time = |time: &TimeOf| matches!(site.pick(&time.at), Picked::Text(text) if !text.is_empty());
    let mut statement = Statement {
        id,
        run,
        state: told_state(&rule.state, site),
        time,
        has_unread_time: time.is_none() && rule.time.as_ref().is_some_and(has_time),
        attempt: rule.attempt.as_ref().and_then(|(pick, base)| attempt(pick, *base, site)),
        task: FieldChange::Left,
        worker: FieldChange::Left,
        error: FieldChange::Left,
        queue: FieldChange::Left,
        rest: None,
    };
    // Most lines have few of the fields, as texts.
    for (name, of) in rule.fields.filled_by(site.found.filled()) {
        if let FieldOf::Value(Pick::Slot(slot)) = of
            && let FoundValue::Text(Text::Borrowed(text)) = &site.found[*slot]
            && !text.is_empty()
            && let Some(field) = text_field(&mut statement, *name)
        {
            *field = FieldChange::Set(Text::Borrowed(text));
            continue;
        }
        let (FieldOf::Value(pick) | FieldOf::Time(TimeOf { at: pick, .. })) = of;
        if !site.is_absent(pick) {
            fill(&mut statement, *name, of, site);
        }
    }
    Some(statement)
}

/// A field that is any text, where a statement has it by itself.
#[inline]
const fn text_field<'s, 'a>(
    statement: &'s mut Statement<'a>,
    name: FieldName,
) -> Option<&'s mut FieldChange<Text<'a>>> {
    match name {
        FieldName::Task => Some(&mut statement.task),
        FieldName::Worker => Some(&mut statement.worker),
        FieldName::Error => Some(&mut statement.error),
        FieldName::Queue => Some(&mut statement.queue),
        _ => None,
    }
}

fn told_state<'a>(state: &StateOf, site: Site<'_, 'a>) -> ToldState<'a> {
    match state {
        StateOf::Untold => ToldState::Nothing,
        StateOf::Const(state, word) => {
            let word = word.as_ref().and_then(|word| text_of(site.pick(word)));
            ToldState::State(*state, word)
        }
        StateOf::Word(pick, words) => match site.pick(pick) {
            Picked::Text(word) => match words.look_up(&word) {
                WordMeaning::State(state) => ToldState::State(state, Some(word)),
                WordMeaning::NoStatement => ToldState::Nothing,
                WordMeaning::Unknown => ToldState::Unknown(word),
            },
            _ => ToldState::Nothing,
        },
    }
}

fn text_of(picked: Picked<'_>) -> Option<Text<'_>> {
    match picked {
        Picked::Text(text) => Some(text),
        Picked::Absent | Picked::Null | Picked::Pieces(_) => None,
    }
}

fn instant(time: &TimeOf, site: Site<'_, '_>) -> Option<u64> {
    match site.found(&time.at) {
        Some(found) => time.read(found),
        None => time.read(&FoundValue::Text(text_of(site.pick(&time.at))?)),
    }
}

/// Number of an attempt, from 1; 0 before the first one. None for a text that is no number.
fn attempt(pick: &Pick, base: i64, site: Site<'_, '_>) -> Option<u32> {
    let number: i64 = text_of(site.pick(pick))?.trim().parse().ok()?;
    u32::try_from(number.checked_sub(base)?.checked_add(1)?).ok()
}

fn fill<'a>(statement: &mut Statement<'a>, name: FieldName, of: &FieldOf, site: Site<'_, 'a>) {
    let pick = match of {
        FieldOf::Time(time) => {
            let at = instant(time, site);
            let is_null = || matches!(site.pick(&time.at), Picked::Null);
            if at.is_none() && !is_null() {
                return;
            }
            let rest = statement.rest.get_or_insert_default();
            let field = at.map_or(FieldChange::Cleared, FieldChange::Set);
            match name {
                FieldName::Due => rest.due = field,
                FieldName::LeaseUntil => rest.lease_until = field,
                FieldName::Started => rest.started = at,
                FieldName::Ended => rest.ended = at,
                FieldName::Created => rest.created = at,
                _ => (),
            }
            return;
        }
        FieldOf::Value(pick) => pick,
    };
    if name == FieldName::Parent {
        if let Some(parent) = site.composed(pick) {
            statement.rest.get_or_insert_default().parent = Some(parent);
        }
        return;
    }
    let is_json = || {
        site.found(pick).is_some_and(|found| matches!(found, FoundValue::Array(_) | FoundValue::Object(_)))
    };
    let text = match site.pick(pick) {
        Picked::Absent | Picked::Pieces(_) => return,
        Picked::Null => FieldChange::Cleared,
        // An engine that has nothing to say writes an empty text.
        Picked::Text(text) if text.is_empty() => FieldChange::Cleared,
        Picked::Text(text) => FieldChange::Set(text),
    };
    match text_field(statement, name) {
        Some(field) => *field = text,
        None => {
            let rest = statement.rest.get_or_insert_default();
            match name {
                FieldName::Reason => rest.reason = text,
                FieldName::Key => rest.key = text,
                FieldName::Output => rest.output = json(text, site.found(pick)),
                FieldName::Tags => rest.tags = tags(text, is_json()),
                FieldName::MaxAttempts => rest.max_attempts = number(&text),
                FieldName::Priority => rest.priority = number(&text),
                _ => (),
            }
        }
    }
}

/// A number; a text that is none says nothing.
fn number<T: TryFrom<i64>>(text: &FieldChange<Text<'_>>) -> FieldChange<T> {
    match text {
        FieldChange::Left => FieldChange::Left,
        FieldChange::Cleared => FieldChange::Cleared,
        FieldChange::Set(text) => {
            let number = text.trim().parse::<i64>().ok().and_then(|number| T::try_from(number).ok());
            number.map_or(FieldChange::Left, FieldChange::Set)
        }
    }
}

/// A value as JSON.
fn json<'a>(text: FieldChange<Text<'a>>, found: Option<&FoundValue<'a>>) -> FieldChange<Text<'a>> {
    let is_json = !matches!(found, None | Some(FoundValue::Text(_)));
    match text {
        FieldChange::Set(text) if !is_json => {
            FieldChange::Set(serde_json::Value::from(text.into_owned()).to_string().into())
        }
        other => other,
    }
}

/// Tags: a list of texts, or one.
fn tags<'a>(text: FieldChange<Text<'a>>, is_json: bool) -> FieldChange<Vec<Text<'a>>> {
    match text {
        FieldChange::Left => FieldChange::Left,
        FieldChange::Cleared => FieldChange::Cleared,
        FieldChange::Set(text) if is_json => serde_json::from_str::<Vec<String>>(&text)
            .map_or(FieldChange::Left, |tags| FieldChange::Set(tags.into_iter().map(Into::into).collect())),
        FieldChange::Set(text) => FieldChange::Set(vec![text]),
    }
}
