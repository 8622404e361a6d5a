//! One term of a query as a test: a word, or a field that is compared.

use super::Parsed;
use crate::model::states::{State, StateSet};
use crate::query::cause::Causes;
use crate::query::compare::{Compare, signs};
use crate::query::digits::Digits;
use crate::query::error::QueryError;
use crate::query::field::{FIELDS, Field, FieldKind, FieldRow, WordRow};
use crate::query::letters::Letters;
use crate::query::pattern::{Pattern, Reach};
use crate::query::state::States;
use crate::query::text::{TextTest, Typed};
use crate::query::token::{Compared, QueryWord, Quotes};
use crate::query::tree::{AnyId, Anything, IdTest, Length, Moment, Number, Prose, TaskTest, Test};
use crate::query::value::{Wrong, instant, length, number, wrong};

/// Number of digits from which on an id is found by any of its digits in a row, as the screen may show it.
const FEWEST: usize = 6;
/// The same for tasks, whose names may be made of the same letters.
const FEWEST_OF_TASK: usize = 8;

/// A word of the language, or else a text that is looked for.
pub(super) fn word(text: &QueryWord<'_>, states: States) -> Parsed<Test> {
    check_quotes(text)?;
    let is_quoted = text.quotes != Quotes::None;
    if let Some(row) = WordRow::find(&text.text).filter(|_| !is_quoted) {
        return Ok(Test::of_word(row.word, states));
    }
    let pattern = Pattern::new(&text.text, Reach::Part, is_quoted);
    let id = pattern.literal().map_or(AnyId::Written, |text| AnyId::Digits(Digits::within(text)));
    Ok(Test::Anything(Anything { pattern, id }))
}

fn check_quotes(text: &QueryWord<'_>) -> Parsed<()> {
    if text.quotes == Quotes::Open {
        let quote = text.at.start..text.at.start + 1;
        return Err(QueryError::new(quote, "this quote is not closed")
            .hint("close it by `\"`; in quotes, \\\" is a quote"));
    }
    Ok(())
}

pub(super) fn compared(it: &Compared<'_>, states: States) -> Parsed<Test> {
    let Some(row) = FieldRow::find(it.field) else { return Err(unknown_field(it)) };
    if !row.kind.takes().contains(&it.compare) {
        let what = format!("`{}` cannot be compared by `{}`", row.name, it.compare.sign());
        return Err(
            QueryError::new(it.sign_at.clone(), what).hint(format!("it takes {}", signs(row.kind.takes())))
        );
    }
    let Some(value) = &it.value else {
        let at = it.field_at.start..it.sign_at.end;
        let text = format!("{}{}", it.field, it.compare.sign());
        let what = format!("`{text}` has no value");
        return Err(QueryError::new(at, what).hint(format!("write {text}{}", row.kind.example())));
    };
    check_quotes(value)?;
    test(row, it.compare, value, states).map_err(|Wrong { what, hint }| {
        let is_in_parentheses =
            row.kind != FieldKind::Prose && value.quotes == Quotes::None && value.text.starts_with('(');
        let hint = if is_in_parentheses { format!("write ({0}:a or {0}:b)", row.name) } else { hint };
        QueryError::new(value.at.clone(), what).hint(hint)
    })
}

fn unknown_field(it: &Compared<'_>) -> QueryError {
    if it.field.is_empty() {
        let what = format!("`{}` has no field before it", it.compare.sign());
        return QueryError::new(it.sign_at.clone(), what).hint(fields());
    }
    let wrong = |what: String| QueryError::new(it.field_at.clone(), what);
    if let Some(word) = WordRow::find(it.field) {
        let what = format!("`{}` is a test by itself and is compared to nothing", word.name);
        return wrong(what).hint(format!("write {0} or -{0}", word.name));
    }
    let hint = || format!("{}; quote it to look for the text", fields());
    wrong(format!("there is no field `{}`", it.field)).suggest(FieldRow::suggest(it.field), hint)
}

fn fields() -> String {
    let names: Vec<&str> = FIELDS.iter().map(|row| row.name).collect();
    format!("the fields are {}", names.join(", "))
}

