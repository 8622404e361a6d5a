//! The limits of open files, which one of them is reached, and what to do.
//!
//! Must not open a log.

use std::fs::File;
use std::io;

use rustix::io::Errno;
use rustix::process::{Resource, getrlimit};

/// Says which limit of open files an error comes from, in words that complete "failed to read the log: ...".
#[must_use]
pub fn reached(error: &io::Error) -> Option<String> {
    match Errno::from_io_error(error)? {
        Errno::MFILE => Some(match getrlimit(Resource::Nofile).current {
            Some(most) => format!("too many open files: this process may have {most} open at once"),
            None => "too many open files in this process".to_owned(),
        }),
        Errno::NFILE => Some("too many open files: the system may have no more open at once".to_owned()),
        _ => None,
    }
}

/// Next step of who met such a limit, as a fragment.
#[must_use]
pub fn hint(error: &io::Error) -> Option<String> {
    match Errno::from_io_error(error)? {
        Errno::MFILE => Some("raise the limit of this shell: `ulimit -n 1024`".to_owned()),
        Errno::NFILE => Some("close other programs, or raise `fs.file-max` of the system".to_owned()),
        _ => None,
    }
}

/// Fails, as the system does, when `n_files` more files cannot be open at once.
///
/// # Errors
/// When they cannot.
pub fn room_for(n_files: usize) -> io::Result<()> {
    let files: io::Result<Vec<File>> = (0..n_files).map(|_| File::open("/dev/null")).collect();
    match files {
        Err(error) if reached(&error).is_some() => Err(error),
        // No such device is no sign of anything.
        Ok(_) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_that_is_reached_is_named() {
        for (errno, words, next) in [
            (Errno::MFILE, "this process may have ", "ulimit -n"),
            (Errno::NFILE, "the system may have no more", "fs.file-max"),
        ] {
            let error = io::Error::from(errno);
            assert!(reached(&error).unwrap().contains(words));
            assert!(hint(&error).unwrap().contains(next));
        }
        let other = io::Error::from(Errno::NOENT);
        assert_eq!((reached(&other), hint(&other)), (None, None));
        room_for(3).unwrap();
    }
}
