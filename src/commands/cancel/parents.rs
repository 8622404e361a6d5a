//! Runs that are canceled by one command, since their engine cancels a parent with everything in it.

use std::collections::{BTreeMap, HashMap};

use super::super::Failure;
use crate::control::ledger::HISTORY;
use crate::engine;
use crate::model::id::RunId;
use crate::model::text;
use crate::store::{RunKey, Store};
use crate::view::format::{count, counted};

/// Number of parents that a question names.
const MAX_NAMED_PARENTS: usize = 3;

/// Runs by the command that cancels them.
#[derive(Debug, Default)]
pub(super) struct Parents {
    /// The runs of each parent, by the first of them.
    runs: HashMap<RunId, Vec<RunId>>,
    /// The parents, safe for a terminal, in the order of their names.
    names: Vec<String>,
}

impl Parents {
    /// The parents of `chosen` runs, each with every run in it that the engine may cancel.
    pub(super) fn of(store: &Store, chosen: &[RunKey]) -> Result<Self, Failure> {
        let mut all: BTreeMap<String, Vec<RunId>> = BTreeMap::new();
        for key in chosen {
            let Some(parent) = engine::parent(store, *key) else {
                let run = store.id_text(store.id_of(*key));
                let what = format!("the log names no parent of {}", text::clean(&run));
                let hint = "its engine cancels a parent with everything in it, and no run alone".to_owned();
                return Err(Failure { what, hint: Some(hint) });
            };
            all.entry(parent.into_owned()).or_default();
        }
        for key in store.keys().filter(|key| store.standing(*key).0.is_cancelable()) {
            if let Some(runs) = engine::parent(store, key).and_then(|parent| all.get_mut(&*parent)) {
                runs.push(store.id_of(key));
            }
        }
        if all.values().any(|runs| runs.len() > HISTORY) {
            let what = format!("more than {} runs of one parent cannot be followed", count(HISTORY));
            return Err(Failure { what, hint: Some("cancel it where it runs".to_owned()) });
        }
        let names = all.keys().map(|name| text::clean(name).into_owned()).collect();
        let runs = all.into_values().filter_map(|runs| Some((*runs.first()?, runs))).collect();
        Ok(Self { runs, names })
    }

    /// The first run of each parent.
    pub(super) fn heads(&self) -> Vec<RunId> {
        let mut heads: Vec<RunId> = self.runs.keys().copied().collect();
        heads.sort_unstable();
        heads
    }

    /// The runs that are canceled with this one, if it is the first of a parent.
    pub(super) fn with(&self, run: RunId) -> Option<&[RunId]> {
        self.runs.get(&run).map(Vec::as_slice)
    }

    /// Every run.
    pub(super) fn keys(&self, store: &Store) -> Vec<RunKey> {
        self.runs.values().flatten().filter_map(|run| store.find(*run)).collect()
    }

