//! An arrangement equals the result of sorting and grouping all of its runs from scratch.

use proptest::prelude::*;

use super::*;
use crate::engine::actionqueue::states::RunState;
use crate::view::testing::{TestField, id};

/// The runs of each group, in order, the slow way.
fn model(field: &TestField, here: &[u32], grouping: Grouping, sort: Sort) -> Vec<(GroupId, Vec<RunKey>)> {
    let store = &field.store;
    let mut runs: Vec<RunKey> = here.iter().map(|number| store.find(id(*number)).unwrap()).collect();
    let value = |run: RunKey| sorting::value(sort.within(grouping), store, run);
    let entry = |run: RunKey| OrderedRun { value: value(run), run };
    runs.sort_by(|a, b| sorting::compare(sort, store, entry(*a), entry(*b)));
    let mut groups: Vec<(GroupId, Vec<RunKey>)> = Vec::new();
    for run in runs {
        let id = grouping.group(store, run);
        match groups.iter_mut().find(|(group, _)| *group == id) {
            Some((_, runs)) => runs.push(run),
            None => groups.push((id, vec![run])),
        }
    }
    groups.sort_by(|(a, _), (b, _)| grouping::compare(grouping, store, *a, *b));
    groups
}

fn check(arrangement: &Arrangement, field: &TestField, here: &[u32]) -> Result<(), TestCaseError> {
    let expected = model(field, here, arrangement.grouping, arrangement.sort);
    prop_assert_eq!(arrangement.n_groups(), expected.len());
    prop_assert_eq!(arrangement.len(), here.len());
    for (place, (id, runs)) in expected.iter().enumerate() {
        prop_assert_eq!(arrangement.group_at(place), Some(*id));
        prop_assert_eq!(arrangement.place_of_group(&field.store, *id), Some(place));
        prop_assert_eq!(arrangement.len_of(*id), runs.len());
        for offset in [0, 1, runs.len() / 2, runs.len()] {
            let found: Vec<RunKey> = arrangement.runs(*id, Direction::Up, offset).collect();
            prop_assert_eq!(&found[..], &runs[offset..]);
            let mut turned: Vec<RunKey> = arrangement.runs(*id, Direction::Down, offset).collect();
            turned.reverse();
            prop_assert_eq!(&turned[..], &runs[..runs.len() - offset]);
        }
        for (index, run) in runs.iter().enumerate() {
            prop_assert_eq!(arrangement.place_of(&field.store, *run, Direction::Up), Some(index));
            let from_the_end = runs.len() - 1 - index;
            prop_assert_eq!(arrangement.place_of(&field.store, *run, Direction::Down), Some(from_the_end));
        }
        let states: u32 = arrangement.states_of(*id).iter().sum();
        prop_assert_eq!(states as usize, runs.len());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn an_arrangement_follows_what_changes(
        steps in prop::collection::vec((0u8..4, any::<u16>(), 0usize..10), 1..120),
        grouping in prop::sample::select(&Grouping::ALL[..]),
        sort in prop::sample::select(&Sort::ALL[..]),
    ) {
        let mut field = TestField::default();
        let mut arrangement = Arrangement::new(grouping, sort);
        let (mut created, mut here): (u32, Vec<u32>) = (0, Vec::new());
        field.store.watch_changes(true);
        for (what, pick, state) in steps {
            match what {
                0 | 1 => {
                    field.create(created);
                    here.push(created);
                    created += 1;
                }
                2 if created > 0 => {
                    let number = u32::from(pick) % created;
                    let now = RunState::from(field.store.run(field.store.find(id(number)).unwrap()).state);
                    let to = RunState::ALL[state];
                    if now.can_become(to) && to != RunState::Awaiting {
                        field.move_to(number, now, to);
                    }
                }
                3 if !here.is_empty() => {
                    let number = here.remove(usize::from(pick) % here.len());
                    let run = field.store.find(id(number)).unwrap();
                    arrangement.remove(&field.store, run);
                    prop_assert!(!arrangement.has(run));
                }
                _ => (),
            }
            for run in field.store.take_changed() {
                let number = field.store.run(run).id.as_uuid().as_u128() >> 96;
                if here.iter().any(|here| u128::from(*here) == number) {
                    arrangement.place(&field.store, run, 0);
                }
            }
        }
        check(&arrangement, &field, &here)?;
    }

    #[test]
    fn a_long_list_stays_in_order(values in prop::collection::vec((any::<bool>(), 0u64..3000), 0..4000)) {
        let mut ordered = Ordered::default();
        let mut model = std::collections::BTreeSet::new();
        let compare = |a: OrderedRun, b: OrderedRun| a.value.cmp(&b.value);
        for (enters, value) in values {
            let entry = OrderedRun { value, run: RunKey::from_index(usize::try_from(value).unwrap()) };
            if enters && model.insert(value) {
                ordered.insert(entry, compare);
            } else if !enters {
                prop_assert_eq!(ordered.remove(entry, compare), model.remove(&value));
            }
        }
        let found: Vec<usize> = ordered.from(Direction::Up, 0).map(RunKey::index).collect();
        let expected: Vec<usize> = model.iter().map(|value| usize::try_from(*value).unwrap()).collect();
        prop_assert_eq!(ordered.len(), expected.len());
        prop_assert_eq!(found, expected);
    }
}
