//! Where the recorded files are.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The folder of the workspace: the nearest one around the current folder that holds what is recorded. Where there is
/// none, it is the folder in which the program was built.
pub fn root() -> &'static Path {
    static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
        let here = env::current_dir().unwrap_or_default();
        let built_in = || PathBuf::from_iter(Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2));
        here.ancestors().find(|folder| is_root(folder)).map_or_else(built_in, Path::to_owned)
    });
    &ROOT
}

fn is_root(folder: &Path) -> bool {
    folder.join("snapshots").is_dir() && folder.join("docs/PAPER.md").is_file()
}

/// Checks that there is a checkout of the workspace, before a command works for minutes and compares with nothing.
///
/// # Errors
/// Where [`root`] holds nothing that is recorded.
pub fn check_root() -> anyhow::Result<()> {
    check(root())
}

fn check(folder: &Path) -> anyhow::Result<()> {
    anyhow::ensure!(
        is_root(folder),
        "no checkout of the workspace, with whose snapshots this command compares: expected one around the current \
         folder, or where the program was built, {}",
        folder.display()
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_records_nothing_is_refused_by_name() {
        check_root().unwrap();
        let told = check(&root().join("docs")).unwrap_err().to_string();
        assert!(told.ends_with("/docs") && !told.contains(".."), "{told}");
    }
}
