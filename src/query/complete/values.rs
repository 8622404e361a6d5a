//! The values that a field has in a store, as far as a few thousand looks tell.

use std::collections::BTreeSet;

use super::super::cause::NAMES;
use super::super::compare::Compare;
use super::super::field::{Field, FieldKind, FieldRow};
use super::super::state::GROUPS;
use super::super::token::spelled;
use super::{Offer, offer};
use crate::engine;
use crate::model::states::Phase;
use crate::model::text;
use crate::store::{Name, RunKey, Store, TaskSpec};

/// Number of runs or tasks that are looked at.
const LOOKS: usize = 4000;
/// A longer text is not offered, in bytes.
const LONGEST: usize = 200;

pub(super) fn of(row: &FieldRow, compare: Compare, store: &Store) -> Vec<Offer> {
    if matches!(compare, Compare::Like | Compare::Unlike) && row.kind != FieldKind::State {
        // What would be put there is no regular expression.
        return vec![];
    }
    let plain = |values: &[&str]| values.iter().map(|value| offer(value, *value, "")).collect();
    match row.field {
        Field::State => {
            let states = store.states().listed().map(|state| state.to_string());
            let groups = GROUPS.iter().map(|(name, _)| (*name).to_owned());
            states.chain(groups).map(|name| offer(&name, name.clone(), "")).collect()
        }
        Field::Task => texts(store, specs(store).filter_map(|spec| spec.description)),
        Field::Tag => texts(store, specs(store).flat_map(|spec| spec.tags.iter().copied())),
        Field::Key => texts(store, specs(store).filter_map(|spec| spec.concurrency_key)),
        Field::Owner => {
            let held = store.held_latest().take(LOOKS);
            texts(store, held.filter_map(|run| store.owner(run)))
        }
        Field::Queue => texts(store, latest(store).filter_map(|run| engine::queue(store, run))),
        Field::Parent => {
            let parents: BTreeSet<_> = latest(store).filter_map(|run| engine::parent(store, run)).collect();
            offers(parents.iter().map(|parent| &**parent))
        }
        Field::Reason => {
            let parked = store.states().of(Phase::Parked);
            let parked = parked.flat_map(|state| store.lane(state).latest(0).take(LOOKS));
            texts(store, parked.filter_map(|run| store.reason_of(run)))
        }
        Field::Error => {
            let lanes =
                [Phase::Retrying, Phase::Failed].into_iter().flat_map(|phase| store.states().of(phase));
            let lanes = lanes.map(|state| store.lane(state));
            let failed = lanes.into_iter().flat_map(|lane| lane.latest(0).take(LOOKS / 2));
            texts(store, failed.filter_map(|run| store.latest_error(run)))
        }
        Field::Tenant => {
            let ids: BTreeSet<String> =
                specs(store).filter_map(|spec| spec.tenant).map(|tenant| tenant.to_string()).collect();
            ids.into_iter().map(|id| offer(&id, id.clone(), "")).collect()
        }
        Field::Id => offers(latest(store).filter_map(|run| store.id_texts().get(store.id_of(run)))),
        Field::Attempts | Field::MaxAttempts | Field::Priority => vec![],
        Field::InState | Field::Age | Field::Lease => plain(&["30s", "1m", "10m", "1h", "1d"]),
        Field::Waiting => plain(&NAMES),
        Field::Created | Field::Scheduled => plain(&["-1m", "-10m", "-1h", "-1d", "+10m", "+1h"]),
    }
}

fn latest(store: &Store) -> impl Iterator<Item = RunKey> {
    store.keys().rev().take(LOOKS)
}

fn specs(store: &Store) -> impl Iterator<Item = &TaskSpec> {
    store.specs_latest().take(LOOKS)
}

/// Texts in the order of their letters, each once. Those that a terminal could not show as they are are left out: what
/// is put there must be what it looks like.
fn texts(store: &Store, names: impl Iterator<Item = Name>) -> Vec<Offer> {
    let names: BTreeSet<Name> = names.take(LOOKS).collect();
    offers(names.into_iter().map(|name| store.text(name)))
}

fn offers<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<Offer> {
    let texts: BTreeSet<&str> =
        texts.filter(|it| !it.trim().is_empty() && it.len() <= LONGEST && text::clean(it) == *it).collect();
    texts.into_iter().map(|text| offer(text, spelled(text), "")).collect()
}
