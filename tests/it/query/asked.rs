//! A random query, printed as text, and judged in the plainest way from whole runs.

use proptest::prelude::*;
use runwatch::engine::actionqueue::states::RunState;
use runwatch::engine::cause::Cause;
use runwatch::engine::waiting::Scene;
use runwatch::model::time::Unit;
use runwatch::store::{Run, RunKey, Store};

/// A query without its values yet, since those that find something are in a store.
#[derive(Debug, Clone)]
pub(crate) enum Seed {
    All(Vec<Seed>),
    Any(Vec<Seed>),
    Not(Box<Seed>),
    /// Field, comparison, value, and modifier.
    Term(u8, u8, u32, u8),
}

pub(crate) fn seeds() -> impl Strategy<Value = Seed> {
    let term =
        any::<(u8, u8, u32, u8)>().prop_map(|(of, compare, pick, bend)| Seed::Term(of, compare, pick, bend));
    term.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Seed::All),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Seed::Any),
            inner.prop_map(|seed| Seed::Not(Box::new(seed))),
        ]
    })
}

/// A query.
#[derive(Debug, Clone)]
pub(crate) enum Asked {
    All(Vec<Asked>),
    Any(Vec<Asked>),
    Not(Box<Asked>),
    /// A field, a comparison, the value as it is typed and as it is meant.
    Field(&'static str, &'static str, String, Value),
    Word(&'static str),
    /// A text, and if it is in quotes.
    Text(String, bool),
}

/// Meaning of a value.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Text { text: String, quoted: bool },
    Number(i64),
    Seconds(u64),
    At(u64),
    FromNow(i64),
}

const TEXTS: [&str; 9] = ["task", "tag", "id", "owner", "key", "tenant", "error", "reason", "parent"];
const NUMBERS: [&str; 3] = ["attempts", "max_attempts", "priority"];
const LENGTHS: [&str; 3] = ["in_state", "age", "lease"];
const INSTANTS: [&str; 2] = ["created", "scheduled"];
const WORDS: [&str; 7] = ["live", "ended", "cancelable", "flagged", "joined", "waiting", "stuck"];
const OF_TEXTS: [&str; 5] = [":", "=", "!=", "~", "!~"];
const OF_NUMBERS: [&str; 7] = [":", "=", "!=", ">", ">=", "<", "<="];

/// Returns the texts of a run for a field of texts: nothing, one, or several.
fn texts(store: &Store, run: &Run, field: &str) -> Vec<String> {
    let task = store.task(run.task);
    let text = |name| store.text(name).to_owned();
    let spec = task.spec;
    match field {
        "task" => vec![task_name(store, run)].into_iter().flatten().collect(),
        "tag" => spec.into_iter().flat_map(|spec| spec.tags.iter().map(|tag| text(*tag))).collect(),
        "id" => vec![run.id.to_string()],
        "owner" => run.lease.iter().map(|lease| text(lease.owner)).collect(),
        "key" => spec.and_then(|spec| spec.concurrency_key).map(text).into_iter().collect(),
        "tenant" => spec.and_then(|spec| spec.tenant).map(|id| id.to_string()).into_iter().collect(),
        "parent" => task.parent.map(|id| id.to_string()).into_iter().collect(),
        "error" => {
            let key = store.find(run.id).unwrap();
            store.life(key).attempts.iter().rev().find_map(|it| it.error).map(text).into_iter().collect()
        }
        _ => run.reason.map(text).into_iter().collect(),
    }
}

fn described(store: &Store, run: &Run) -> Option<String> {
    let description = store.task(run.task).spec?.description?;
    Some(store.text(description).to_owned()).filter(|text| !text.trim().is_empty())
}

fn task_id(store: &Store, run: &Run) -> Option<String> {
    let id = store.task(run.task).id;
    (!id.is_nil()).then(|| id.to_string())
}

fn task_name(store: &Store, run: &Run) -> Option<String> {
    described(store, run).or_else(|| task_id(store, run))
}

fn number(store: &Store, run: &Run, field: &str) -> Option<i64> {
    let spec = store.task(run.task).spec;
    match field {
        "attempts" => Some(run.counted_attempts().into()),
        "max_attempts" => spec.map(|spec| spec.max_attempts.into()),
        _ => {
            let own = run.priority;
            let of_task = spec.map(|spec| spec.priority);
            let or_zero = if run.joined { of_task } else { of_task.or(Some(0)) };
            if own == 0 { or_zero } else { Some(own) }.map(i64::from)
        }
    }
}

