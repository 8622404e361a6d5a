//! The thread and its channel, with deadlines instead of sleeps.

use std::io::Write;
use std::time::Duration;

use runwatch::engine::feed::{Fate, Feed};
use runwatch::source::delivery::{Delivery, SourceNotice};
use runwatch::source::open::OpenError;
use runwatch::source::options::Options;
use runwatch::source::origin::Origin;

use super::stage::{Stage, lines};

const DEADLINE: Duration = Duration::from_secs(20);

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap()
}

fn feed(stage: &Stage, watch: bool) -> Result<Feed, OpenError> {
    let options = Options { watch, ..runwatch::engine::options() };
    Feed::open(&Origin::Path(stage.path("log")), options, &runwatch::engine::Given::Nothing)
}

/// Receives until `n_lines` lines have come.
async fn receive(feed: &mut Feed, n_lines: usize) -> Vec<u64> {
    let mut found = Vec::new();
    while found.len() < n_lines {
        let delivery = tokio::time::timeout(DEADLINE, feed.recv()).await.unwrap().unwrap();
        if let Delivery::Block(block) = delivery {
            found.extend(block.block().lines().map(|line| line.place.line()));
        }
    }
    found
}

#[test]
fn lines_come_through_the_channel_with_and_without_a_watcher() {
    runtime().block_on(async {
        for watch in [true, false] {
            let stage = Stage::new();
            let mut feed = feed(&stage, watch).unwrap();
            let mut next = 1;
            for _ in 0..3 {
                stage.append("log", &lines(0..1000));
                let found = receive(&mut feed, 1000).await;
                assert_eq!(found, (next..next + 1000).collect::<Vec<_>>());
                next += 1000;
            }
            assert!(matches!(feed.fate(), Fate::Alive));
        }
    });
}

#[test]
fn sixty_four_rotations_in_a_race_lose_no_line() {
    runtime().block_on(async {
        for watch in [true, false] {
            let stage = Stage::new();
            stage.append("log", "0\n");
            let mut feed = feed(&stage, watch).unwrap();
            let dir = stage.dir.path().to_owned();
            let writer = std::thread::spawn(move || {
                for round in 1..=64_u32 {
                    for age in (1..round).rev() {
                        let name = |age| dir.join(format!("log.{age}"));
                        std::fs::rename(name(age), name(age + 1)).unwrap();
                    }
                    std::fs::rename(dir.join("log"), dir.join("log.1")).unwrap();
                    std::fs::write(dir.join("log"), format!("{round}\n")).unwrap();
                }
            });
            let mut found = Vec::new();
            while found.len() < 65 {
                let delivery = tokio::time::timeout(DEADLINE, feed.recv()).await;
                let Ok(Some(delivery)) = delivery else { panic!("{delivery:?} after {found:?}") };
                match delivery {
                    Delivery::Block(block) => {
                        for line in block.block().lines() {
                            let runwatch::source::line::Raw::Whole(text) = line.text else { panic!() };
                            found.push(String::from_utf8_lossy(text).parse::<u32>().unwrap());
                        }
                    }
                    Delivery::Notice(notice @ SourceNotice::MissedGenerations(_)) => panic!("{notice}"),
                    _ => (),
                }
            }
            writer.join().unwrap();
            assert_eq!(found, (0..65).collect::<Vec<_>>(), "watch: {watch}");
        }
    });
}

#[test]
fn a_dropped_feed_ends_its_thread_also_when_that_is_blocked() {
    for (content, watch) in [("", true), ("1\n", false), (&*lines(0..3_000_000), false)] {
        let stage = Stage::new();
        stage.append("log", content);
        let feed = feed(&stage, watch).unwrap();
        let gone = std::fs::metadata(stage.path("log")).unwrap();
        drop(feed);
        // The thread closes the file: seen by the descriptors of this process.
        let path = std::fs::canonicalize(stage.path("log")).unwrap();
        let is_held = || {
            std::fs::read_dir("/proc/self/fd")
                .unwrap()
                .flatten()
                .any(|entry| std::fs::read_link(entry.path()).is_ok_and(|target| target == path))
        };
        let began = std::time::Instant::now();
        while is_held() {
            assert!(began.elapsed() < DEADLINE, "{gone:?} is still held");
            std::thread::yield_now();
        }
    }
}

#[test]
fn what_cannot_be_followed_is_an_error_at_once() {
    let stage = Stage::new();
    for (content, words, hint) in [
        (&b"\x1f\x8b\x08\0\0\0\0\0\0\0"[..], "is compressed with gzip", "zcat "),
        (b"\x7fELF\x02\x01\x01\0\0\0", "is binary", "JSON lines"),
        (b"\xff\xfe{\0\"\0s\0", "is text in UTF-16", "iconv "),
    ] {
        std::fs::File::create(stage.path("log")).unwrap().write_all(content).unwrap();
        let error = feed(&stage, false).unwrap_err();
        assert!(error.to_string().ends_with(words), "{error}");
        assert!(error.hint().unwrap().contains(hint));
    }
    let error = Feed::open(
        &Origin::Path(stage.dir.path().to_owned()),
        runwatch::engine::options(),
        &runwatch::engine::Given::Nothing,
    )
    .unwrap_err();
    assert!(matches!(error, OpenError::NoRecords { n_files: 1, .. }));
}
