//! The log, from bytes to events. Knows files and JSON, and nothing of runs but the model.

pub mod decode;
