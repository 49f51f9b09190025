//! Where the recorded files are.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The folder of the workspace: the nearest one around the current folder that holds what is recorded. Where there is
/// none, it is the folder in which the program was built.
pub fn root() -> &'static Path {
    static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
        let here = env::current_dir().unwrap_or_default();
        let is_root = |folder: &&Path| folder.join("snapshots").is_dir() && folder.join("docs/PAPER.md").is_file();
        let built_in = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        here.ancestors().find(is_root).map_or_else(built_in, Path::to_owned)
    });
    &ROOT
}