fn test(row: &FieldRow, compare: Compare, value: &QueryWord<'_>, states: States) -> Result<Test, Wrong> {
    let text = &*value.text;
    let typed = Typed { text, is_quoted: value.quotes != Quotes::None };
    let prose = |of, reach| TextTest::new(compare, typed, reach).map(|test| Test::Text { of, test });
    let count = |of| number(text).map(|than| Test::Number { of, compare, than });
    let stretch = |of| length(text).map(|than| Test::Length { of, compare, than });
    let moment = |of| instant(text).map(|than| Test::Instant { of, compare, than });
    match row.field {
        Field::State => state(compare, typed, states).map(Test::States),
        Field::Task => {
            let id = match compare {
                Compare::Fits => Digits::shown(text, FEWEST_OF_TASK).filter(|_| !text.is_empty()),
                _ => whole_id(text),
            };
            let letters = Letters::new(compare, text, typed.is_quoted, FEWEST_OF_TASK);
            Ok(Test::Task(TaskTest { text: TextTest::new(compare, typed, Reach::Part)?, id, letters }))
        }
        Field::Tag => TextTest::new(compare, typed, Reach::Whole).map(Test::Tag),
        Field::Id if states.may_have_text_ids() => any_id(compare, typed).map(Test::Id),
        Field::Id => id(compare, typed).map(Test::Id),
        Field::Tenant => id(compare, typed).map(Test::Tenant),
        Field::Owner => prose(Prose::Owner, Reach::Whole),
        Field::Key => prose(Prose::Key, Reach::Whole),
        Field::Queue => prose(Prose::Queue, Reach::Whole),
        Field::Parent => TextTest::new(compare, typed, Reach::Whole).map(Test::Parent),
        Field::Error => prose(Prose::Error, Reach::Part),
        Field::Reason => prose(Prose::Reason, Reach::Part),
        Field::Attempts => count(Number::Attempts),
        Field::MaxAttempts => count(Number::MaxAttempts),
        Field::Priority => count(Number::Priority),
        Field::InState => stretch(Length::InState),
        Field::Age => stretch(Length::Age),
        Field::Lease => stretch(Length::Lease),
        Field::Created => moment(Moment::Created),
        Field::Scheduled => moment(Moment::Scheduled),
        Field::Waiting => Causes::read(text, compare).map(Test::Waiting),
    }
}

fn state(compare: Compare, typed: Typed<'_>, states: States) -> Result<StateSet, Wrong> {
    match compare {
        Compare::Like | Compare::Unlike => {
            let test = TextTest::new(compare, typed, Reach::Part)?;
            Ok(states.filter(|state: State| test.holds(state.name())))
        }
        _ => states.named(typed.text, compare),
    }
}

/// An id that may be any text.
fn any_id(compare: Compare, typed: Typed<'_>) -> Result<IdTest, Wrong> {
    if matches!(compare, Compare::Like | Compare::Unlike) {
        return id(compare, typed);
    }
    let Typed { text, is_quoted } = typed;
    let digits = if compare == Compare::Fits { Digits::shown(text, FEWEST) } else { whole_id(text) };
    let letters = Letters::new(compare, text, is_quoted, FEWEST);
    Ok(IdTest::Any { digits, letters, is_negative: compare.is_negative() })
}

fn id(compare: Compare, typed: Typed<'_>) -> Result<IdTest, Wrong> {
    let text = typed.text;
    if matches!(compare, Compare::Like | Compare::Unlike) {
        return Ok(IdTest::Text(TextTest::new(compare, typed, Reach::Part)?));
    }
    let digits = if compare == Compare::Fits { Digits::shown(text, FEWEST) } else { Digits::beginning(text) };
    let Some(digits) = digits else {
        return Err(wrong(format!("no id begins with `{text}`"), "ids are 32 of the digits 0-9 and a-f"));
    };
    if compare != Compare::Fits && whole_id(text).is_none() {
        return Err(wrong(
            format!("`{text}` is not a whole id"),
            "`:` finds ids by their beginning, or by what is shown of them",
        ));
    }
    Ok(IdTest::Digits { digits, is_negative: compare.is_negative() })
}

/// A whole id, hyphens or none.
fn whole_id(text: &str) -> Option<Digits> {
    let n_digits = text.chars().filter(char::is_ascii_hexdigit).count();
    (n_digits == 32).then(|| Digits::beginning(text)).flatten()
}
