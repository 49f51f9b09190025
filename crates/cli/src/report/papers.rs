//! The claims of other papers, from the claim files under `papers/`.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use anyhow::Context;
use claims::file::{self, Paper as Named};
use report::html::Paper;
use report::root;
use verify::Options;

use crate::bar::Bar;

/// The folder of the claim files, from the root of the workspace on.
const FOLDER: &str = "papers";

/// Judges the claims of every file, as `judge` does.
///
/// # Errors
/// Where a file cannot be read, is no claim file, or names no paper.
pub fn judged(options: &Options) -> anyhow::Result<Vec<Paper>> {
    let folder = root().join(FOLDER);
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.extension() == Some(OsStr::new("toml")) {
            names.extend(path.file_name().map(|name| name.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    names.iter().map(|name| paper(&format!("{FOLDER}/{name}"), options)).collect()
}

fn paper(path: &str, options: &Options) -> anyhow::Result<Paper> {
    let (named, text) = named(path)?;
    let claims = file::read(path, &text)?;
    let bar = Bar::default();
    let report = verify::run(&Vec::from_iter(&claims), options, &bar);
    Ok(Paper { title: named.title, source: named.source.unwrap_or_default(), file: path.into(), report })
}

/// The paper that a claim file names, and the text of the file.
fn named(path: &str) -> anyhow::Result<(Named, String)> {
    let text = fs::read_to_string(root().join(Path::new(path))).with_context(|| path.to_owned())?;
    let named = file::paper(path, &text)?.with_context(|| format!("{path}: title: expected that of the paper"))?;
    Ok((named, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_names_its_paper() {
        for entry in fs::read_dir(root().join(FOLDER)).unwrap() {
            let name = entry.unwrap().file_name();
            let (named, _) = named(&format!("{FOLDER}/{}", name.to_string_lossy())).unwrap();
            assert!(!named.title.is_empty() && named.source.is_some_and(|source| source.contains("arXiv")), "{name:?}");
        }
    }
}
