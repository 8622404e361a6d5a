//! Waits and signals (0.2 and later): targets of waits, and the signals that may end them.
//!
//! Texts are interned, so that a signal and a wait match when their names are equal.

use std::collections::{BTreeMap, HashMap};

use crate::model::deadline::Deadline;
use crate::model::id::{TaskId, TenantId, WaitId};
use crate::store::versioned::epoch::{Cell, Composite, Versioned};
use crate::store::versioned::map::{VersionedMap, VersionedSet};
use crate::store::{Name, RunKey};

/// Wait of one run, open or ended.
#[derive(Debug, Clone)]
pub struct WaitRecord {
    /// Id of the wait.
    pub id: WaitId,
    /// The run that waits.
    pub run: RunKey,
    /// Target that ends it.
    pub target: WaitSubject,
    /// Latest end.
    pub deadline: Option<Deadline>,
    /// Instant of its begin.
    pub at: u64,
    /// Sequence of the event that began it.
    pub sequence: u64,
    /// Sequence of the event that ended it.
    pub resolved: Option<u64>,
}

/// Target of a wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WaitSubject {
    /// A signal.
    Signal {
        /// Filter that the signal must match.
        filter: WaitFilter,
        /// Number of the signal after which signals count.
        after: u64,
    },
    /// Child tasks that end.
    Children {
        /// The tasks.
        tasks: Box<[TaskId]>,
        /// True if the first failure ends the wait too.
        or_any_failed: bool,
    },
}

/// Filter for signals; `None` matches any value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the fields are those of the event's filter")]
pub struct WaitFilter {
    pub tenant: Option<TenantId>,
    pub namespace: Name,
    pub kind: Name,
    pub correlation: Option<Name>,
    pub source: Option<Name>,
}

/// Every wait of the log.
#[derive(Debug, Default)]
pub struct Waits {
    pub(super) records: VersionedMap<WaitId, WaitRecord>,
    /// Open wait of each run.
    pub active: VersionedMap<RunKey, WaitId>,
    /// Wait whose wake is pending for the run's next attempt.
    pub pending: VersionedMap<RunKey, WaitId>,
    /// Wake that an operator's resume left for the next attempt, by the sequence of that resume.
    pub administrative: VersionedMap<RunKey, u64>,
}

/// Every signal of the log.
#[derive(Debug, Default)]
pub struct Signals {
    by_number: VersionedMap<u64, SignalRecord>,
    /// Highest number; 0 before the first.
    last: Cell<u64>,
    identities: VersionedMap<(Option<TenantId>, Name), u64>,
    /// Numbers in rising order. Those above `last` belong to the future of the current instant.
    matching: HashMap<(Option<TenantId>, Name, Name), Vec<u64>>,
    /// Signals that ended a wait: they may not be retired.
    pub historical: VersionedSet<u64>,
}

#[derive(Debug, Clone)]
pub(super) struct SignalRecord {
    pub(super) envelope: WaitFilter,
    pub(super) recorded: u64,
    pub(super) received_at: u64,
    pub(super) retired: bool,
    pub(super) pins: BTreeMap<Name, u64>,
}

impl WaitFilter {
    /// True if a signal with this envelope passes the filter.
    pub fn matches(&self, envelope: &Self) -> bool {
        self.tenant == envelope.tenant
            && self.namespace == envelope.namespace
            && self.kind == envelope.kind
            && (self.correlation.is_none() || self.correlation == envelope.correlation)
            && (self.source.is_none() || self.source == envelope.source)
    }
}

impl WaitFilter {
    /// The filter with the names of another store.
    pub fn renamed(self, mut rename: impl FnMut(Name) -> Name) -> Self {
        Self {
            tenant: self.tenant,
            namespace: rename(self.namespace),
            kind: rename(self.kind),
            correlation: self.correlation.map(&mut rename),
            source: self.source.map(&mut rename),
        }
    }
}

impl Signals {
    /// Signals of another store that are not retired, with the names of this one.
    pub fn without_retired(other: &Self, mut rename: impl FnMut(Name) -> Name) -> Self {
        let mut identities: Vec<_> = other.identities.iter().map(|(id, number)| (*number, *id)).collect();
        identities.sort_unstable_by_key(|(number, _)| *number);
        let mut signals = Self::default();
        for (number, (_, id)) in identities {
            let Some(record) = other.by_number.get(&number).filter(|record| !record.retired) else {
                continue;
            };
            let pins = record.pins.iter().map(|(pin, at)| (rename(*pin), *at)).collect();
            let envelope = record.envelope.renamed(&mut rename);
            signals.insert(number, rename(id), SignalRecord { envelope, pins, ..record.clone() });
            if other.historical.contains(&number) {
                signals.historical.insert(number, ());
            }
        }
        signals.last.value = other.last.value;
        signals
    }

    /// Every signal as text, in a deterministic order.
    pub fn sorted(&self) -> Vec<String> {
        let mut all = self.by_number.sorted();
        all.extend(self.identities.sorted());
        all.push(self.last.to_string());
        all
    }

    pub(super) fn last_number(&self) -> u64 {
        self.last.value
    }

    pub(super) fn by_number(&self, number: u64) -> Option<&SignalRecord> {
        self.by_number.get(&number)
    }

    pub(super) fn by_number_mut(&mut self, number: u64) -> Option<&mut SignalRecord> {
        self.by_number.get_mut(&number)
    }

    pub(super) fn number_of(&self, tenant: Option<TenantId>, id: Name) -> Option<u64> {
        self.identities.get(&(tenant, id)).copied()
    }

    pub(super) fn insert(&mut self, number: u64, id: Name, record: SignalRecord) {
        let WaitFilter { tenant, namespace, kind, .. } = record.envelope;
        self.identities.insert((tenant, id), number);
        let numbers = self.matching.entry((tenant, namespace, kind)).or_default();
        // A second fold of the same events finds it already there.
        if numbers.last().is_none_or(|last| *last < number) {
            numbers.push(number);
        }
        self.last.value = self.last.value.max(number);
        self.by_number.insert(number, record);
    }

    /// Earliest signal after `after` that passes `filter` and is not retired.
    pub fn earliest(&self, filter: &WaitFilter, after: u64) -> Option<u64> {
        let numbers = self.matching.get(&(filter.tenant, filter.namespace, filter.kind))?;
        let first = numbers.partition_point(|number| *number <= after);
        let known = numbers[first..].iter().copied().take_while(|number| *number <= self.last.value);
        known.into_iter().find(|number| {
            let record = self.by_number.get(number);
            record.is_some_and(|record| !record.retired && filter.matches(&record.envelope))
        })
    }
}

impl Composite for Waits {
    fn each(&mut self, of: &mut dyn FnMut(&mut dyn Versioned)) {
        of(&mut self.records);
        of(&mut self.active);
        of(&mut self.pending);
        of(&mut self.administrative);
    }
}

impl Composite for Signals {
    fn each(&mut self, of: &mut dyn FnMut(&mut dyn Versioned)) {
        of(&mut self.by_number);
        of(&mut self.last);
        of(&mut self.identities);
        of(&mut self.historical);
    }
}
