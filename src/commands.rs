//! What the program can do, one file a command; each only composes the floors below it.

pub mod projection;
