//! Rules of signals (0.2 and later): admission, pins and retirement.

use std::collections::BTreeMap;

use super::{Context, Outcome, Reducer};
use crate::engine::actionqueue::event::{Disposition, Signal};
use crate::engine::actionqueue::rejection::Rejection;
use crate::engine::actionqueue::rejection::RejectionFault;
use crate::engine::actionqueue::waits::{SignalRecord, WaitSubject};
use crate::model::id::TenantId;

/// Maximum number of signals retired by one event, and of pins on one signal. Both have the engine's names.
const MAX_SIGNAL_BATCH: usize = 1024;
const MAX_SIGNAL_PINS: usize = 64;

/// One pin, set or removed.
#[derive(Clone, Copy)]
pub(super) struct PinMove<'a> {
    pub(super) acquired: bool,
    pub(super) tenant: Option<TenantId>,
    pub(super) signal: &'a str,
    pub(super) pin: &'a str,
}

fn refuse(why: String) -> Rejection {
    Rejection::Signal(RejectionFault::new(why))
}

impl Reducer<'_> {
    /// SignalAdmitted.
    pub(super) fn signal_admitted(&mut self, cx: Context, signal: &Signal<'_>) -> Outcome {
        if signal.recorded != cx.sequence() || signal.is_retired_or_pinned {
            return Err(refuse(format!("signal {} contradicts its event", signal.number)));
        }
        self.check_new_signal(signal, self.own.signals.last_number()).map_err(refuse)?;
        self.admit_signal(signal);
        Ok(())
    }

    fn check_new_signal(&self, signal: &Signal<'_>, last: u64) -> Result<(), String> {
        let number = signal.number;
        if signal.envelope.tenant.is_some() {
            return Err(format!("signal {number} belongs to a tenant, which this store does not admit for"));
        }
        let next = last.checked_add(1) == Some(number);
        let first_of_a_joined_log = self.is_lenient() && last == 0;
        if !next && !first_of_a_joined_log {
            return Err(format!("signal {number} does not follow signal {last}"));
        }
        let known = self.store.find_name(&signal.id);
        if known.is_some_and(|id| self.own.signals.number_of(signal.envelope.tenant, id).is_some()) {
            return Err(format!("signal {:?} was admitted before", signal.id));
        }
        Ok(())
    }

    /// Checks the signals that a disposition emits: new ones in order, or ones that were admitted before.
    pub(super) fn check_emitted(&self, disposition: &Disposition<'_>) -> Result<(), String> {
        let mut last = self.own.signals.last_number();
        for signal in &disposition.signals {
            if self.own.signals.by_number(signal.number).is_some() {
                continue;
            }
            if signal.recorded != disposition.recorded || signal.is_retired_or_pinned {
                return Err(format!("signal {} contradicts its event", signal.number));
            }
            self.check_new_signal(signal, last)?;
            last = signal.number;
        }
        Ok(())
    }

    pub(super) fn admit_signal(&mut self, signal: &Signal<'_>) {
        let record = SignalRecord {
            envelope: self.filter(&signal.envelope),
            recorded: signal.recorded,
            received_at: signal.received_at,
            retired: false,
            pins: BTreeMap::new(),
        };
        let id = self.store.intern(&signal.id);
        self.own.signals.insert(signal.number, id, record);
    }

    /// SignalPinned and SignalUnpinned.
    pub(super) fn signal_pin_moved(&mut self, cx: Context, moved: PinMove<'_>) -> Outcome {
        let id = self.store.intern(moved.signal);
        let pin = self.store.intern(moved.pin);
        let Some(number) = self.own.signals.number_of(moved.tenant, id) else {
            return if self.is_lenient() {
                Ok(())
            } else {
                Err(refuse(format!("signal {:?} is unknown", moved.signal)))
            };
        };
        let Some(record) = self.own.signals.by_number_mut(number) else { return Ok(()) };
        if record.retired {
            return Err(refuse(format!("signal {:?} is retired", moved.signal)));
        }
        let held = record.pins.get(&pin).copied();
        let since = held.unwrap_or(record.recorded).max(record.recorded);
        if held.is_some() == moved.acquired || cx.sequence() <= since {
            return Err(refuse(format!("pin {:?} of signal {:?} is out of turn", moved.pin, moved.signal)));
        }
        if moved.acquired && record.pins.len() >= MAX_SIGNAL_PINS {
            return Err(refuse(format!("signal {:?} has all the pins it may have", moved.signal)));
        }
        if moved.acquired {
            record.pins.insert(pin, cx.sequence());
        } else {
            record.pins.remove(&pin);
        }
        Ok(())
    }

    /// SignalsRetired.
    pub(super) fn signals_retired(&mut self, tenant: Option<TenantId>, numbers: &[u64], at: u64) -> Outcome {
        let rising = numbers.windows(2).all(|pair| pair[0] < pair[1]);
        if numbers.is_empty() || numbers.len() > MAX_SIGNAL_BATCH || !rising {
            return Err(refuse("the retired signals are not in order".to_owned()));
        }
        for number in numbers {
            if self.is_protected(*number) {
                return Err(refuse(format!(
                    "signal {number} may not be retired: a pin or a wait protects it"
                )));
            }
            match self.own.signals.by_number(*number) {
                None if self.is_lenient() => {}
                None => return Err(refuse(format!("signal {number} is unknown"))),
                Some(record) if record.envelope.tenant != tenant => {
                    return Err(refuse(format!("signal {number} belongs to another tenant")));
                }
                Some(record) if record.retired => {
                    return Err(refuse(format!("signal {number} is retired")));
                }
                Some(record) if at <= record.received_at => {
                    return Err(refuse(format!("signal {number} is retired before it was received")));
                }
                Some(_) => {}
            }
        }
        for number in numbers {
            if let Some(record) = self.own.signals.by_number_mut(*number) {
                record.retired = true;
            }
        }
        Ok(())
    }

    /// True if a pin, an ended wait or an open wait needs the signal.
    fn is_protected(&self, number: u64) -> bool {
        let Some(record) = self.own.signals.by_number(number) else { return false };
        let awaited = || {
            self.own.waits.active.values().filter_map(|id| self.own.waits.records.get(id)).any(|wait| {
                matches!(&wait.target, WaitSubject::Signal { filter, after }
                    if number > *after && filter.matches(&record.envelope))
            })
        };
        !record.pins.is_empty() || self.own.signals.historical.contains(&number) || awaited()
    }
}
