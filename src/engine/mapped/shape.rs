//! The shape of lines that tables describe, by which a source recognizes them: they have no keys in common.

use super::catalog;
use crate::source::shape::RecordShape;

/// Shape of the lines that any of the tables describes.
pub const RECORDS: RecordShape = RecordShape { is_line: Some(is_line), ..NONE };

/// Shape of lines of a format that a user has named: nothing is asked of them.
pub const NAMED: &[RecordShape] = &[RecordShape { is_line: Some(|_| true), ..NONE }];

const NONE: RecordShape = RecordShape { first: &[], every: &[], shared: "", spare: "\0", is_line: None };

fn is_line(line: &[u8]) -> bool {
    !catalog::fitting(line).is_empty()
}