fn seconds(run: &Run, field: &str, now: u64) -> Option<u64> {
    match field {
        "in_state" => Unit::Seconds.age(run.changed_at, now),
        "age" => Some(run.created_at)
            .filter(|at| Unit::Seconds.is_believed(*at))
            .and_then(|at| Unit::Seconds.age(at, now)),
        _ => run.lease.map(|lease| lease.expiry.saturating_sub(now)),
    }
}

fn moment(run: &Run, field: &str) -> Option<u64> {
    let at = if field == "created" { run.created_at } else { run.scheduled_at };
    Some(at).filter(|at| Unit::Seconds.is_believed(*at))
}

fn pick<T: Clone>(of: &[T], by: u32) -> Option<T> {
    (!of.is_empty()).then(|| of[by as usize % of.len()].clone())
}

/// A text of a store, bent so that it may still be found, or may not.
fn bent(text: String, bend: u8, for_regex: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let middle = chars.len() / 2;
    let part = |from: usize, to: usize| chars[from.min(to)..to].iter().collect::<String>();
    match bend % 8 {
        0 | 1 => text,
        2 => text.to_uppercase(),
        3 => part(0, middle),
        4 => part(middle, chars.len()),
        5 => part(middle / 2, middle),
        6 if !for_regex => format!("{}*{}", part(0, middle / 2), part(middle, chars.len())),
        _ => format!("{text}z"),
    }
}

fn regex_of(text: &str, bend: u8) -> String {
    let escaped = regex::escape(text);
    match bend / 8 % 4 {
        0 => format!("^{escaped}"),
        1 => format!("{escaped}$"),
        2 => format!("({escaped}|nothing)"),
        _ => escaped,
    }
}

