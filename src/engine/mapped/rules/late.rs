//! Statements that come late, or again: which of them change the state of their run.

use super::{StatementRules, Step};
use crate::engine::mapped::states::MappedState;
use crate::engine::mapped::table::LateRule;
use crate::store::RunKey;

impl StatementRules<'_> {
    /// Effect of a statement on the state of a run that is known.
    pub(super) fn step(&self, key: RunKey, to: MappedState, attempt: Option<u32>) -> Step {
        let from = self.state(key);
        let count = self.attempt_count(key);
        let is_higher = attempt.is_some_and(|attempt| count > 0 && attempt > count);
        if from == to {
            // A worker begins it once more: the attempt before has no end in the log.
            return if is_higher && to == MappedState::Running { Step::Enter } else { Step::Again };
        }
        // Of two attempts at once, the first success is the run's.
        let is_lower = attempt.is_some_and(|attempt| attempt < count);
        if is_lower && to != MappedState::Completed {
            return Step::Late;
        }
        let holds = is_higher || from == MappedState::LeftOpen || holds(&self.table.late, from, to);
        if holds { Step::Enter } else { Step::Late }
    }
}

/// True if a statement holds for a run in another state.
fn holds(late: &LateRule, from: MappedState, to: MappedState) -> bool {
    match late {
        LateRule::Reopen => true,
        LateRule::Sticky(reopening) => !from.is_terminal() || reopening.has(to),
        LateRule::Precedence { ranks, exempt } => {
            exempt.has(from) || exempt.has(to) || ranks[to as usize] >= ranks[from as usize]
        }
    }
}

#[cfg(test)]
mod tests {
    use MappedState::{Canceled, Completed, Failed, Leased, Ready, RetryWait, Running};

    use super::*;

    #[test]
    fn a_table_says_which_late_statements_hold() {
        let reopening = |states: &[MappedState]| LateRule::Sticky(states.iter().copied().collect());
        let mut ranks = [0; MappedState::COUNT];
        for (rank, state) in (1..).zip([Leased, Running, Canceled, Failed, Completed]) {
            ranks[state as usize] = rank;
        }
        let precedence = LateRule::Precedence { ranks, exempt: [RetryWait].into_iter().collect() };
        for (late, from, to, expected) in [
            (LateRule::Reopen, Completed, Running, true),
            (reopening(&[]), Completed, Running, false),
            (reopening(&[]), Running, Ready, true),
            (reopening(&[Ready]), Completed, Ready, true),
            (reopening(&[Ready]), Completed, Failed, false),
            (precedence.clone(), Running, Leased, false),
            (precedence.clone(), Running, Failed, true),
            (precedence.clone(), Completed, Failed, false),
            (precedence.clone(), Failed, Completed, true),
            (precedence.clone(), RetryWait, Leased, true),
            (precedence.clone(), Completed, RetryWait, true),
            // A state that has no place in the order is the lowest.
            (precedence, Leased, Ready, false),
        ] {
            assert_eq!(holds(&late, from, to), expected, "{late:?}: {from:?} -> {to:?}");
        }
    }
}
