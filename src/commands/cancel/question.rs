//! The question of `runwatch cancel`, and what is refused without one.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use super::super::Failure;
use super::parents::Parents;
use crate::app::outgoing::command_names;
use crate::args::Cancel;
use crate::control::command::CommandKind;
use crate::control::ledger::HISTORY;
use crate::control::target::Target;
use crate::control::template::CallTemplate;
use crate::model::states::MAX_STATES;
use crate::model::text;
use crate::source::origin::Origin;
use crate::store::{RunKey, Store};
use crate::view::dialog;
use crate::view::format::{count, counted};

/// Refuses to send a signal for less than everything, which it cannot mean.
pub(super) fn check_reach(cancel: &Cancel) -> Result<(), Failure> {
    if cancel.all || cancel.control.process().is_none() {
        return Ok(());
    }
    let hint =
        "add --all in place of runs and --query, or name a file that the host reads: --control file:PATH";
    let what = format!("{} cancels the whole execution, and not one run of it", cancel.control);
    Err(Failure { what, hint: Some(hint.to_owned()) })
}

/// Refuses a signal to a host that does not cancel by it, and more runs than can be followed.
pub(super) fn check_whole(store: &Store, runs: &[RunKey]) -> Result<(), Failure> {
    if !runs.is_empty() && store.states().interrupt_spares().is_none() {
        let hint = "name a file, a program or a daemon: --control file:PATH";
        let what = "a host of this log's engine cancels nothing at a signal".to_owned();
        return Err(Failure { what, hint: Some(hint.to_owned()) });
    }
    if runs.len() > HISTORY {
        let what = format!("more than {} runs cannot be followed at once", count(HISTORY));
        return Err(Failure { what, hint: Some("send the signal itself: kill -INT PID".to_owned()) });
    }
    Ok(())
}

/// The facts of the question.
pub(super) struct CancelQuestion<'a> {
    /// Where the commands go.
    pub(super) target: &'a Target,
    pub(super) store: &'a Store,
    /// The runs that are canceled.
    pub(super) runs: &'a [RunKey],
    /// The parents that are canceled, where the engine cancels no run alone.
    pub(super) parents: &'a Parents,
}

impl CancelQuestion<'_> {
    /// Asks whether that is meant, unless it was said before.
    pub(super) fn confirm(&self, cancel: &Cancel) -> Result<(), Failure> {
        let Self { target, store, runs, parents } = *self;
        if cancel.yes {
            return Ok(());
        }
        let n_runs = runs.len();
        if !io::stdin().is_terminal() || cancel.source == Origin::Stdin {
            let what = format!(
                "there is no terminal on which to ask whether to cancel {}",
                counted(n_runs, "run", "runs")
            );
            return Err(Failure { what, hint: Some("add --yes to mean it".to_owned()) });
        }
        let mut by_state = [0_usize; MAX_STATES];
        runs.iter().for_each(|key| by_state[store.standing(*key).0.index()] += 1);
        let counts = dialog::by_state(store.states(), |state| by_state[state.index()]);
        let (mut err, states) = (io::stderr().lock(), store.states());
        let number = match (target.process(), states.interrupt_spares()) {
            (Some(process), Some(spares)) => {
                writeln!(err, "Cancel the whole execution ({counts}, and all that has no record yet)?")?;
                let (pid, command) = (process.pid(), text::clean(process.command().unwrap_or("?")));
                writeln!(err, "SIGINT goes to process {pid}: {command}")?;
                writeln!(err, "{}", dialog::whole_effect(spares, states))?;
                pid.to_string()
            }
            _ => {
                let runs = counted(n_runs, "run", "runs");
                match target.call() {
                    Some(call) => {
                        writeln!(err, "Cancel {runs} ({counts})?")?;
                        writeln!(err, "This runs: {}", self.line(call))?;
                    }
                    None => writeln!(err, "Cancel {runs} ({counts}) through {target}?")?,
                }
                if let Some(sentence) = parents.sentence() {
                    writeln!(err, "{sentence}")?;
                }
                writeln!(err, "{}", dialog::final_words(states))?;
                n_runs.to_string()
            }
        };
        write!(err, "Type {number} to mean it: ")?;
        err.flush()?;
        let mut typed = String::new();
        io::stdin().lock().read_line(&mut typed)?;
        if typed.trim() == number {
            return Ok(());
        }
        Err(Failure { what: "nothing was sent: that was another number".to_owned(), hint: None })
    }

    /// The command line that is run: of one command with its values, of more than one with the places for them.
    fn line(&self, call: &CallTemplate) -> String {
        let line = |key: RunKey| {
            let run = self.store.id_of(key);
            let kind = match self.store.states().cancels_parents() {
                true => CommandKind::CancelParent { run },
                false => CommandKind::Cancel { run },
            };
            call.line(kind, &command_names(self.store, kind)).ok()
        };
        let only = match (&self.parents.heads()[..], self.runs) {
            ([], [key]) => line(*key),
            ([head], _) => self.store.find(*head).and_then(line),
            _ => None,
        };
        only.unwrap_or_else(|| call.to_string())
    }
}
