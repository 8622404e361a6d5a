//! Words and their meanings.

use super::*;
use MappedState::{Canceled, Completed, Failed, RetryWait, Running, Scheduled};

#[test]
fn our_own_words_are_known_in_any_spelling() {
    let own = WordTable::own();
    for (word, expected) in [
        ("Running", Some(Running)),
        ("running", Some(Running)),
        ("RUNNING", Some(Running)),
        ("in progress", Some(Running)),
        ("In-Progress", Some(Running)),
        ("IN_PROGRESS", Some(Running)),
        ("inprogress", Some(Running)),
        ("RetryWait", Some(RetryWait)),
        ("up_for_retry", Some(RetryWait)),
        ("UpForRetry", Some(RetryWait)),
        ("Cancelled", Some(Canceled)),
        ("canceled", Some(Canceled)),
        ("success", Some(Completed)),
        ("Dead-Lettered", Some(Failed)),
        ("delayed", Some(Scheduled)),
        ("", None),
        ("-", None),
        ("queued_late", None),
        ("runnıng", None),
        ("runningg", None),
        ("unknown", None),
    ] {
        let expected = expected.map_or(WordMeaning::Unknown, WordMeaning::State);
        assert_eq!(own.look_up(word), expected, "{word}");
    }
}

#[test]
fn every_synonym_is_there_once_and_means_its_state() {
    let own = WordTable::own();
    let mut seen: Vec<String> = vec![];
    for (state, words) in SYNONYMS {
        for word in *words {
            assert_eq!(own.look_up(word), WordMeaning::State(*state), "{word}");
            assert_eq!(own.look_up(&word.to_uppercase()), WordMeaning::State(*state), "{word}");
            let folded = word.replace('_', "");
            assert!(!seen.contains(&folded), "{word}");
            seen.push(folded);
        }
    }
    for state in MappedState::TOLD {
        assert_eq!(own.look_up(state.name()), WordMeaning::State(state));
        assert!(own.states().has(state));
    }
}

#[test]
fn an_exact_word_is_taken_before_one_of_another_case() {
    let table = WordTable::new([
        ("failed", WordMeaning::State(RetryWait)),
        ("FAILED", WordMeaning::State(Failed)),
        ("None", WordMeaning::NoStatement),
    ]);
    for (word, expected) in [
        ("failed", WordMeaning::State(RetryWait)),
        ("FAILED", WordMeaning::State(Failed)),
        ("Failed", WordMeaning::State(RetryWait)),
        ("none", WordMeaning::NoStatement),
        ("ok", WordMeaning::Unknown),
    ] {
        assert_eq!(table.look_up(word), expected, "{word}");
    }
    assert_eq!(table.states().iter().collect::<Vec<_>>(), [RetryWait, Failed]);
}

#[test]
fn as_many_words_as_a_table_may_have_are_all_found() {
    let words: Vec<String> = (0..256).map(|n| format!("word {n}")).collect();
    let table = WordTable::new(words.iter().map(|word| (word.as_str(), WordMeaning::NoStatement)));
    assert!(words.iter().all(|word| table.look_up(word) == WordMeaning::NoStatement));
    assert!((256..600).all(|n| table.look_up(&format!("word {n}")) == WordMeaning::Unknown));
    assert_eq!(WordTable::new([]).look_up(""), WordMeaning::Unknown);
}
