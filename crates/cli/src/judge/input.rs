//! Claim files, read.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use claims::{Claim, file, hypotheses};

/// The most bytes of a claim file: 16 MiB.
const LARGEST: u64 = 1 << 24;

/// The claims of all files, or all that is wrong with them, for a reader.
pub fn read(files: &[impl AsRef<Path>]) -> Result<Vec<Claim>, String> {
    let (mut claims, mut wrong) = (Vec::<Claim>::new(), Vec::new());
    for path in files.iter().map(AsRef::as_ref) {
        match of(path) {
            Ok(more) => {
                let again = more.iter().filter(|claim| claims.iter().any(|other| other.id == claim.id));
                wrong.extend(again.map(|claim| {
                    format!("error: {}: {} is the name of a claim of another file", path.display(), claim.id)
                }));
                claims.extend(more);
            }
            Err(told) => wrong.push(told),
        }
    }
    // Whatever a message quotes, it breaks lines only where it means to.
    let plain = |told: String| told.replace(|c: char| c.is_control() && c != '\n', " ");
    if wrong.is_empty() { Ok(claims) } else { Err(plain(wrong.join("\n\n"))) }
}

fn of(path: &Path) -> Result<Vec<Claim>, String> {
    let name = if path == Path::new("-") { "the standard input".into() } else { path.display().to_string() };
    let text = text(path).map_err(|error| format!("error: {name}: {error}"))?;
    let mut claims = file::read(&name, &text).map_err(|error| error.to_string())?;
    claims.iter_mut().for_each(|claim| hypotheses::in_order(&mut claim.hypotheses));
    if claims.is_empty() {
        return Err(format!("error: {name}: no claim, expected a table [[claim]] with an id and a formula"));
    }
    Ok(claims)
}

fn text(path: &Path) -> io::Result<String> {
    if path == Path::new("-") {
        return whole(io::stdin());
    }
    // Anything but a file may never end, or never begin.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("expected a regular file"));
    }
    whole(File::open(path)?)
}

fn whole(reader: impl Read) -> io::Result<String> {
    let mut bytes = Vec::new();
    reader.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(io::Error::other(format!("expected at most {LARGEST} bytes")));
    }
    String::from_utf8(bytes).map_err(|error| {
        let (before, place) = (error.as_bytes(), error.utf8_error().valid_up_to());
        let line = 1 + before[..place].iter().filter(|byte| **byte == b'\n').count();
        io::Error::other(format!("expected text in UTF-8, and line {line} is none"))
    })
}
