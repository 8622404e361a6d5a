//! The targets of the fuzzer on any compiler: what it found worth keeping, what the tests have recorded, and a few
//! changes of both, the same in every run.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use runwatch::engine::actionqueue::wal::WalForm;

use crate::common::{file, lines_of};
use crate::wal::ENGINES;

#[path = "../../../fuzz/src/lib.rs"]
#[allow(unreachable_pub, reason = "a package of its own, whose only file this is here")]
pub(super) mod fuzz;

/// Changes of an input that are tried as well, unless the environment asks for another number: `PROPTEST_CASES`.
const CHANGES: u32 = 4;

/// Returns the seeds of a target, besides its corpus.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let lines = |path: &str| -> Vec<Vec<u8>> {
        lines_of(path).split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
    };
    let with = |head: &[u8], rest: &[u8]| [head, rest].concat();
    match target {
        "config" => {
            vec![runwatch::config::default_file().into_bytes(), b"[keys]\nq = 1\n[queries]\na = '@a'".into()]
        }
        "keys" => ["j", "Ctrl-d", "shift-tab", "alt--", "F12", "a-b", "cmd-x", ""].map(Into::into).into(),
        "query" => runwatch::query::field::FIELDS
            .iter()
            .map(|row| with(&[3, 12], format!("{} or not (@a {})", row.example, row.name).as_bytes()))
            .collect(),
        "recognizer" => {
            let aq01 = lines("tests/logs/samples-0.1.2.jsonl").into_iter().map(|line| with(b"0", &line));
            let aq02 = lines("tests/logs/samples-0.3.0.jsonl").into_iter().map(|line| with(b"1", &line));
            aq01.chain(aq02).collect()
        }
        "text" => {
            vec!["größe e\u{301}\u{301}\u{301}\x1b[2J \u{202e}x ក\u{17d2}ក 仕事".into(), b"caf\xc3".into()]
        }
        "lines" => {
            let text = b"\xef\xbb\xbfone\r\n\0\0two and more\n\nthree\r\r\n\0\n\xfftorn";
            [(3, 5, 0, 2), (0, 0, 1, 0), (12, 64, 3, 6), (200, 1, 2, 1)]
                .map(|(line, block, how, cut)| with(&[line, block, how, cut], text))
                .into()
        }
        "mapped_scan" => {
            let pointers = b"/run /state /a/b /a/b/0 /a /a~1b  /attempt /x/0/y /x/2\n";
            let rows = [
                r#"{"run":"job-17","state":"running","time":"2026-11-21T14:03:10.250Z","attempt":2,"error":null}"#,
                r#" { "a" : { "b" : [ 1 , true ] , "a/b" : -0.5e-7 } , "a":{"b":[[],{}]},"x":[{"y":"z"},"\u00e9\ud83d\ude00\n",7] } "#,
                r#"{"a/b":"\"\\\/","x":[{"y":1e999}],"largest":[123456789012345678901234567890,0.1,1e308]}"#,
            ];
            let lines = [rows[0], rows[0], rows[2], r#"{"state":"done","run":"\u0031"}"#].join("\n");
            rows.iter()
                .map(|row| with(pointers, row.as_bytes()))
                .chain([with(pointers, lines.as_bytes())])
                .collect()
        }
        "terminal" => {
            vec![
                b"a\x1b[12;80H\x1b[38;5;12m\x1b[2J\x1b[K\xc3\xa9\x07\x1b[?1049h\x1b[?25l\xe4\xbb\x95e\xcc\x81\xcc\x82\xcc\x83".into(),
                b"\x1b]52;c;YQ==\x1b\\\x1b]9;runwatch: 2 runs\x1b\\\x1b]0;x\x07\x1b[6n\x1b[3J\x1bPq\x1b\\\xc2\x9b\xe2\x80\xae".into(),
            ]
        }
        // A frame of each kind, and its payload behind what is left of a header.
        "wal_frame" => ENGINES
            .iter()
            .zip([b"0", b"1"])
            .flat_map(|(engine, form)| {
                let frames = engine.samples().into_iter().filter_map(|line| (engine.encode)(&line));
                frames.flat_map(move |frame| {
                    let payload = match engine.form {
                        WalForm::V01 => frame[12..].to_vec(),
                        WalForm::V03 => with(&frame[12..16], &frame[52..]),
                    };
                    [with(form, &frame), with(form, &payload)]
                })
            })
            .collect(),
        // Every kind of event of each vocabulary, of two runs, from and to each state.
        _ => (0..4_u8)
            .map(|seed| {
                let steps = (0..60_u8).flat_map(|kind| [kind, kind % 2 + seed, kind.wrapping_mul(17), 100]);
                let deeds = (0..40_u8).flat_map(|deed| [deed.wrapping_mul(6), deed, deed * 2]);
                with(&[seed, 200, seed], &steps.chain(deeds).collect::<Vec<_>>())
            })
            .chain(cancels())
            .collect(),
    }
}

