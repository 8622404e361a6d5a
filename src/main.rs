//! The `runwatch` program: reads what was typed, runs one command, and turns its end into an exit code.

fn main() {}
