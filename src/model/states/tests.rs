//! Tables of states that are no engine's: their order, what may follow, and the sets of them.

use super::*;

const fn row(name: &'static str, phase: Phase, next: StateSet) -> StateRow {
    StateRow {
        name,
        label: name,
        short: name,
        glyph: "◦",
        ascii: ".",
        phase,
        cancelable: !phase.is_terminal(),
        next,
    }
}

static ODD: StateTable = StateTable::new(&[
    row("Gone", Phase::Skipped, StateSet::NONE),
    row("Busy", Phase::Running, StateSet::of(&[StateId(0), StateId(4)])),
    row("Idle", Phase::Pending, StateSet::of(&[StateId(1)])),
    row("Late", Phase::Pending, StateSet::NONE),
    row("Fine", Phase::Succeeded, StateSet::NONE),
]);

#[test]
fn states_are_listed_by_phase_and_then_as_the_engine_does() {
    let names = |states: &mut dyn Iterator<Item = State>| states.map(State::name).collect::<Vec<_>>();
    assert_eq!(names(&mut ODD.all()), ["Gone", "Busy", "Idle", "Late", "Fine"]);
    assert_eq!(names(&mut ODD.listed()), ["Idle", "Late", "Busy", "Fine", "Gone"]);
    assert_eq!(names(&mut ODD.of(Phase::Pending)), ["Idle", "Late"]);
    assert_eq!(ODD.listed().map(State::nth_of_phase).collect::<Vec<_>>(), [0, 1, 0, 0, 0]);
    assert_eq!(Phase::ALL.len(), Phase::Skipped as usize + 1);
    assert!(Phase::ALL.is_sorted());
}

#[test]
fn a_state_is_found_by_its_name_and_knows_what_may_follow() {
    let [busy, idle] = ["Busy", "Idle"].map(|name| ODD.named(name).unwrap());
    assert_eq!(ODD.named("busy"), None);
    assert_eq!((busy.index(), busy.id(), format!("{busy} {busy:?}")), (1, StateId(1), "Busy Busy".into()));
    assert!(idle.can_become(busy) && !busy.can_become(idle) && !idle.can_become(idle));
    assert!(busy.is_cancelable() && !ODD.named("Fine").unwrap().is_cancelable());
}

#[test]
fn a_set_has_what_was_put_into_it() {
    for state in ODD.all() {
        let set: StateSet = ODD.all().filter(|it| *it == state).map(State::id).collect();
        assert!(!set.is_empty() && StateSet::NONE.is_empty());
        assert!(ODD.all().all(|it| set.has(it.id()) == (it == state)));
        assert!(ODD.all().all(|it| set.inverted().has(it.id()) == (it != state)));
    }
}

#[test]
fn a_cancel_is_of_a_run_and_proved_by_its_state_where_a_table_does_not_say_otherwise() {
    static PARENTS: StateTable =
        StateTable::new(&[]).with_cancel_of_parent().with_cancel_proof(CancelProof::End);
    assert_eq!(
        (ODD.cancel_proof(), ODD.cancels_parents(), ODD.can_cancel()),
        (CancelProof::Canceled, false, true)
    );
    assert_eq!((PARENTS.cancel_proof(), PARENTS.cancels_parents()), (CancelProof::End, true));
    assert!(!PARENTS.can_cancel());
}
