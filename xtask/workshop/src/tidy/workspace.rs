//! What the checks read: sources, manifests, pages and snapshots, and who depends on whom.

use std::fs;
use std::path::Path;

use anyhow::Context;

use super::graph::Graph;

/// What the checks read.
#[derive(Default)]
pub struct Workspace {
    /// Who depends on whom.
    pub graph: Graph,
    /// Every source, manifest, page and snapshot, and the files of `.ci` and `.cargo`.
    pub files: Vec<File>,
}

/// A file of the workspace.
pub struct File {
    /// Its path from the root, with `/` between folders.
    pub path: String,
    /// Its content.
    pub text: String,
}

impl Workspace {
    /// The workspace in the folder `root`.
    pub fn load(root: &Path) -> anyhow::Result<Self> {
        let mut files = Vec::new();
        collect(root, "", &mut files)?;
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Workspace { graph: Graph::load(root)?, files })
    }

    /// The file at `path`.
    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// The Rust sources in the folder `folder`.
    pub fn rust(&self, folder: &str) -> impl Iterator<Item = &File> {
        self.files.iter().filter(move |file| file.path.starts_with(folder) && file.path.ends_with(".rs"))
    }
}

/// Collects such files below `folder`, but none of a build and none of other hidden folders.
fn collect(root: &Path, folder: &str, files: &mut Vec<File>) -> anyhow::Result<()> {
    let here = root.join(folder);
    for entry in fs::read_dir(&here).with_context(|| here.display().to_string())? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{folder}{name}");
        if entry.file_type()?.is_dir() {
            let generated = name == "target" || name.starts_with('.') && ![".ci", ".cargo"].contains(&name.as_str());
            if !generated {
                collect(root, &format!("{path}/"), files)?;
            }
        } else if ["rs", "toml", "md", "snap"].iter().any(|end| path.ends_with(&format!(".{end}")))
            || path.starts_with(".c")
        {
            let text = fs::read_to_string(entry.path()).with_context(|| path.clone())?;
            files.push(File { path, text });
        }
    }
    Ok(())
}

/// A workspace for tests, of `(path, text)`.
#[cfg(test)]
pub fn of_files(files: &[(&str, &str)]) -> Workspace {
    let files = files.iter().map(|(path, text)| File { path: path.to_string(), text: text.to_string() });
    Workspace { files: files.collect(), ..Workspace::default() }
}