/// A text as a value, in quotes where it must be.
fn spelled(text: &str, quoted: bool) -> String {
    if quoted { format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")) } else { text.to_owned() }
}

fn needs_quotes(text: &str) -> bool {
    text.is_empty() || text.chars().any(|c| c.is_whitespace() || "()\"\\".contains(c))
}

impl Asked {
    /// A query for a store, as it is looked at in the second `now`.
    pub(crate) fn grown(seed: &Seed, store: &Store, now: u64) -> Self {
        let several = |seeds: &[Seed]| seeds.iter().map(|seed| Self::grown(seed, store, now)).collect();
        match seed {
            Seed::All(seeds) => Self::All(several(seeds)),
            Seed::Any(seeds) => Self::Any(several(seeds)),
            Seed::Not(seed) => Self::Not(Box::new(Self::grown(seed, store, now))),
            Seed::Term(of, compare, by, bend) => Self::term(*of, (*compare).into(), *by, *bend, store, now),
        }
    }

    fn term(of: u8, compare: usize, by: u32, bend: u8, store: &Store, now: u64) -> Self {
        let runs: Vec<Run> = store.keys().map(|key| store.run(key)).collect();
        let run = pick(&runs, by);
        let of = usize::from(of) % 29;
        let nudge = i64::from(bend % 3) - 1;
        match of {
            0..=10 => {
                let field = TEXTS[of % 8];
                let known: Vec<String> = runs.iter().flat_map(|run| texts(store, run, field)).collect();
                let known = pick(&known, by).unwrap_or_else(|| "something".to_owned());
                let compare = OF_TEXTS[compare % 5];
                let is_regex = compare.ends_with('~');
                let mut text = bent(known, bend, is_regex);
                if matches!(field, "id" | "tenant") && !is_regex {
                    // Only ids and beginnings of them are compared.
                    text =
                        pick(&runs.iter().flat_map(|run| texts(store, run, field)).collect::<Vec<_>>(), by)
                            .unwrap_or_else(|| "7ef1a3c2-0000-4000-8000-000000000001".to_owned());
                    if compare == ":" {
                        text.truncate(usize::from(bend) % 37);
                    }
                }
                if is_regex {
                    text = regex_of(&text, bend);
                }
                let quoted = bend >= 128 || needs_quotes(&text);
                Self::Field(field, compare, spelled(&text, quoted), Value::Text { text, quoted })
            }
            11..=13 => {
                let field = NUMBERS[of - 11];
                let value = run.and_then(|run| number(store, &run, field)).unwrap_or(0) + nudge;
                Self::Field(field, OF_NUMBERS[compare % 7], value.to_string(), Value::Number(value))
            }
            14..=16 => {
                let field = LENGTHS[of - 14];
                let value = run.and_then(|run| seconds(&run, field, now)).unwrap_or(90);
                let value = value.saturating_add_signed(nudge * i64::from(bend / 16)).min(1 << 40);
                let typed = if bend > 99 {
                    format!("{}h{}m{}s", value / 3600, value / 60 % 60, value % 60)
                } else {
                    format!("{value}s")
                };
                Self::Field(field, OF_NUMBERS[compare % 7], typed, Value::Seconds(value))
            }
            17..=19 => {
                let field = INSTANTS[of % 2];
                let at = run.and_then(|run| moment(&run, field)).unwrap_or(now).saturating_add_signed(nudge);
                if bend > 99 {
                    let at = at.min(Unit::Seconds.latest_believed());
                    let typed = jiff::Timestamp::from_second(at.cast_signed()).unwrap().to_string();
                    return Self::Field(field, OF_NUMBERS[compare % 7], typed, Value::At(at));
                }
                let apart = at.cast_signed() - now.cast_signed();
                Self::Field(field, OF_NUMBERS[compare % 7], format!("{apart:+}s"), Value::FromNow(apart))
            }
            20 | 21 => {
                let state = RunState::ALL[by as usize % RunState::ALL.len()];
                let compare = OF_TEXTS[compare % 3];
                let text = if bend > 99 { state.to_string() } else { state.name().to_owned() };
                Self::Field(
                    "state",
                    compare,
                    text,
                    Value::Text { text: state.name().to_owned(), quoted: false },
                )
            }
            27 | 28 => {
                let name = ["worker", "lease", "time", "retry", "suspended", "key", "signal", "budget"]
                    [by as usize % 8];
                let typed = if bend > 99 || !compare.is_multiple_of(3) { name } else { &name[..2] };
                let meant = Value::Text { text: name.to_owned(), quoted: false };
                Self::Field("waiting", OF_TEXTS[compare % 3], typed.to_owned(), meant)
            }
            22 | 23 => Self::Word(WORDS[by as usize % 5 + usize::from(bend > 200) * 2]),
            _ => {
                let field = ["task", "tag", "id", "error"][by as usize % 4];
                let known: Vec<String> = runs.iter().flat_map(|run| texts(store, run, field)).collect();
                let text = bent(pick(&known, by / 4).unwrap_or_else(|| "deed".to_owned()), bend, false);
                // Half of `suspended` is a word of the language.
                let is_word = WORDS.contains(&text.to_lowercase().as_str());
                let quoted = bend >= 128
                    || is_word
                    || needs_quotes(&text)
                    || text.contains([':', '=', '~', '!', '<', '>', '-']);
                Self::Text(text, quoted)
            }
        }
    }

    /// As it is typed.
    pub(crate) fn typed(&self) -> String {
        let several = |asked: &[Self], by: &str| {
            let typed: Vec<String> = asked.iter().map(Self::typed).collect();
            format!("({})", typed.join(by))
        };
        match self {
            Self::All(asked) if asked.len() == 2 => several(asked, " and "),
            Self::All(asked) => several(asked, " "),
            Self::Any(asked) => several(asked, " or "),
            Self::Not(asked) => format!("-{}", asked.typed()),
            Self::Field(field, compare, typed, _) => format!("{field}{compare}{typed}"),
            Self::Word(word) => (*word).to_owned(),
            Self::Text(text, quoted) => spelled(text, *quoted),
        }
    }

    /// Returns true if a run fits, by all that the store says of it.
    pub(crate) fn holds(&self, store: &Store, key: RunKey, now: u64) -> bool {
        let run = store.run(key);
        match self {
            Self::All(asked) => asked.iter().all(|it| it.holds(store, key, now)),
            Self::Any(asked) => asked.iter().any(|it| it.holds(store, key, now)),
            Self::Not(asked) => !asked.holds(store, key, now),
            Self::Field(field, compare, _, value) => match value {
                Value::Text { text, quoted } => is_text(store, &run, field, compare, (text, *quoted), now),
                Value::Number(number_asked) => {
                    number(store, &run, field).is_some_and(|it| compares(it, compare, *number_asked))
                }
                Value::Seconds(asked) => {
                    seconds(&run, field, now).is_some_and(|it| compares(it, compare, *asked))
                }
                Value::At(at) => moment(&run, field).is_some_and(|it| compares(it, compare, *at)),
                Value::FromNow(apart) => moment(&run, field).is_some_and(|it| {
                    compares(i128::from(it), compare, i128::from(now) + i128::from(*apart))
                }),
            },
            Self::Word(word) => is_word(store, key, &run, word, now),
            Self::Text(text, quoted) => {
                let named = ["tag", "id", "error"].into_iter().flat_map(|field| texts(store, &run, field));
                named
                    .chain(described(store, &run))
                    .chain(task_id(store, &run))
                    .any(|it| like(&it, text, *quoted, false))
            }
        }
    }
}

fn compares<T: Ord + Copy>(one: T, compare: &str, other: T) -> bool {
    match compare {
        ":" | "=" => one == other,
        "!=" => one != other,
        ">" => one > other,
        ">=" => one >= other,
        "<" => one < other,
        _ => one <= other,
    }
}

/// Returns true if a text is one with stars, or holds it, as a regular expression would say it.
fn like(text: &str, asked: &str, quoted: bool, whole: bool) -> bool {
    let asked = asked.to_lowercase();
    let pattern = if quoted { regex::escape(&asked) } else { regex::escape(&asked).replace(r"\*", ".*") };
    let pattern = if whole { format!("(?s)^(?:{pattern})$") } else { format!("(?s){pattern}") };
    regex::Regex::new(&pattern).unwrap().is_match(&text.to_lowercase())
}

/// A cause as it is derived, in small letters, where a query calls it so too.
fn cause(cause: &Cause) -> String {
    let told = format!("{cause:?}").to_lowercase();
    let name: String = told.chars().take_while(char::is_ascii_alphabetic).collect();
    name.replace("works", "").replace("nolease", "lease")
}

fn is_text(
    store: &Store,
    run: &Run,
    field: &str,
    compare: &str,
    (asked, quoted): (&str, bool),
    now: u64,
) -> bool {
    if field == "waiting" {
        let key = store.find(run.id).unwrap();
        let why = Scene::of(store).why(store, key, now);
        return why
            .map(|why| cause(&why.cause))
            .is_some_and(|it| !it.is_empty() && (it == asked) == (compare != "!="));
    }
    if field == "state" {
        return (run.state.name() == asked) == (compare != "!=");
    }
    let known = texts(store, run, field);
    if known.is_empty() {
        return false;
    }
    let begins = |id: &String| id.replace('-', "").starts_with(&asked.replace('-', "").to_lowercase());
    let found = match compare {
        "~" | "!~" => {
            let is_cased = asked.chars().any(char::is_uppercase);
            let regex = regex::RegexBuilder::new(asked).case_insensitive(!is_cased).build().unwrap();
            known.iter().any(|text| regex.is_match(text))
        }
        ":" => match field {
            "id" | "tenant" => known.iter().any(begins),
            "tag" | "owner" | "key" | "parent" => known.iter().any(|text| like(text, asked, quoted, true)),
            "task" if !asked.is_empty() && task_id(store, run).as_ref().is_some_and(begins) => true,
            _ => known.iter().any(|text| like(text, asked, quoted, false)),
        },
        _ if field == "task" && task_id(store, run).is_some_and(|id| id == asked.to_lowercase()) => true,
        _ => known.iter().any(|text| text == asked),
    };
    found != compare.starts_with('!')
}

fn is_word(store: &Store, key: RunKey, run: &Run, word: &str, now: u64) -> bool {
    let why = || Scene::of(store).why(store, key, now);
    match word {
        "live" | "cancelable" => !run.state.is_terminal(),
        "ended" => run.state.is_terminal(),
        "flagged" => run.flagged,
        "joined" => run.joined,
        "waiting" => why().is_some_and(|why| why.cause != Cause::Works),
        _ => why().is_some_and(|why| why.is_stuck),
    }
}
