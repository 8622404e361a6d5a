//! Sizes of memory as people write them: `512MiB`, `2G`, `1500000`.

use bytesize::ByteSize;

/// Reads a size, in bytes; a number alone is a number of them.
///
/// # Errors
/// In words, with what to write instead.
pub fn read(text: &str) -> Result<usize, String> {
    let size = text.trim().parse::<ByteSize>().ok();
    let bytes = size.and_then(|size| usize::try_from(size.as_u64()).ok()).filter(|bytes| *bytes > 0);
    bytes.ok_or_else(|| "give a size above 0, as 512MiB or 2GiB".to_owned())
}

/// Writes a size as [`read`] reads it, to a tenth of its unit.
#[must_use]
pub fn words(bytes: usize) -> String {
    ByteSize::b(bytes as u64).display().iec().to_string().replace(' ', "").replace(".0", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_read_as_people_write_it_and_written_as_it_is_read() {
        for (text, expected) in [
            ("2GiB", Some(2 << 30)),
            ("512 MiB", Some(512 << 20)),
            ("4g", Some(4_000_000_000)),
            ("1500000", Some(1_500_000)),
            ("1.5GiB", Some(3 << 29)),
            ("0", None),
            ("", None),
            ("-1", None),
            ("2 parsecs", None),
            ("9999999999999 TiB", None),
        ] {
            assert_eq!(read(text).ok(), expected, "{text:?}");
        }
        for bytes in [1, 800, 3 << 10, 512 << 20, 2 << 30, 3 << 29] {
            assert_eq!(read(&words(bytes)), Ok(bytes), "{}", words(bytes));
        }
        assert_eq!(words(2 << 30), "2GiB");
    }
}
