//! The house in order: the rules of its sources, and the README beside the program.

mod crates;
mod house;
mod readme;
mod source;
mod tables;