    /// The sentence of the question; none where each run is canceled by itself.
    pub(super) fn sentence(&self) -> Option<String> {
        let (is, it) = if self.names.len() == 1 { ("is", "it") } else { ("are", "them") };
        let more = match self.names.len().saturating_sub(MAX_NAMED_PARENTS) {
            0 => String::new(),
            n => format!(" and {} more", count(n)),
        };
        let names: Vec<&str> = self.names.iter().take(MAX_NAMED_PARENTS).map(String::as_str).collect();
        let parents = counted(self.names.len(), "parent", "parents");
        (!names.is_empty())
            .then(|| format!("{parents} {is} canceled with everything in {it}: {}{more}", names.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;
    use std::time::Instant;

    use super::super::testing::of_log;
    use super::super::{Cancel, Environment, Pacer, Round};
    use super::*;
    use crate::control::channel::{Channel, ChannelConfig};

    const PARENTS: [&str; 2] =
        ["00000000-0000-4000-8000-0000000000aa", "00000000-0000-4000-8000-0000000000bb"];

    fn id(number: u32) -> String {
        format!("00000000-0000-4000-8000-{number:012}")
    }

    /// A log of four runs: 1 and 2 of the first parent, 3 of the second, 4 of none.
    fn log() -> String {
        let runs = [(1, Some(PARENTS[0])), (2, Some(PARENTS[0])), (3, Some(PARENTS[1])), (4, None)];
        let events = runs.into_iter().flat_map(|(number, parent)| {
            let (run, task) = (id(number), id(100 + number));
            let parent = parent.map_or("null".to_owned(), |parent| format!("\"{parent}\""));
            [
                format!(
                    r#"{{"TaskCreated":{{"task_spec":{{"id":"{task}","payload":{{"bytes":[],"content_type":null}},"run_policy":"Once","constraints":{{"max_attempts":1,"timeout_secs":null,"concurrency_key":null,"concurrency_key_hold_policy":"HoldDuringRetry","safety_level":"Pure","required_capabilities":null}},"metadata":{{"tags":[],"priority":0,"description":null}},"parent_task_id":{parent},"tenant_id":null}},"timestamp":1}}}}"#
                ),
                format!(
                    r#"{{"RunCreated":{{"run_instance":{{"id":"{run}","task_id":"{task}","state":"Scheduled","current_attempt_id":null,"attempt_count":0,"created_at":1,"scheduled_at":1,"effective_priority":0,"last_state_change_at":1}}}}}}"#
                ),
            ]
        });
        (1..)
            .zip(events)
            .map(|(sequence, event)| format!("{{\"sequence\":{sequence},\"event\":{event}}}\n"))
            .collect()
    }

    #[test]
    fn one_command_goes_to_each_parent_and_every_run_of_it_is_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let (path, commands) = (dir.path().join("log.jsonl"), dir.path().join("commands.jsonl"));
        std::fs::write(&path, log()).unwrap();
        let control = format!("file:{}", commands.display()).parse().unwrap();
        let control_rate = NonZeroU32::new(1000).unwrap();
        let cancel = Cancel { wait: false, control, control_rate, ..of_log(path) };
        let surroundings = Environment::read().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut round = Round::read(&cancel).await.ok().unwrap();
            let store = round.session.store();
            let keys: Vec<RunKey> =
                (1..=4).map(|number| store.find_run_named(&id(number)).unwrap()).collect();
            let failure = Parents::of(store, &keys).unwrap_err();
            assert!(failure.what.contains(&format!("names no parent of {}", id(4))), "{}", failure.what);
            let parents = Parents::of(store, &keys[1..3]).unwrap_or_default();
            let expected = format!("2 parents are canceled with everything in them: {}", PARENTS.join(", "));
            assert_eq!((parents.keys(store).len(), parents.sentence()), (3, Some(expected)));
            round.pacer = Pacer::new(parents.heads(), 1000, Instant::now());
            round.parents = parents;
            let mut unsent = vec![];
            round.tell(&cancel, &mut unsent).unwrap();
            assert_eq!(String::from_utf8(unsent).unwrap().matches("not sent").count(), 3);
            let (channel, outcomes) =
                Channel::open(cancel.control.clone(), &ChannelConfig::default()).unwrap();
            round.go(&cancel, &surroundings, channel, outcomes).await.unwrap_or(());
            let mut out = vec![];
            round.tell(&cancel, &mut out).unwrap();
            let out = String::from_utf8(out).unwrap();
            assert!((1..=3).all(|number| out.contains(&format!("{}  sent\n", id(number)))), "{out}");
            assert_eq!(out.lines().count(), 3, "{out}");
        });
        let sent = std::fs::read_to_string(&commands).unwrap();
        assert_eq!(sent.matches("\"command\":\"cancel_parent\"").count(), 2, "{sent}");
        assert!(PARENTS.iter().all(|parent| sent.contains(&format!("\"parent_id\":\"{parent}\""))), "{sent}");
    }
}
