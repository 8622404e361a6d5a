//! Arguments for the tests of `runwatch cancel`.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use crate::args::{Cancel, GivenArgs};
use crate::source::origin::Origin;

/// Arguments that name no run of a log, and wait for its proof.
pub(super) fn of_log(log: PathBuf) -> Cancel {
    Cancel {
        source: Origin::Path(log),
        given: GivenArgs::default(),
        runs: vec![],
        query: None,
        all: false,
        control: "file:commands".parse().unwrap(),
        token_file: None,
        control_rate: NonZeroU32::MIN,
        evidence_timeout: Duration::from_secs(1),
        wait: true,
        json: false,
        yes: true,
    }
}
