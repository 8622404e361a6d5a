//! The cursor keeps its run and the window its place, however the runs change.

use super::*;
use crate::engine::actionqueue::event::{Body, EventKind};
use crate::engine::actionqueue::states::RunState;
use crate::view::testing::{TestField, id};
use RunState::{Awaiting, Canceled, Completed, Failed, Ready, Running, Suspended};

/// The rows of the pane: `Ready 3`, `>#2` under the cursor, `...7` for seven more.
fn shown(list: &List, store: &Store, height: usize) -> String {
    shown_on(list, all_of(store), height)
}

fn shown_on(list: &List, shelf: Shelf<'_>, height: usize) -> String {
    let store = shelf.store();
    let outline = list.outline(shelf, height);
    let (top, place) = (list.top(&outline, height), list.place(&outline));
    let rows = (top..).zip(outline.rows(top)).take(height).map(|(number, row)| {
        let cursor = if number == place { ">" } else { "" };
        match row {
            Row::Header { section: GroupId::State(state), count, .. } => {
                format!("{cursor}{} {count}", state.name())
            }
            Row::Header { section, .. } => panic!("{section:?} is no state"),
            Row::Run(key) => {
                format!("{cursor}#{}", store.run(key).id.as_uuid().as_u128() >> 96)
            }
            Row::More { hidden, .. } => format!("{cursor}...{hidden}"),
        }
    });
    rows.collect::<Vec<_>>().join(" ")
}

fn all(fold: Fold) -> List {
    List::new(fold)
}

fn all_of(store: &Store) -> Shelf<'_> {
    Shelf::lanes(store, store.states().listed().collect())
}

#[test]
fn sections_are_in_the_order_of_a_life_and_the_newest_run_comes_first() {
    let field = TestField::default().with(1..=3, Completed).with(4..=5, Ready);
    let list = all(Fold::Open);
    assert_eq!(shown(&list, &field.store, 20), ">Ready 2 #5 #4 Completed 3 #3 #2 #1");
    assert_eq!(shown(&list, &TestField::default().store, 20), "");
}

#[test]
fn a_peek_leaves_room_for_every_state() {
    let field = TestField::default().with(1..=9, Ready).with(10..=13, Running).with(14..=14, Failed);
    let list = all(Fold::Peek);
    assert_eq!(
        shown(&list, &field.store, 12),
        ">Ready 9 #9 #8 #7 ...6 Running 4 #13 #12 #11 #10 Failed 1 #14"
    );
    let list = all(Fold::Closed);
    assert_eq!(shown(&list, &field.store, 12), ">Ready 9 Running 4 Failed 1");
}

#[test]
fn every_row_is_found_by_its_number_and_by_its_cursor() {
    let field = TestField::default().with(1..=300, Ready).with(301..=390, Completed).with(391..=400, Failed);
    for fold in [Fold::Open, Fold::Peek, Fold::Closed] {
        let mut list = all(fold);
        list.to_run(id(7));
        let outline = list.outline(all_of(&field.store), 20);
        let rows: Vec<Row> = outline.rows(0).collect();
        assert_eq!(rows.len(), outline.len());
        for number in 0..rows.len() {
            assert_eq!(outline.rows(number).collect::<Vec<_>>(), rows[number..], "{fold:?} from {number}");
            assert_eq!(outline.place(outline.cursor(number).unwrap()), Some(number), "{fold:?} {number}");
        }
        assert_eq!(outline.cursor(rows.len()), None);
        assert!(
            rows.contains(&Row::Run(field.store.find(id(7)).unwrap())),
            "{fold:?} shows the run under the cursor"
        );
    }
}

