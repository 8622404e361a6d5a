//! The next frame behind damaged bytes.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use runwatch::engine::actionqueue::wal::{Resync, WalForm, resync};

use super::ENGINES;
use crate::common;

proptest! {
    #![proptest_config(common::cases(200))]

    #[test]
    fn a_frame_is_found_behind_garbage(
        garbage in prop::collection::vec(any::<u8>(), 1..200), which in any::<usize>(), cut in any::<usize>(),
        is_near in any::<bool>(),
    ) {
        for engine in ENGINES {
            let samples = engine.samples();
            let frame = (engine.encode)(&samples[which % samples.len()]).unwrap();
            let mut bytes = garbage.clone();
            if is_near {
                // A beginning of a frame whose rest is lost.
                bytes.extend_from_slice(&frame[..cut % frame.len()]);
            }
            let at = bytes.len();
            bytes.extend_from_slice(&frame);
            bytes.extend_from_slice(&garbage);
            prop_assert_eq!(resync(engine.form, &bytes), Resync::Found(at));
            // While the end of the frame is not there, what is kept begins with it or before it.
            let torn = &bytes[..at + cut % frame.len()];
            match resync(engine.form, torn) {
                Resync::Found(found) => prop_assert!(false, "{found}"),
                Resync::None { keep } => prop_assert!(torn.len() - keep <= at || keep < 8, "{keep}"),
            }
        }
    }
}

#[test]
fn the_damaged_frame_itself_is_not_found_again() {
    for engine in ENGINES {
        let frame = (engine.encode)(&engine.samples()[0]).unwrap();
        assert_eq!(resync(engine.form, &frame), Resync::None { keep: 0 });
        assert_eq!(resync(engine.form, &[&frame[..], &frame].concat()), Resync::Found(frame.len()));
        assert_eq!(resync(engine.form, &[]), Resync::None { keep: 0 });
        assert_eq!(resync(engine.form, &frame[..1]), Resync::None { keep: 0 });
        // A beginning at the very end is kept, however short.
        assert_eq!(resync(engine.form, &[b"xx", &frame[..2]].concat()), Resync::None { keep: 2 });
    }
}

#[test]
fn beginnings_of_long_frames_do_not_cost_their_square() {
    let start = Instant::now();
    let n = 4 << 20;
    let mut bytes = Vec::with_capacity(n + 100);
    while bytes.len() < n {
        let length = u32::try_from((n - bytes.len()) / 2).unwrap().max(1);
        bytes.extend_from_slice(&5_u32.to_le_bytes());
        bytes.extend_from_slice(&length.to_le_bytes());
        bytes.extend_from_slice(&[1; 4]);
    }
    let at = bytes.len();
    bytes.extend_from_slice(&(ENGINES[0].encode)(&ENGINES[0].samples()[4]).unwrap());
    assert_eq!(resync(WalForm::V01, &bytes), Resync::Found(at));
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}
