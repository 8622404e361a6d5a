//! Cost of the same log in the engine itself: its own types, its own reducer, one thread.
//!
//! A peer for `benches/peers.sh`, which names the log: lines, or a write-ahead log; without one a generated log is read.
//! `LINES --frames FILE` writes the write-ahead log of lines instead.
#![allow(missing_docs, reason = "a program, not a library")]
#![allow(clippy::print_stdout, reason = "its figure is what it is for")]

use std::env;
use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};

use runwatch::args::Gen;
use runwatch::commands::sample;
use runwatch::engine::actionqueue::event::Vocabulary;

/// Replays of one version of the engine.
macro_rules! engine {
    ($name:ident, $storage:ident) => {
        mod $name {
            use super::*;
            use $storage::recovery::reducer::ReplayReducer;
            use $storage::wal::codec;
            use $storage::wal::event::WalEvent;
            use $storage::wal::fs_reader::WalFsReader;
            use $storage::wal::reader::WalReader as _;

            pub(super) fn replay_lines(path: &Path) -> Result<usize, Box<dyn Error>> {
                let mut reducer = ReplayReducer::new();
                each_line(path, |line| {
                    let event: WalEvent = serde_json::from_slice(line)?;
                    Ok(reducer.apply(&event).map_err(|error| format!("{error:?}"))?)
                })?;
                Ok(reducer.run_instances().count())
            }

            pub(super) fn replay_frames(path: &Path) -> Result<usize, Box<dyn Error>> {
                let mut reducer = ReplayReducer::new();
                let mut frames = WalFsReader::new(path.to_owned()).map_err(|error| format!("{error:?}"))?;
                while let Some(event) = frames.read_next().map_err(|error| format!("{error:?}"))? {
                    reducer.apply(&event).map_err(|error| format!("{error:?}"))?;
                }
                Ok(reducer.run_instances().count())
            }

            pub(super) fn write_frames(path: &Path, to: &Path) -> Result<(), Box<dyn Error>> {
                let mut out = BufWriter::new(File::create(to)?);
                each_line(path, |line| {
                    let event: WalEvent = serde_json::from_slice(line)?;
                    Ok(out.write_all(&codec::encode(&event).map_err(|error| format!("{error:?}"))?)?)
                })?;
                Ok(out.flush()?)
            }
        }
    };
}

engine!(aq01, storage01);
engine!(aq03, storage03);

fn each_line(
    path: &Path,
    mut each: impl FnMut(&[u8]) -> Result<(), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let mut lines = BufReader::with_capacity(1 << 20, File::open(path)?);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        each(&line)?;
        line.clear();
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut made = tempfile::NamedTempFile::new()?;
    let words: Vec<_> = env::args_os().skip(1).filter(|word| word != "--bench").collect();
    let path = match words.first() {
        Some(path) => PathBuf::from(path),
        None => {
            let plan = Gen {
                events: 100_000,
                runs: Some(10_000),
                vocabulary: Vocabulary::Aq01,
                seed: 1,
                scattered: false,
            };
            sample::write(&plan, &mut made)?;
            made.flush()?;
            made.path().to_owned()
        }
    };
    let mut head = [0; 10];
    File::open(&path)?.read_exact(&mut head)?;
    // Lines of the later engine begin with who asked.
    let is_later = head.starts_with(b"AQCONT1W") || head == *br#"{"control""#;
    if let [_, option, to] = &words[..]
        && option == "--frames"
    {
        let write = if is_later { aq03::write_frames } else { aq01::write_frames };
        return write(&path, Path::new(to));
    }
    let replay = match (is_later, head[0] == b'{') {
        (false, true) => aq01::replay_lines,
        (false, false) => aq01::replay_frames,
        (true, true) => aq03::replay_lines,
        (true, false) => aq03::replay_frames,
    };
    println!("{} runs", replay(&path)?);
    Ok(())
}
