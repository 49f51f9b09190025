//! The modules of a crate, and in which file the things stand that each file names.
//!
//! Names are resolved as the compiler does, as far as circles of files need it: through `use`, renamings, globs and
//! re-exports to the module that defines the thing. Deliberately absent: tests, which may name what they compare;
//! methods, which are found by types; names that a macro or a local variable makes.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{Import, Names};
use super::workspace::Workspace;

/// Re-exports of re-exports are followed this far, and globs that name each other no farther.
const DEPTH: usize = 16;

/// The modules of a crate; the first is its root.
pub struct Crate {
    modules: Vec<Module>,
}

struct Module {
    /// The path of its file.
    file: String,
    parent: Option<usize>,
    children: BTreeMap<String, usize>,
    names: Names,
}

/// What a name stands for.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Module(usize),
    /// Something that this module defines.
    Item(usize),
}

/// A file names something of another file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrow {
    /// The file that names it.
    pub from: String,
    /// The file in which it stands.
    pub to: String,
    /// The line that names it, from 1.
    pub line: usize,
    /// What is named, as it is written.
    pub name: String,
}

impl Crate {
    /// The crate whose root is the file `root`, or the fault in its text.
    pub fn load(workspace: &Workspace, root: &str) -> Result<Self, String> {
        let mut read = Crate { modules: Vec::new() };
        read.file(workspace, root, true, None)?;
        Ok(read)
    }

    fn file(&mut self, workspace: &Workspace, path: &str, root: bool, parent: Option<usize>) -> Result<usize, String> {
        let text = &workspace.file(path).ok_or_else(|| format!("{path}: missing"))?.text;
        let names = Names::read(text).map_err(|error| format!("{path}:{}: {error}", error.span().start().line))?;
        let stem = path.trim_end_matches(".rs");
        let folder = match stem.rsplit_once('/') {
            Some((folder, name)) if root || name == "mod" => folder,
            _ => stem,
        };
        self.module(workspace, path, folder, names, parent)
    }

    /// A module whose text is in `file`, and the children of which are in `folder`.
    fn module(
        &mut self,
        workspace: &Workspace,
        file: &str,
        folder: &str,
        mut names: Names,
        parent: Option<usize>,
    ) -> Result<usize, String> {
        let index = self.modules.len();
        let (inline, elsewhere) = (std::mem::take(&mut names.inline), std::mem::take(&mut names.elsewhere));
        self.modules.push(Module { file: file.into(), parent, children: BTreeMap::new(), names });
        for (name, child) in inline {
            let child = self.module(workspace, file, &format!("{folder}/{name}"), child, Some(index))?;
            self.modules[index].children.insert(name, child);
        }
        for name in elsewhere {
            // A file that an attribute places elsewhere is none of this crate's folder.
            let files = [format!("{folder}/{name}.rs"), format!("{folder}/{name}/mod.rs")];
            if let Some(found) = files.iter().find(|path| workspace.file(path).is_some()) {
                let child = self.file(workspace, found, false, Some(index))?;
                self.modules[index].children.insert(name, child);
            }
        }
        Ok(index)
    }

    /// Every arrow between two files: a mention of something that stands in another file. That a module offers what its
    /// own submodules define (`pub use`) is none.
    pub fn arrows(&self) -> BTreeSet<Arrow> {
        let mut arrows = BTreeSet::new();
        for (from, module) in self.modules.iter().enumerate() {
            let imports = module.names.imports.iter().map(|import| (&import.mention, import.public));
            for (mention, public) in imports.chain(module.names.mentions.iter().map(|mention| (mention, false))) {
                let Some(Place::Item(to)) = self.place(from, &mention.path, false, DEPTH) else { continue };
                let file = &self.modules[to].file;
                if *file != module.file && !(public && self.is_below(to, from)) {
                    let (from, to) = (module.file.clone(), file.clone());
                    arrows.insert(Arrow { from, to, line: mention.line, name: mention.path.join("::") });
                }
            }
        }
        arrows
    }

    fn is_below(&self, module: usize, above: usize) -> bool {
        let parent = self.modules[module].parent;
        parent.is_some_and(|parent| parent == above || self.is_below(parent, above))
    }

    /// What a path stands for, where `from` says it; `None` for what is of no module of this crate.
    fn place(&self, from: usize, path: &[String], module_wanted: bool, depth: usize) -> Option<Place> {
        let depth = depth.checked_sub(1)?;
        let (first, rest) = path.split_first()?;
        let wanted = |rest: &[String]| module_wanted || !rest.is_empty();
        let mut place = match first.as_str() {
            "crate" => Place::Module(0),
            "self" => Place::Module(from),
            "super" => Place::Module(self.modules[from].parent?),
            name => self.lookup(from, name, wanted(rest), depth)?,
        };
        for (at, segment) in rest.iter().enumerate() {
            place = match place {
                Place::Module(module) if segment == "super" => Place::Module(self.modules[module].parent?),
                Place::Module(module) => self.lookup(module, segment, wanted(&rest[at + 1..]), depth)?,
                // A variant of an enum, or what a type owns.
                item => item,
            };
        }
        Some(place)
    }

    /// What a name stands for in a module.
    fn lookup(&self, module: usize, name: &str, module_wanted: bool, depth: usize) -> Option<Place> {
        let Module { children, names, .. } = &self.modules[module];
        let item = names.items.contains(name).then_some(Place::Item(module));
        let child = children.get(name).map(|child| Place::Module(*child));
        let named = || {
            let import = names.imports.iter().find(|import| import.name.as_deref() == Some(name))?;
            // `use rug;` names a crate, not itself.
            (import.mention.path != [name]).then(|| self.place(module, &import.mention.path, module_wanted, depth))?
        };
        let by_glob = || {
            names.imports.iter().filter(|import| import.name.is_none()).find_map(|import: &Import| {
                let source = self.place(module, &import.mention.path, true, depth)?;
                let Place::Module(source) = source else { return Some(source) };
                let depth = depth.checked_sub(1)?;
                (source != module).then(|| self.lookup(source, name, module_wanted, depth))?
            })
        };
        let own = if module_wanted { child.or(item) } else { item.or(child) };
        own.or_else(named).or_else(by_glob)
    }
}
