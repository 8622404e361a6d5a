//! The house in order: the rules of its sources, and the README beside the program.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

mod crates;
mod house;
mod readme;
mod source;
mod tables;
mod words;
