//! Fields of a run: what a statement tells beside the state.

use super::{LineHere, StatementRules, Step};
use crate::engine::mapped::statement::{FieldChange, RareStatement, Statement};
use crate::engine::mapped::states::MappedState;
use crate::model::id::TaskId;
use crate::model::states::Phase;
use crate::model::task::{NO_LIMIT, RunPolicy, Task, Text};
use crate::store::{Lease, Name, ProblemKind, RunKey};

impl StatementRules<'_> {
    /// Keeps the fields of a statement. One that came too late only fills in what was not known.
    pub(super) fn fields(&mut self, here: LineHere, key: RunKey, statement: &Statement<'_>, step: Step) {
        let is_late = step == Step::Late;
        if let Some(at) = statement.time {
            let told_at = &mut self.own.detail_mut(key).told_at;
            *told_at = at.max(*told_at);
        }
        let worker = statement.worker.set().map(|worker| &**worker);
        match &statement.worker {
            FieldChange::Left => (),
            _ if is_late && (worker.is_none() || self.store.owner(key).is_some()) => (),
            _ => self.store.set_worker(key, worker),
        }
        if statement.queue != FieldChange::Left {
            let before = self.own.detail(key).queue;
            let queue = self.kept(&statement.queue, before, is_late);
            if queue != before {
                self.own.detail_mut(key).queue = queue;
            }
        }
        self.error(key, statement, is_late);
        let rest = statement.rest.as_deref();
        self.spec(key, statement, rest, is_late);
        if let Some(rest) = rest {
            self.rare(here, key, rest, is_late);
        }
    }

    fn error(&mut self, key: RunKey, statement: &Statement<'_>, is_late: bool) {
        let is_known = self.store.error(key).is_some();
        if self.state(key) == MappedState::Completed {
            // What went wrong before a success is told with its attempt.
            if is_known {
                self.store.set_error(key, None);
            }
            return;
        }
        match &statement.error {
            FieldChange::Set(error) if !(is_late && is_known) => self.store.set_error(key, Some(error)),
            FieldChange::Cleared if !is_late => self.store.set_error(key, None),
            _ => (),
        }
    }

    fn rare(&mut self, here: LineHere, key: RunKey, rest: &RareStatement<'_>, is_late: bool) {
        let before = *self.own.detail(key);
        let reason = self.kept(&rest.reason, before.reason, is_late);
        let parent = match &rest.parent {
            Some(parent) if before.parent.is_none() || !is_late => {
                self.text(parent).map(Text::into_owned).map(|parent| self.store.intern(&parent))
            }
            _ => None,
        };
        let priority = match rest.priority {
            _ if is_late && before.tells_priority => None,
            FieldChange::Left => None,
            FieldChange::Cleared => Some((0, false)),
            FieldChange::Set(priority) => Some((priority, true)),
        };
        let detail = self.own.detail_mut(key);
        detail.reason = reason;
        if let Some((priority, is_told)) = priority {
            detail.tells_priority = is_told;
            self.store.set_priority(key, priority);
        }
        let detail = self.own.detail_mut(key);
        detail.started_at = rest.started.filter(|_| !is_late).or(detail.started_at).or(rest.started);
        detail.ended_at = rest.ended.filter(|_| !is_late).or(detail.ended_at).or(rest.ended);
        if parent.is_some() && parent != before.parent {
            if before.is_listed {
                // It stays in the list of its first parent: a run has one, and no stream was seen that changes it.
                let run = Some(self.store.record(key).id());
                let reason = "its parent is told as another one than before".to_owned();
                self.store.note(ProblemKind::Record, here.place, Some(here.sequence), run, reason);
            } else {
                self.own.detail_mut(key).parent = parent;
                self.list_in_parent(key);
            }
        }
        if let (Some(reason), Phase::Parked) = (reason, self.state(key).phase()) {
            let reason = self.store.text(reason).to_owned();
            self.store.set_reason(key, &reason);
        }
        if let Some(created) = rest.created {
            self.store.set_created(key, created);
        }
        if let FieldChange::Set(due) = rest.due {
            self.store.set_scheduled(key, due);
        }
        match &rest.output {
            FieldChange::Set(output) if !is_late => self.store.set_output(key, Some(output)),
            FieldChange::Cleared if !is_late => self.store.set_output(key, None),
            _ => (),
        }
        self.lease(here, key, &rest.lease_until);
    }

    /// The name of a field after a statement.
    fn kept(&mut self, field: &FieldChange<Text<'_>>, before: Option<Name>, is_late: bool) -> Option<Name> {
        match field {
            FieldChange::Left => before,
            _ if is_late && before.is_some() => before,
            FieldChange::Cleared => None,
            FieldChange::Set(text) if before.is_some_and(|name| self.store.text(name) == text) => before,
            FieldChange::Set(text) => self.name(Some(text)),
        }
    }

    fn lease(&mut self, here: LineHere, key: RunKey, until: &FieldChange<u64>) {
        match until {
            FieldChange::Left => (),
            FieldChange::Cleared => self.store.drop_lease(key),
            FieldChange::Set(expiry) => {
                let Some(owner) = self.store.owner(key) else { return };
                if self.state(key).is_terminal() {
                    return;
                }
                let at = self.own.detail(key).told_at;
                let acquired_at = self.store.run(key).lease.map_or(at, |lease| lease.acquired_at);
                let granted_at = here.sequence;
                let lease = Lease { owner, expiry: *expiry, acquired_at, updated_at: at, granted_at };
                self.store.set_lease(key, lease);
            }
        }
    }

    /// Keeps what a run shares with others of its kind: name, tags, key, limits.
    fn spec<'t>(
        &mut self,
        key: RunKey,
        statement: &'t Statement<'_>,
        rest: Option<&'t RareStatement<'_>>,
        is_late: bool,
    ) {
        if !self.changes_spec(key, statement, rest) {
            return;
        }
        let before = self.store.spec(key);
        let text = |name: Option<Name>| name.map(|name| self.store.text(name).to_owned().into());
        let known = |name: Option<Name>| is_late && name.is_some();
        let chosen = |field: &'t FieldChange<Text<'_>>, name: Option<Name>| -> Option<Text<'t>> {
            match field {
                FieldChange::Set(new) if !known(name) => Some(Text::Borrowed(new)),
                FieldChange::Cleared if !is_late => None,
                _ => text(name),
            }
        };
        let tags = match rest.map(|rest| &rest.tags) {
            Some(FieldChange::Set(tags)) => tags.iter().map(|tag| Text::Borrowed(&**tag)).collect(),
            Some(FieldChange::Cleared) => Vec::new(),
            _ => before.into_iter().flat_map(|it| &it.tags).filter_map(|tag| text(Some(*tag))).collect(),
        };
        let task = Task {
            id: TaskId::nil(),
            description: chosen(&statement.task, before.and_then(|it| it.description)),
            tags,
            // It is a run's own.
            priority: 0,
            policy: RunPolicy::Once,
            max_attempts: match rest.map(|rest| &rest.max_attempts) {
                Some(FieldChange::Set(limit)) => *limit,
                Some(FieldChange::Cleared) => NO_LIMIT,
                _ => before.map_or(NO_LIMIT, |it| it.max_attempts),
            },
            timeout_secs: None,
            concurrency_key: rest.map_or_else(
                || text(before.and_then(|it| it.concurrency_key)),
                |rest| chosen(&rest.key, before.and_then(|it| it.concurrency_key)),
            ),
            releases_key_on_retry: false,
            releases_key_while_awaiting: false,
            parent: None,
            detached: false,
            tenant: None,
        };
        let of = self.store.task_of(key);
        self.store.describe_task(of, &task);
    }

    /// True if a statement tells of its run's kind what is not known. Nearly every line repeats what is.
    fn changes_spec(&self, key: RunKey, statement: &Statement<'_>, rest: Option<&RareStatement<'_>>) -> bool {
        let before = self.store.spec(key);
        let differs = |field: &FieldChange<Text<'_>>, name: Option<Name>| match field {
            FieldChange::Left => false,
            FieldChange::Cleared => name.is_some(),
            FieldChange::Set(text) => name.is_none_or(|name| self.store.text(name) != text),
        };
        if differs(&statement.task, before.and_then(|it| it.description)) {
            return true;
        }
        rest.is_some_and(|rest| {
            differs(&rest.key, before.and_then(|it| it.concurrency_key))
                || rest.tags != FieldChange::Left
                || rest.max_attempts == FieldChange::Cleared
                || rest
                    .max_attempts
                    .set()
                    .is_some_and(|it| before.is_none_or(|spec| spec.max_attempts != *it))
        })
    }
}
