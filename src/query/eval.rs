//! One test of one run: what the store says, what it is compared to, and until when the answer holds.

use std::time::Duration;

use super::cache::Memo;
use super::compare::Compare;
use super::text::TextTest;
use super::tree::{AnyId, Anything, IdTest, Length, Moment, Number, Prose, TaskTest, Test};
use super::value::Instant;
use crate::engine;
use crate::engine::waiting::Scene;
use crate::model::id::{Id, IdTexts};
use crate::store::{Name, RunKey, Store, TaskSpec};

/// No instant: the answer holds until the log says something new.
pub(super) const NEVER: u64 = u64::MAX;

/// A run and what it is judged by.
pub(super) struct EvalContext<'a> {
    pub(super) store: &'a Store,
    pub(super) run: RunKey,
    pub(super) now: u64,
    pub(super) scene: Option<&'a Scene>,
}

/// A test, and what it has judged.
#[derive(Debug, Clone)]
pub(super) struct Leaf {
    test: Test,
    /// By the number of a text, or of a spec.
    memo: Memo,
    /// Of something else, where two things are judged.
    others: Memo,
}

impl Leaf {
    pub(super) fn new(test: Test) -> Self {
        Self { test, memo: Memo::default(), others: Memo::default() }
    }

    #[inline]
    pub(super) fn judge(&mut self, cx: &EvalContext<'_>) -> (bool, u64) {
        let EvalContext { store, run, now, scene } = *cx;
        let Self { test, memo, others } = self;
        let holds = match test {
            Test::States(states) => states.has(store.state_of(run).id()),
            Test::Flagged => store.is_flagged(run),
            Test::Joined => store.is_joined(run),
            Test::Waiting(_) | Test::Stuck => {
                let Some(why) = scene.and_then(|scene| scene.why(store, run, now)) else {
                    return (false, NEVER);
                };
                let holds =
                    if let Test::Waiting(causes) = test { causes.has(&why.cause) } else { why.is_stuck };
                return (holds, why.until.unwrap_or(NEVER));
            }
            Test::Number { of, compare, than } => {
                number(cx, *of).is_some_and(|number| compare.holds(&number, than))
            }
            Test::Length { of, compare, than } => return length(cx, *of, *compare, *than),
            Test::Instant { of, compare, than } => return instant(cx, *of, *compare, *than),
            Test::Text { of: Prose::Key, test } => store.numbered_spec(run).is_some_and(|it| {
                memo.of(it.number, || it.spec.concurrency_key.is_some_and(|key| test.holds(store.text(key))))
            }),
            Test::Parent(test) => engine::parent(store, run).is_some_and(|parent| test.holds(&parent)),
            Test::Text { of, test } => text(cx, *of)
                .is_some_and(|name| memo.of(name.number() as usize, || test.holds(store.text(name)))),
            Test::Tag(test) => store
                .numbered_spec(run)
                .is_some_and(|it| memo.of(it.number, || has_tag(store, it.spec, test))),
            Test::Id(test) => is_id(test, store.id_of(run), store.id_texts()),
            Test::Tenant(test) => store.numbered_spec(run).is_some_and(|it| {
                memo.of(it.number, || {
                    it.spec.tenant.is_some_and(|tenant| is_id(test, tenant, store.id_texts()))
                })
            }),
            Test::Task(test) => is_task(cx, test, memo, others),
            Test::Anything(test) => is_anywhere(cx, test, memo, others),
        };
        (holds, NEVER)
    }
}

fn number(cx: &EvalContext<'_>, of: Number) -> Option<i64> {
    match of {
        Number::Attempts => Some(cx.store.counted(cx.run).into()),
        Number::MaxAttempts => engine::max_attempts(cx.store, cx.run).map(i64::from),
        Number::Priority => engine::priority(cx.store, cx.run).map(i64::from),
    }
}

fn text(cx: &EvalContext<'_>, of: Prose) -> Option<Name> {
    match of {
        Prose::Owner => cx.store.owner(cx.run),
        Prose::Error => cx.store.latest_error(cx.run),
        Prose::Reason => cx.store.reason_of(cx.run),
        Prose::Queue => engine::queue(cx.store, cx.run),
        Prose::Key => cx.store.spec(cx.run)?.concurrency_key,
    }
}

/// Returns true if something holds now, and the first of some instants at which it does not any more. Between
/// them nothing changes.
fn held(
    now: u64,
    instants: impl IntoIterator<Item = Option<u64>>,
    holds: impl Fn(u64) -> bool,
) -> (bool, u64) {
    let held = holds(now);
    let changes = instants.into_iter().flatten().filter(|at| *at > now && holds(*at) != held);
    (held, changes.min().unwrap_or(NEVER))
}

