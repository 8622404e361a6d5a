//! Logs that an engine keeps within its data directory, so that the directory stands for its log.
//!
//! Must not open them.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::options::Options;

/// The log within a directory, if one is there. One that may not be looked at is taken for a log: opening it tells why.
pub(super) fn log_inside(dir: &Path, options: &Options) -> Option<PathBuf> {
    let mut logs = options.inside.iter().map(|log| dir.join(log));
    logs.find(|log| match log.metadata() {
        Ok(found) => found.is_file(),
        Err(error) => error.kind() == ErrorKind::PermissionDenied,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::shape::SAMPLES;

    #[test]
    fn a_directory_stands_for_the_first_log_that_is_in_it() {
        for (files, expected) in [
            (&[][..], None),
            (&["other/own.log"][..], None),
            (&["own.log"], Some("own.log")),
            (&["own.log", "log/own.log"], Some("log/own.log")),
            (&["log/own.log/directory"], None),
        ] {
            let dir = tempfile::tempdir().unwrap();
            for file in files {
                let path = dir.path().join(file);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, "").unwrap();
            }
            let options = Options { inside: &["log/own.log", "own.log"], ..Options::of(SAMPLES) };
            assert_eq!(
                log_inside(dir.path(), &options),
                expected.map(|log| dir.path().join(log)),
                "{files:?}"
            );
        }
    }
}
