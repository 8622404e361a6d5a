//! Cost of the same log in the engine itself: its own types, its own reducer, one thread.
//!
//! A peer for `benches/peers.sh`, which names the log; without one a generated log is read.
#![allow(missing_docs, reason = "a program, not a library")]
#![allow(clippy::print_stdout, reason = "its figure is what it is for")]

use std::env;
use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader, Write as _};
use std::path::PathBuf;

use runwatch::args::Gen;
use runwatch::commands::sample;
use runwatch::engine::actionqueue::event::Vocabulary;
use storage01::recovery::reducer::ReplayReducer;
use storage01::wal::event::WalEvent;

fn main() -> Result<(), Box<dyn Error>> {
    let mut made = tempfile::NamedTempFile::new()?;
    let named = env::args_os().skip(1).find(|word| !word.to_string_lossy().starts_with('-'));
    let path = match named {
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
    let mut reducer = ReplayReducer::new();
    let mut lines = BufReader::with_capacity(1 << 20, File::open(path)?);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        let event: WalEvent = serde_json::from_slice(&line)?;
        reducer.apply(&event).map_err(|error| format!("{error:?}"))?;
        line.clear();
    }
    println!("{} runs", reducer.run_instances().count());
    Ok(())
}
