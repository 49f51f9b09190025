//! Files that a command makes and nobody edits: written, or compared with what stands there.

use std::fs;

use anyhow::Context;

use crate::output::check_file;
use crate::root;

/// Whether these files can be written, before anything is made; folders that are missing are made.
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
pub fn check(path: &str, text: &str, command: &str, write: bool) -> anyhow::Result<Option<String>> {
    let file = root().join(path);
    if write {
        fs::write(&file, text).with_context(|| path.to_owned())?;
    }
    let is_current = fs::read_to_string(&file).is_ok_and(|there| there == text);
    Ok((!is_current).then(|| format!("{path} is not current; `cargo xtask {command} --write` mends it")))
}
