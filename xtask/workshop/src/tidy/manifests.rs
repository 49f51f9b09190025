//! Where versions stand.

use toml::{Table, Value};

use super::workspace::Workspace;

/// Members say `x.workspace = true`; what that is stands in the root manifest.
pub fn versions_are_pinned_once(workspace: &Workspace) -> Vec<String> {
    let manifests = workspace.files.iter().filter(|file| file.path.ends_with("/Cargo.toml"));
    let violations = manifests.flat_map(|file| match file.text.parse::<Table>() {
        Err(error) => vec![format!("{}: {}", file.path, error.message())],
        Ok(manifest) => dependencies(&manifest)
            .filter(|(_, value)| !inherits(value))
            .map(|(name, _)| format!("{}: `{name}` is not pinned in the root manifest", file.path))
            .collect(),
    });
    violations.collect()
}

fn inherits(value: &Value) -> bool {
    value.get("workspace").and_then(Value::as_bool) == Some(true)
}

/// The entries of every table of dependencies, those of targets included.
fn dependencies(manifest: &Table) -> impl Iterator<Item = (&String, &Value)> {
    let targets = manifest.get("target").and_then(Value::as_table).into_iter().flat_map(|targets| targets.values());
    let owners = targets.filter_map(Value::as_table).chain([manifest]);
    let tables = owners.flat_map(|owner| {
        ["dependencies", "dev-dependencies", "build-dependencies"].into_iter().filter_map(|kind| owner.get(kind))
    });
    tables.filter_map(Value::as_table).flatten()
}

#[cfg(test)]
mod tests {
    use super::super::workspace::of_files;
    use super::*;

    fn violations(manifest: &str) -> Vec<String> {
        versions_are_pinned_once(&of_files(&[("crates/x/Cargo.toml", manifest)]))
    }

    #[test]
    fn finds_a_version_outside_the_root() {
        assert_eq!(violations("[dependencies]\nrug.workspace = true"), Vec::<String>::new());
        let told = ["crates/x/Cargo.toml: `rug` is not pinned in the root manifest"];
        assert_eq!(violations("[dependencies]\nrug = \"1\""), told);
        assert_eq!(violations("[dev-dependencies]\nrug = { version = \"1\" }"), told);
        assert_eq!(violations("[target.'cfg(unix)'.dependencies]\nrug = { path = \"../rug\" }"), told);
    }
}