/// Sessions in which some of five runs are marked, asked about, answered for and sent, while others end and are evicted:
/// before the question, while it is read, and while commands are on their way.
fn cancels() -> Vec<Vec<u8>> {
    let created = (0..5).flat_map(|run| [4, run, 0xff, 100]);
    let between = [3, 0, 0xff, 100].repeat(6);
    let ended = (0..2).flat_map(|run| [14, run, 0xff, 100]);
    let log: Vec<u8> = [0].into_iter().chain(created).chain(between).chain(ended).collect();
    let (read, draw, later) = ([245, 0, 0].repeat(4), [220, 0, 0], [255, 0, 0].repeat(4));
    let mut sessions = Vec::new();
    for sends in [1, 3] {
        for [marks, less] in [[0, 0], [1, 0], [2, 0], [2, 8], [3, 2], [1, 4]] {
            let (ask, answer) = ([253, marks, 0], [254, less, 40]);
            // A space, by its place in the target's list of letters.
            let pause = [0, 33, 0];
            let deeds: [&[&[u8]]; 4] = [
                &[&draw, &ask, &answer, &pause, &later, &pause],
                &[&draw, &ask, &[254, 1, 0], &[150, 30, 0], &read, &ask, &answer],
                &[&draw, &ask, &draw, &read, &answer],
                &[&draw, &ask, &answer, &read],
            ];
            let head = [sends, u8::try_from(log.len()).unwrap()];
            sessions.extend(deeds.map(|deeds| [&head[..], &log, &deeds.concat(), &later].concat()));
        }
    }
    sessions
}

/// Returns the kept inputs of the fuzzer: `fuzz/keep`. What it has found since is beside it, and much.
fn kept(target: &str) -> Vec<Vec<u8>> {
    let dir = file(&format!("fuzz/corpus/{target}"));
    let mut paths: Vec<_> = fs::read_dir(&dir)
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("kept-")))
        .collect();
    paths.sort();
    paths.into_iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Turns, doubles, drops or cuts something.
fn changed(input: &[u8], random: &mut fastrand::Rng) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..random.usize(1..4) {
        if bytes.is_empty() {
            bytes.push(random.u8(..));
        }
        let (at, to) = (random.usize(0..bytes.len()), random.usize(0..bytes.len()));
        let (from, to) = (at.min(to), at.max(to));
        match random.u8(0..6) {
            0 => bytes[at] = random.u8(..),
            1 => bytes[at] ^= 1 << random.u8(0..8),
            2 => bytes.insert(at, random.u8(..)),
            3 => drop(bytes.drain(from..to.min(from + 40))),
            4 => {
                let part = bytes[from..to.min(from + 40)].to_vec();
                bytes.splice(at..at, part);
            }
            _ => bytes.truncate(bytes.len() - at / 4),
        }
    }
    bytes
}

#[test]
fn every_target_of_the_fuzzer_holds_for_its_corpus_and_for_changes_of_it() {
    let changes =
        std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CHANGES);
    for (target, check) in fuzz::TARGETS {
        let mut random = fastrand::Rng::with_seed(1);
        let hold = |input: &[u8]| {
            let held = catch_unwind(AssertUnwindSafe(|| check(input)));
            held.unwrap_or_else(|panic| {
                eprintln!("{target} does not hold for b\"{}\"", input.escape_ascii());
                resume_unwind(panic)
            });
        };
        let (seeds, kept) = (seeds(target), kept(target));
        assert!(seeds.len() > 1 && !kept.is_empty(), "{target} has a corpus");
        kept.iter().for_each(|input| hold(input));
        for input in &seeds {
            hold(input);
            (0..changes).for_each(|_| hold(&changed(input, &mut random)));
        }
    }
}

/// Writes the seeds where the fuzzer looks for its corpus: `fuzz/seed`.
#[test]
#[ignore = "writes fuzz/corpus"]
fn write_the_seeds() {
    for (target, _) in fuzz::TARGETS {
        let dir = file(&format!("fuzz/corpus/{target}"));
        fs::create_dir_all(&dir).unwrap();
        for (number, seed) in seeds(target).iter().enumerate() {
            fs::write(dir.join(format!("seed-{number}")), seed).unwrap();
        }
    }
}