/// Moves of the cursor over two sections of three runs each, in a pane of four lines.
#[test]
fn the_cursor_walks_the_rows_and_the_window_follows() {
    type Move = fn(&mut List, Shelf<'_>, usize);
    let down: Move = |list, shelf, height| list.step(shelf, height, 1);
    let up: Move = |list, shelf, height| list.step(shelf, height, -1);
    let page: Move = |list, shelf, height| list.step(shelf, height, 2);
    let last: Move = List::to_last;
    let first: Move = List::to_first;
    let next: Move = List::to_next_section;
    let previous: Move = List::to_previous_section;
    let field = TestField::default().with(1..=3, Ready).with(4..=6, Failed);
    for (moves, expected) in [
        (&[][..], ">Ready 3 #3 #2 #1"),
        (&[up], ">Ready 3 #3 #2 #1"),
        (&[down], "Ready 3 >#3 #2 #1"),
        (&[down, down, down, down], "#3 #2 #1 >Failed 3"),
        (&[down, down, down, down, up], "#3 #2 >#1 Failed 3"),
        (&[last], "Failed 3 #6 #5 >#4"),
        (&[last, down], "Failed 3 #6 #5 >#4"),
        (&[last, first], ">Ready 3 #3 #2 #1"),
        (&[next], "#3 #2 #1 >Failed 3"),
        (&[next, next], "Failed 3 #6 #5 >#4"),
        (&[next, down, previous], "#2 #1 >Failed 3 #6"),
        (&[next, previous], ">Ready 3 #3 #2 #1"),
        (&[page, page, page], "#1 Failed 3 #6 >#5"),
    ] {
        let mut list = all(Fold::Open);
        moves.iter().for_each(|step| step(&mut list, all_of(&field.store), 4));
        assert_eq!(shown(&list, &field.store, 4), expected, "{} moves", moves.len());
    }
}

#[test]
fn the_row_under_the_cursor_stays_on_its_line_while_others_come_and_go() {
    let mut field = TestField::default().with(1..=9, Ready);
    let mut list = all(Fold::Open);
    list.to_run(id(5));
    list.settle(all_of(&field.store), 5);
    list.step(all_of(&field.store), 5, 1);
    list.step(all_of(&field.store), 5, -1);
    let before = shown(&list, &field.store, 5);
    assert_eq!(before, ">#5 #4 #3 #2 #1");
    list.step(all_of(&field.store), 5, -2);
    list.step(all_of(&field.store), 5, 2);
    assert_eq!(shown(&list, &field.store, 5), "#7 #6 >#5 #4 #3");
    for number in 10..=60 {
        field.create(number);
        field.to(number, Ready);
        list.settle(all_of(&field.store), 5);
        assert_eq!(shown(&list, &field.store, 5), "#7 #6 >#5 #4 #3");
    }
    field.to(20, Running);
    field.to(1, Completed);
    list.settle(all_of(&field.store), 5);
    assert_eq!(shown(&list, &field.store, 5), "#7 #6 >#5 #4 #3");
    field.to(6, Running);
    field.to(4, Running);
    list.settle(all_of(&field.store), 5);
    assert_eq!(shown(&list, &field.store, 5), "#8 #7 >#5 #3 #2");
}

#[test]
fn the_cursor_goes_with_its_run_into_another_state() {
    let mut field = TestField::default().with(1..=3, Ready).with(4..=6, Completed);
    let mut list = all(Fold::Open);
    list.to_run(id(2));
    field.to(2, Completed);
    list.settle(all_of(&field.store), 20);
    assert_eq!(shown(&list, &field.store, 20), "Ready 2 #3 #1 Completed 4 >#2 #6 #5 #4");
    assert_eq!(list.selected(), Some(id(2)));
}

#[test]
fn the_run_under_the_cursor_is_shown_even_where_its_section_is_closed() {
    let mut field = TestField::default().with(1..=3, Ready).with(4..=40, Completed);
    let mut list = all(Fold::Peek);
    list.to_last(all_of(&field.store), 8);
    list.toggle(all_of(&field.store), 8);
    list.to_previous_section(all_of(&field.store), 8);
    list.toggle(all_of(&field.store), 8);
    assert_eq!(list.fold(all_of(&field.store), GroupId::State(Completed.state())), Fold::Closed);
    list.to_run(id(2));
    field.to(2, Completed);
    list.settle(all_of(&field.store), 8);
    assert_eq!(shown(&list, &field.store, 8), "Ready 2 #3 #1 Completed 38 >#2");
    list.step(all_of(&field.store), 8, -1);
    assert_eq!(shown(&list, &field.store, 8), "Ready 2 #3 #1 >Completed 38");
}

#[test]
fn a_section_peeks_opens_closes_and_peeks_again() {
    let field = TestField::default().with(1..=9, Ready).with(10..=10, Failed);
    let mut list = all(Fold::Peek);
    let mut steps = Vec::new();
    for _ in 0..4 {
        steps.push(shown(&list, &field.store, 7));
        assert!(list.toggle(all_of(&field.store), 7));
    }
    let peek = ">Ready 9 #9 #8 #7 ...6 Failed 1 #10";
    assert_eq!(steps, [peek, ">Ready 9 #9 #8 #7 #6 #5 #4", ">Ready 9 Failed 1 #10", peek]);
    let mut list = all(Fold::Peek);
    list.step(all_of(&field.store), 7, 1);
    assert!(!list.toggle(all_of(&field.store), 7), "a run is no section");
}

#[test]
fn the_first_hidden_run_replaces_the_row_that_hid_it() {
    let field = TestField::default().with(1..=9, Ready).with(10..=10, Failed);
    let mut list = all(Fold::Peek);
    list.step(all_of(&field.store), 7, 4);
    assert_eq!(shown(&list, &field.store, 7), "Ready 9 #9 #8 #7 >...6 Failed 1 #10");
    list.toggle(all_of(&field.store), 7);
    assert_eq!(shown(&list, &field.store, 7), "Ready 9 #9 #8 #7 >#6 #5 #4");
}

#[test]
fn a_cursor_whose_section_has_emptied_takes_refuge_in_the_nearest() {
    let mut field = TestField::default().with(1..=1, Ready).with(2..=2, Failed);
    let mut list = all(Fold::Open);
    list.step(all_of(&field.store), 9, 1);
    list.to_previous_section(all_of(&field.store), 9);
    assert_eq!(shown(&list, &field.store, 9), ">Ready 1 #1 Failed 1 #2");
    field.to(1, Canceled);
    list.settle(all_of(&field.store), 9);
    assert_eq!(shown(&list, &field.store, 9), ">Failed 1 #2 Canceled 1 #1");
}

#[test]
fn a_run_that_leaves_a_list_of_few_states_leaves_its_cursor() {
    let mut field = TestField::default().with(1..=2, Suspended);
    let mut list = List::new(Fold::Open);
    list.to_run(id(2));
    field.apply(EventKind::RunResumed, Body::RunResumed { run: id(2), at: 1 });
    let few = Shelf::lanes(&field.store, [Suspended, Awaiting].into_iter().collect());
    list.settle(few, 9);
    assert_eq!(list.selected(), None);
    assert_eq!(shown_on(&list, few, 9), ">Suspended 1 #1");
}

#[test]
fn following_keeps_to_the_newest_run_of_a_state_until_the_cursor_is_moved() {
    let mut field = TestField::default().with(1..=3, Completed);
    let mut list = all(Fold::Open);
    list.to_run(id(1));
    list.toggle_follow(all_of(&field.store));
    list.settle(all_of(&field.store), 9);
    assert_eq!(list.selected(), Some(id(3)));
    field.create(4);
    field.to(4, Completed);
    list.settle(all_of(&field.store), 9);
    assert_eq!(list.selected(), Some(id(4)));
    list.step(all_of(&field.store), 9, 1);
    assert!(!list.follows());
    field.create(5);
    field.to(5, Completed);
    list.settle(all_of(&field.store), 9);
    assert_eq!(list.selected(), Some(id(3)));
}

/// Applies a random step to a list, by numbers from a generator.
fn happen(field: &mut TestField, list: &mut List, n_runs: &mut u32, (what, which): (u8, u32), height: usize) {
    let next =
        [Ready, RunState::Leased, Running, Completed, Failed, Canceled, RunState::RetryWait, Suspended];
    match what {
        0..5 => {
            *n_runs += 1;
            field.create(*n_runs);
        }
        5..12 if *n_runs > 0 => {
            let number = which % *n_runs + 1;
            let from = RunState::from(field.store.run(field.store.find(id(number)).unwrap()).state);
            let to = next[which as usize / 7 % next.len()];
            if from.can_become(to) {
                field.move_to(number, from, to);
            }
        }
        12 => list.step(all_of(&field.store), height, if which % 2 == 0 { 3 } else { -2 }),
        13 => list.to_next_section(all_of(&field.store), height),
        14 => list.to_previous_section(all_of(&field.store), height),
        15 => {
            list.toggle(all_of(&field.store), height);
        }
        16 => list.to_last(all_of(&field.store), height),
        _ => (),
    }
}

proptest::proptest! {
    #[test]
    fn the_cursor_is_always_on_the_screen_and_only_keys_take_it_off_its_run(
        steps in proptest::collection::vec((0..17_u8, proptest::num::u32::ANY), 0..200),
        height in 1..12_usize,
    ) {
        let (mut field, mut list, mut n_runs) = (TestField::default(), all(Fold::Peek), 0);
        for step in steps {
            let before = list.selected();
            happen(&mut field, &mut list, &mut n_runs, step, height);
            list.settle(all_of(&field.store), height);
            if step.0 < 12 {
                proptest::prop_assert_eq!(list.selected(), before);
            }
            let outline = list.outline(all_of(&field.store), height);
            let (top, place) = (list.top(&outline, height), list.place(&outline));
            if !outline.is_empty() {
                proptest::prop_assert!(top <= place && place < top + height && place < outline.len());
            }
            proptest::prop_assert_eq!(outline.rows(0).count(), outline.len());
            if let Some(cursor) = list.cursor(all_of(&field.store)) {
                proptest::prop_assert_eq!(outline.place(cursor), Some(place));
            }
        }
    }
}
