//! The file of a checkpoint: one process at a time keeps its run in it.
//!
//! The process holds a lock on the file itself, so that none is left behind when it ends, however it ends. A new
//! checkpoint is written beside the old one, under a name that the next one takes again, and locked before it takes the
//! old one's place.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::MonteCarloError;
use crate::run::Run;

/// A path where this process keeps a run, and no other does.
#[derive(Debug)]
pub struct CheckpointFile {
    path: PathBuf,
    /// The locked file, once there is one.
    held: Option<File>,
}

impl CheckpointFile {
    /// The file at `path`, which need not be there yet.
    ///
    /// # Errors
    /// [`MonteCarloError::InUse`] where another process has it; [`MonteCarloError::File`] where it is no file that
    /// could be opened.
    pub fn open(path: &Path) -> Result<Self, MonteCarloError> {
        let failed = |error: io::Error| file_error(path, &error);
        let held = match fs::metadata(path) {
            Ok(found) if !found.is_file() => return Err(failed(io::Error::other("expected a regular file"))),
            Ok(_) => Some(held(path, OpenOptions::new().read(true))?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(failed(error)),
        };
        Ok(CheckpointFile { path: path.into(), held })
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether there is a checkpoint in it.
    pub fn is_there(&self) -> bool {
        self.held.is_some()
    }

    /// Writes a checkpoint, in place of one that may be there. It has the mode that any new file has.
    ///
    /// # Errors
    /// Those of [`Run::save`].
    pub fn write(&mut self, run: &Run) -> Result<(), MonteCarloError> {
        // Its chains stand in the middle of a segment.
        run.check_convergence()?;
        let failed = |error: io::Error| file_error(&self.path, &error);
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut name = std::ffi::OsString::from(".");
        name.push(self.path.file_name().ok_or_else(|| failed(io::ErrorKind::InvalidFilename.into()))?);
        name.push(".new");
        let beside = folder.join(name);
        let file =
            held(&beside, OpenOptions::new().write(true).create(true).truncate(false)).map_err(
                |error| match error {
                    MonteCarloError::File { kind, reason, .. } => {
                        MonteCarloError::File { path: self.path.clone(), kind, reason }
                    }
                    _ => MonteCarloError::InUse { path: self.path.clone() },
                },
            )?;
        // Another process may have been the first to write.
        if self.held.is_none() && self.path.exists() {
            // Nobody else holds the name.
            _ = fs::remove_file(&beside);
            return Err(MonteCarloError::InUse { path: self.path.clone() });
        }
        let put = || {
            file.set_len(0)?;
            (&file).write_all(&run.to_bytes())?;
            file.sync_all()?;
            fs::rename(&beside, &self.path)
        };
        if let Err(error) = put() {
            _ = fs::remove_file(&beside);
            return Err(failed(error));
        }
        // The new name reaches the disk with its folder, where folders can be synced.
        let synced = match File::open(folder) {
            Ok(folder) if cfg!(unix) => folder.sync_all().map_err(failed),
            _ => Ok(()),
        };
        self.held = Some(file);
        synced
    }
}

/// The file of this name, locked.
fn held(path: &Path, options: &OpenOptions) -> Result<File, MonteCarloError> {
    let failed = |error: io::Error| file_error(path, &error);
    loop {
        let file = options.open(path).map_err(failed)?;
        match file.try_lock() {
            // A file system without locks is used without.
            Ok(()) | Err(TryLockError::Error(_)) => {}
            Err(TryLockError::WouldBlock) => return Err(MonteCarloError::InUse { path: path.into() }),
        }
        // The name may be that of another file since.
        if is_named(&file, path).map_err(failed)? {
            return Ok(file);
        }
    }
}

#[cfg(unix)]
fn is_named(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let own = file.metadata()?;
    match fs::metadata(path) {
        Ok(named) => Ok((own.dev(), own.ino()) == (named.dev(), named.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(not(unix))]
fn is_named(_: &File, _: &Path) -> io::Result<bool> {
    Ok(true)
}

pub(super) fn file_error(path: &Path, error: &io::Error) -> MonteCarloError {
    MonteCarloError::File { path: path.into(), kind: error.kind(), reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::Draws;
    use crate::plan::Plan;
    use numbers::{Vector, matrix};
    use symbols::{BatchSize, Gaussian, Population, Setting};

    fn run() -> Run {
        let population = Population::Gaussian(Gaussian {
            feature_covariance: matrix::scalar(1.0),
            input_noise_covariance: matrix::scalar(0.0),
            label_noise_variance: 1.0,
            true_weights: Vector::zeros(1),
        });
        let setting = Setting::new(population, matrix::scalar(0.125), BatchSize::new(1).unwrap()).unwrap();
        Run::new(&setting, &Plan { chains: 8, burn_in: 0, steps: 4, seed: 1, draws: Draws::InDistribution }).unwrap()
    }

    /// Locks are those of open files, so that one process can stand for two.
    #[test]
    fn a_file_is_kept_by_one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run");
        let in_use = || Some(MonteCarloError::InUse { path: path.clone() });
        let [mut first, mut second] = [0, 1].map(|_| CheckpointFile::open(&path).unwrap());
        assert!(!first.is_there());
        first.write(&run()).unwrap();
        assert_eq!(second.write(&run()).err(), in_use());
        assert_eq!(CheckpointFile::open(&path).err(), in_use());
        first.write(&run()).unwrap();
        assert_eq!((CheckpointFile::open(&path).err(), run().save(&path).err()), (in_use(), in_use()));
        drop(first);
        assert!(CheckpointFile::open(&path).unwrap().is_there());
        run().save(&path).unwrap();
        let names = Vec::from_iter(fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()));
        assert_eq!(names, ["run"]);
    }

    /// A file that a process left behind when it was killed is written over.
    #[test]
    fn a_remainder_is_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        let (path, beside) = (folder.path().join("run"), folder.path().join(".run.new"));
        fs::write(&beside, vec![7; 1 << 20]).unwrap();
        run().save(&path).unwrap();
        assert_eq!((fs::read(&path).unwrap(), beside.exists()), (run().to_bytes(), false));
    }

    #[cfg(unix)]
    #[test]
    fn a_checkpoint_has_the_mode_of_any_file() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        fs::write(folder.path().join("other"), "").unwrap();
        run().save(&folder.path().join("run")).unwrap();
        assert_eq!(mode("run"), mode("other"));
    }

    #[test]
    fn a_folder_is_no_checkpoint() {
        let folder = tempfile::tempdir().unwrap();
        let told = CheckpointFile::open(folder.path()).unwrap_err().to_string();
        assert!(told.ends_with("expected a regular file"), "{told}");
    }
}
