//! What a command leaves behind: its exit code, its refusals, and the files of its answer.
//!
//! A place that cannot be written is refused before anything is computed. What was computed is never lost: an answer
//! that no file takes in the end is printed.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use npyz::WriterBuilder;
use numbers::Matrix;
use report::generated::check_file;
use serde::Serialize;

use crate::say;

/// Malformed: the file or the options state no problem that the command can take.
pub const MALFORMED: u8 = 2;
/// Unstable: the problem has no stationary state.
pub const UNSTABLE: u8 = 3;
/// Undecided: doubles cannot tell whether the problem has a stationary state, or which.
pub const UNDECIDED: u8 = 4;
/// Not reached: the error that was asked for needs more steps than the limit.
pub const NOT_REACHED: u8 = 5;
/// Stopped by a signal: 128 and the number of SIGINT.
pub const INTERRUPTED: u8 = 130;

/// One line on the standard error, whatever the message quotes.
pub fn refuse(code: u8, message: &str) -> ExitCode {
    eprintln!("error: {}", message.replace(char::is_control, " "));
    ExitCode::from(code)
}

/// Why an answer could go nowhere: told before anything is computed, as other mistakes in the options are.
#[derive(Debug, thiserror::Error)]
#[error("{0:#}")]
pub struct Unwritable(anyhow::Error);

/// Checks that a file can be written, without a change to it.
///
/// # Errors
/// [`Unwritable`] with the path, and the reason of the operating system.
pub fn check_output(file: &Path) -> Result<(), Unwritable> {
    check_file(file).map_err(Unwritable)
}

/// Makes the folder of a file that is to be written.
///
/// # Errors
/// [`Unwritable`] with the path, and the reason of the operating system.
pub fn make_folder(folder: &Path) -> Result<(), Unwritable> {
    let made = fs::create_dir_all(folder).with_context(|| folder.display().to_string());
    made.map_err(Unwritable)
}

/// Where an answer goes: the options `--json` and `--npy`.
#[derive(Clone, Copy)]
pub struct Destination<'a> {
    json: Option<&'a Path>,
    npy: Option<&'a Path>,
}

/// A matrix and the name of its file.
pub type Array<'a> = (&'static str, &'a Matrix<f64>);

impl<'a> Destination<'a> {
    /// Made before anything is computed. Files that are there stay as they are.
    ///
    /// # Errors
    /// [`Unwritable`] where the file of `json` cannot be written, or the folder of `npy` cannot be made or written into.
    pub fn new(json: Option<&'a Path>, npy: Option<&'a Path>) -> Result<Self, Unwritable> {
        if let Some(path) = json.filter(|path| !is_standard_output(path)) {
            check_output(path)?;
        }
        if let Some(folder) = npy {
            check_folder(folder).map_err(Unwritable)?;
        }
        Ok(Destination { json, npy })
    }

    /// Writes an answer as JSON and as arrays where that was asked for, and for a reader on the standard output, unless
    /// the JSON goes there.
    ///
    /// # Errors
    /// Where a file cannot be written. Then the JSON has been printed instead of the text for a reader.
    pub fn write<'m>(
        self,
        answer: &impl Serialize,
        arrays: impl IntoIterator<Item = Array<'m>>,
        text: impl FnOnce() -> String,
    ) -> anyhow::Result<()> {
        let json = serde_json::to_string_pretty(answer)?;
        let on_standard_output = self.json.is_some_and(is_standard_output);
        let written = match self.json.filter(|_| !on_standard_output) {
            Some(path) => fs::write(path, format!("{json}\n")).with_context(|| path.display().to_string()),
            None => Ok(()),
        };
        let written = written.and(self.npy.map_or(Ok(()), |folder| write_arrays(folder, arrays)));
        let shown = if written.is_err() || on_standard_output { json } else { text() };
        if !shown.is_empty() {
            say(shown.trim_end())?;
        }
        written
    }

    /// Shows a text to a reader: where the JSON goes to the standard output, on the standard error.
    ///
    /// # Errors
    /// Those of the standard output.
    pub fn show(self, text: &str) -> std::io::Result<()> {
        if self.json.is_some_and(is_standard_output) {
            eprintln!("{text}");
            return Ok(());
        }
        say(text)
    }

    /// Writes as JSON, where that was asked for, why there is no other answer.
    ///
    /// # Errors
    /// Those of [`Destination::write`].
    pub fn write_json(self, answer: &impl Serialize) -> anyhow::Result<()> {
        if self.json.is_none() { Ok(()) } else { Destination { npy: None, ..self }.write(answer, [], String::new) }
    }
}

fn is_standard_output(path: &Path) -> bool {
    path == Path::new("-")
}

/// Checks that files can be written into a folder, or into one that could be made there; nothing is made.
///
/// # Errors
/// Those of [`check_file`].
fn check_folder(folder: &Path) -> anyhow::Result<()> {
    let here = Path::new(".");
    let nearest = folder.ancestors().find(|path| fs::symlink_metadata(path).is_ok()).unwrap_or(here);
    tempfile::tempfile_in(nearest).map(drop).with_context(|| folder.display().to_string())
}

/// Writes NAME.npy for each matrix into a folder, which is made where it is missing.
fn write_arrays<'a>(folder: &Path, arrays: impl IntoIterator<Item = Array<'a>>) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    arrays.into_iter().try_for_each(|(name, M)| write_npy(&folder.join(format!("{name}.npy")), M))
}

fn write_npy(path: &Path, M: &Matrix<f64>) -> anyhow::Result<()> {
    let write = || {
        let file = BufWriter::new(File::create(path)?);
        let shape = [M.nrows() as u64, M.ncols() as u64];
        let options = npyz::WriteOptions::new().default_dtype().shape(&shape).order(npyz::Order::Fortran);
        let mut writer = options.writer(file).begin_nd()?;
        writer.extend(M.iter())?;
        writer.finish()
    };
    write().with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_leaves_everything_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("old"), "kept").unwrap();
        check_file(&path("old")).unwrap();
        check_file(&path("new")).unwrap();
        check_folder(&path("a/b/c")).unwrap();
        assert_eq!(fs::read(path("old")).unwrap(), b"kept");
        let names = Vec::from_iter(fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()));
        assert_eq!(names, ["old"]);
    }

    #[test]
    fn what_cannot_be_written_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("file"), "").unwrap();
        for (json, npy) in [(Some("missing/x"), None), (Some("file/x"), None), (Some(""), None), (None, Some("file/x"))]
        {
            let (json, npy) = (json.map(path), npy.map(path));
            let error = Destination::new(json.as_deref(), npy.as_deref()).err().unwrap();
            assert!(error.to_string().starts_with(&folder.path().display().to_string()), "{error:#}");
        }
    }

    #[test]
    fn a_link_to_nowhere_stays_one() {
        let folder = tempfile::tempdir().unwrap();
        let (link, target) = (folder.path().join("link"), folder.path().join("target"));
        #[cfg(unix)]
        std::os::unix::fs::symlink(&target, &link).unwrap();
        #[cfg(unix)]
        check_file(&link).unwrap();
        assert!(!target.exists() && fs::symlink_metadata(&link).is_ok() == cfg!(unix));
    }
}