fn length(cx: &EvalContext<'_>, of: Length, compare: Compare, than: Duration) -> (bool, u64) {
    let EvalContext { store, run, now, .. } = *cx;
    let (unit, ticks) = (store.unit(), store.unit().ticks(than));
    let holds = |ticks| compare.holds(&unit.length(ticks), &than);
    let since = match of {
        Length::InState => store.changed_at(run),
        // What is not known is as unbelievable.
        Length::Age => store.created_at_of(run).unwrap_or(0),
        Length::Lease => {
            let Some(lease) = store.lease_of(run) else { return (false, NEVER) };
            let lapses = lease.expiry.checked_sub(ticks);
            let passed = lapses.and_then(|at| at.checked_add(1));
            return held(now, [lapses, passed], |now| holds(lease.expiry.saturating_sub(now)));
        }
    };
    // An age that was not to be believed is believed once the clock has come near.
    let near = since.checked_sub(unit.skew());
    let reached = since.checked_add(ticks);
    let passed = reached.and_then(|at| at.checked_add(1));
    held(now, [near, reached, passed], |now| unit.age(since, now).is_some_and(holds))
}

fn instant(cx: &EvalContext<'_>, of: Moment, compare: Compare, than: Instant) -> (bool, u64) {
    let unit = cx.store.unit();
    let at = match of {
        Moment::Created => cx.store.created_at_of(cx.run),
        Moment::Scheduled => cx.store.scheduled_at_of(cx.run),
    };
    let Some(at) = at else { return (false, NEVER) };
    let apart = match than {
        Instant::At(than) => return (compare.holds(&at, &unit.ticks(than)), NEVER),
        Instant::Apart(apart) => apart,
    };
    let tick = i128::from(unit.nanos());
    let at = i128::from(at) * tick;
    let holds = |now: u64| compare.holds(&at, &(i128::from(now) * tick + apart));
    let reached = u64::try_from((at - apart).div_euclid(tick)).ok();
    held(cx.now, [reached, reached.and_then(|at| at.checked_add(1))], holds)
}

/// Of several tags one is enough to be it, and none may be it to be another.
fn has_tag(store: &Store, spec: &TaskSpec, test: &TextTest) -> bool {
    let is_found = spec.tags.iter().any(|tag| test.finds(store.text(*tag)));
    !spec.tags.is_empty() && is_found != test.is_negative()
}

fn is_id(test: &IdTest, id: impl Id, texts: &IdTexts) -> bool {
    match test {
        IdTest::Digits { digits, is_negative } => digits.fits(id.bits()) != *is_negative,
        IdTest::Any { digits, letters, is_negative } => {
            let fits = match texts.get(id) {
                Some(text) => letters.fit(text),
                None => digits.as_ref().is_some_and(|digits| digits.fits(id.bits())),
            };
            fits != *is_negative
        }
        IdTest::Text(test) => test.holds(&texts.text(id)),
    }
}

/// Returns the name of a task; an empty description is none.
fn description<'a>(store: &'a Store, spec: &TaskSpec) -> Option<&'a str> {
    spec.description.map(|name| store.text(name)).filter(|text| !text.trim().is_empty())
}

fn is_task(cx: &EvalContext<'_>, test: &TaskTest, memo: &mut Memo, described: &mut Memo) -> bool {
    let EvalContext { store, run, .. } = *cx;
    let spec = store.numbered_spec(run);
    let called = spec.filter(|it| described.of(it.number, || description(store, it.spec).is_some()));
    let id = store.task_id_of(run);
    let finds_text = match (called, id) {
        (Some(it), _) => {
            memo.of(it.number, || description(store, it.spec).is_some_and(|text| test.text.finds(text)))
        }
        (None, Some(id)) => test.text.finds(&store.id_text(id)),
        (None, None) => return false,
    };
    let finds_id = || {
        id.is_some_and(|id| match store.id_texts().get(id) {
            Some(text) => test.letters.fit(text),
            None => test.id.as_ref().is_some_and(|digits| digits.fits(id.bits())),
        })
    };
    (finds_text || finds_id()) != test.text.is_negative()
}

/// Is true where a text is found in what people know a run by: its id, that and the description of its task, a tag, or its
/// error.
fn is_anywhere(cx: &EvalContext<'_>, test: &Anything, memo: &mut Memo, errors: &mut Memo) -> bool {
    let EvalContext { store, run, .. } = *cx;
    let Anything { pattern, .. } = test;
    let texts = store.id_texts();
    let in_spec = |spec: &TaskSpec| {
        let mut texts = spec.tags.iter().map(|tag| store.text(*tag)).chain(description(store, spec));
        texts.any(|text| pattern.matches(text))
    };
    store.numbered_spec(run).is_some_and(|it| memo.of(it.number, || in_spec(it.spec)))
        || is_in_id(test, store.id_of(run), texts)
        || store.task_id_of(run).is_some_and(|id| is_in_id(test, id, texts))
        || store
            .latest_error(run)
            .is_some_and(|name| errors.of(name.number() as usize, || pattern.matches(store.text(name))))
}

fn is_in_id(test: &Anything, id: impl Id, texts: &IdTexts) -> bool {
    match (&test.id, texts.get(id)) {
        (_, Some(text)) => test.pattern.matches(text),
        (AnyId::Digits(digits), None) => digits.fits(id.bits()),
        (AnyId::Written, None) => test.pattern.matches(&id.to_string()),
    }
}
