//! Logs of engines that are described by a table: pointers into the JSON of a line, and words for its states.

pub mod scan;
