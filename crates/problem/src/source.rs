//! Where bytes come from: regular files, gzipped or not, within limits.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

/// The path that stands for the standard input.
pub(crate) const STANDARD_INPUT: &str = "-";

/// The most bytes of a data file, unpacked: 4 GiB, which is also as far as offsets of 32 bits reach.
pub(super) const LARGEST_DATA: u64 = u32::MAX as u64;
/// The most bytes of a problem file: 128 MiB, a matrix of some 2500 rows.
pub(super) const LARGEST_PROBLEM: u64 = 1 << 27;
/// How many bytes at the beginning tell the format.
const MAGIC: u64 = 8;
/// How gzip files begin.
const GZIP: &[u8] = &[0x1f, 0x8b];

/// A regular file; anything else may never end, or never begin.
pub(super) fn regular(path: &Path) -> io::Result<File> {
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        let what = if metadata.is_dir() { "a folder" } else { "a pipe, a socket or a device" };
        return Err(io::Error::other(format!("{what}, expected a regular file")));
    }
    File::open(path)
}

/// All that a reader holds, if it is within the limit.
pub(super) fn whole(reader: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(io::Error::other(format!("expected at most {limit} bytes")));
    }
    Ok(bytes)
}

/// A data file while it is read, and how it begins.
pub(super) struct Stream<'a> {
    pub(super) magic: Vec<u8>,
    pub(super) bytes: Box<dyn BufRead + 'a>,
}

impl<'a> Stream<'a> {
    fn peek(mut reader: impl BufRead + 'a) -> io::Result<Self> {
        let mut magic = Vec::new();
        reader.by_ref().take(MAGIC).read_to_end(&mut magic)?;
        let bytes = Box::new(io::Cursor::new(magic.clone()).chain(reader));
        Ok(Stream { magic, bytes })
    }

    /// A file, unpacked if it is gzipped.
    pub(super) fn open(file: File) -> io::Result<Self> {
        let packed = Stream::peek(BufReader::new(file))?;
        if packed.magic.starts_with(GZIP) {
            Stream::peek(BufReader::new(MultiGzDecoder::new(packed.bytes)))
        } else {
            Ok(packed)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_file_or_too_long_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(regular(folder.path()).unwrap_err().to_string(), "a folder, expected a regular file");
        assert_eq!(whole([1u8, 2, 3].as_slice(), 3).unwrap(), [1, 2, 3]);
        assert_eq!(whole(io::repeat(0), 3).unwrap_err().to_string(), "expected at most 3 bytes");
        if Path::new("/dev/zero").exists() {
            let told = regular(Path::new("/dev/zero")).unwrap_err().to_string();
            assert_eq!(told, "a pipe, a socket or a device, expected a regular file");
        }
    }
}
