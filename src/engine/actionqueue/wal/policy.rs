//! Scheduling policies of tasks.

use super::literal;
use super::walk::{Cron, Walk};
use super::wire::{Refused, Wire};

/// Cron policy of 0.1. The engine writes nothing for a limit that is not set, and reads a sign that it is not.
pub(super) fn cron(walk: &mut Walk<'_, '_>) -> Result<(), Refused> {
    let expression = walk.wire.text()?;
    let most = match walk.cron {
        Cron::Endless => None,
        Cron::Limited | Cron::SeenLimited => {
            walk.cron = Cron::SeenLimited;
            walk.wire.option_of(Wire::u32)?
        }
    };
    write_cron(expression, most, walk.line)
}

/// Policy of 0.2 and later, with a number for its kind and all fields of all kinds, as `RunPolicy`.
pub(super) fn policy(walk: &mut Walk<'_, '_>) -> Result<(), Refused> {
    let (kind, count, interval) = (walk.wire.byte()?, walk.wire.u32()?, walk.wire.u64()?);
    let expression = walk.wire.option_of(Wire::text)?;
    match (kind, count, interval, expression, walk.wire.option_of(Wire::u32)?) {
        (0, 0, 0, None, None) => walk.line.extend_from_slice(b"\"Once\""),
        (1, _, _, None, None) => {
            walk.line.extend_from_slice(b"{\"Repeat\":{\"count\":");
            literal::number(count, walk.line);
            walk.line.extend_from_slice(b",\"interval_secs\":");
            literal::number(interval, walk.line);
            walk.line.extend_from_slice(b"}}");
        }
        (2, 0, 0, Some(expression), most) => {
            walk.line.extend_from_slice(b"{\"Cron\":");
            write_cron(expression, most, walk.line)?;
            walk.line.push(b'}');
        }
        _ => return Err("a scheduling policy that this form does not have"),
    }
    Ok(())
}

fn write_cron(expression: &str, most: Option<u32>, line: &mut Vec<u8>) -> Result<(), Refused> {
    line.extend_from_slice(b"{\"expression\":");
    literal::text(expression, line);
    match most {
        Some(0) => return Err("a cron policy that never occurs"),
        Some(most) => {
            line.extend_from_slice(b",\"max_occurrences\":");
            literal::number(most, line);
        }
        None => {}
    }
    line.push(b'}');
    Ok(())
}
