//! The log as it grows, shrinks and is replaced, on real files. No test sleeps: the state machine is given its time.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

#[path = "follow/changes.rs"]
mod changes;
#[path = "follow/copies.rs"]
mod copies;
#[path = "follow/elsewhere.rs"]
mod elsewhere;
#[path = "follow/faults.rs"]
mod faults;
#[path = "follow/feed.rs"]
mod feed;
#[path = "follow/lines.rs"]
mod lines;
#[path = "follow/memory.rs"]
mod memory;
#[path = "follow/model.rs"]
mod model;
#[path = "follow/odd.rs"]
mod odd;
#[path = "follow/program.rs"]
mod program;
#[path = "follow/rotations.rs"]
mod rotations;
#[path = "follow/sequence.rs"]
mod sequence;
#[path = "follow/soak.rs"]
mod soak;
#[path = "follow/stage.rs"]
mod stage;
#[path = "follow/threads.rs"]
mod threads;

/// The text of a file of the project.
fn text(path: &str) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// What the program prints that ends by itself.
fn program_once(args: &[&str]) -> Vec<u8> {
    std::process::Command::new(env!("CARGO_BIN_EXE_runwatch")).args(args).output().unwrap().stdout
}
