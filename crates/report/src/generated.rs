//! Files that a command makes and nobody edits: written, or compared with what stands there.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;

use anyhow::Context;

use crate::{program, root};

/// Checks that these files can be written, before anything else is made; folders that are missing are made.
///
/// # Errors
/// The path, and the reason of the operating system.
pub fn check_places(paths: impl IntoIterator<Item = String>) -> anyhow::Result<()> {
    paths.into_iter().try_for_each(|path| {
        let file = root().join(&path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        }
        check_file(&file)
    })
}

/// Writes the file, or tells that it is not what the command makes; its path starts at the root of the workspace.
///
/// # Errors
/// Where the file cannot be written.
pub fn check(path: &str, text: &str, command: &str, write: bool) -> anyhow::Result<Option<String>> {
    let file = root().join(path);
    if write {
        fs::write(&file, text).with_context(|| path.to_owned())?;
    }
    let is_current = fs::read_to_string(&file).is_ok_and(|there| there == text);
    Ok((!is_current).then(|| format!("{path} is not current; `{} {command} --write` mends it", program::name())))
}

/// Checks that a file can be written, without a change to it.
///
/// # Errors
/// The path, and the reason of the operating system.
pub fn check_file(path: &Path) -> anyhow::Result<()> {
    let check = || match fs::metadata(path) {
        Ok(found) if found.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        // A pipe may wait for its reader, and is no file that could be lost.
        Ok(found) if !found.is_file() => Ok(()),
        Ok(_) => OpenOptions::new().append(true).open(path).map(drop),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            OpenOptions::new().append(true).create(true).open(path)?;
            // A link stays where it is: what was made is what it points to.
            fs::remove_file(fs::canonicalize(path)?)
        }
        Err(error) => Err(error),
    };
    check().with_context(|| path.display().to_string())
}
