//! The log as it grows, shrinks and is replaced, on real files. No test sleeps: the state machine is given its time.

mod changes;
mod copies;
mod elsewhere;
mod faults;
mod feed;
mod lines;
mod memory;
mod model;
mod odd;
mod program;
mod rotations;
mod sequence;
mod soak;
mod stage;
mod threads;
mod torn;

/// The text of a file of the project.
fn text(path: &str) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// Returns the output of a program that ends by itself.
fn program_once(args: &[&str]) -> Vec<u8> {
    std::process::Command::new(env!("CARGO_BIN_EXE_runwatch")).args(args).output().unwrap().stdout
}
