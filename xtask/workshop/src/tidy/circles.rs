//! Files in a circle: each names something of the next, and the last something of the first.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::modules::{Arrow, Crate};
use super::workspace::Workspace;

/// For each file the files that it names, each with one of the places where it does.
type Arrows = BTreeMap<String, BTreeMap<String, Arrow>>;

/// No file names something of a file that, directly or over others, names something of it.
pub fn files_have_no_circles(workspace: &Workspace) -> Vec<String> {
    let mut violations = Vec::new();
    for root in workspace.rust("").map(|file| &file.path).filter(|path| is_root(path)) {
        match Crate::load(workspace, root) {
            Ok(read) => violations.extend(circles(&by_file(read.arrows()))),
            Err(fault) => violations.push(fault),
        }
    }
    violations
}

fn is_root(path: &str) -> bool {
    ["lib.rs", "main.rs"].iter().any(|name| path == *name || path.ends_with(&format!("/{name}")))
}

fn by_file(arrows: BTreeSet<Arrow>) -> Arrows {
    let mut files = Arrows::new();
    for arrow in arrows {
        files.entry(arrow.from.clone()).or_default().entry(arrow.to.clone()).or_insert(arrow);
    }
    files
}

/// A line for each set of files that are in circles with one another: its shortest circle, and how many files it has.
fn circles(arrows: &Arrows) -> Vec<String> {
    let mut told = BTreeSet::new();
    let mut lines = Vec::new();
    for start in arrows.keys() {
        let together = |other: &&String| way(arrows, start, other).is_some() && way(arrows, other, start).is_some();
        let circle = Vec::from_iter(arrows.keys().filter(together));
        if circle.is_empty() || told.contains(start) {
            continue;
        }
        let shortest = circle.iter().filter_map(|file| way(arrows, file, file)).min_by_key(Vec::len);
        told.extend(circle.iter().copied());
        let steps =
            shortest.iter().flatten().map(|arrow| format!("{}:{} (`{}`) → ", arrow.from, arrow.line, arrow.name));
        let end = shortest.iter().flatten().next().map_or("", |arrow| &arrow.from);
        let others = match circle.len() - shortest.as_ref().map_or(0, Vec::len) {
            0 => String::new(),
            n => format!("; {n} more are in circles with these"),
        };
        lines.push(format!("{}{end}{others}", String::from_iter(steps)));
    }
    lines
}

/// A shortest way along at least one arrow.
fn way<'a>(arrows: &'a Arrows, from: &str, to: &str) -> Option<Vec<&'a Arrow>> {
    // The arrow by which each file was reached first.
    let mut by: BTreeMap<&str, &Arrow> = BTreeMap::new();
    let mut open = VecDeque::from([from]);
    while let Some(file) = open.pop_front() {
        for arrow in arrows.get(file).into_iter().flat_map(BTreeMap::values) {
            if !by.contains_key(arrow.to.as_str()) {
                by.insert(&arrow.to, arrow);
                open.push_back(&arrow.to);
            }
        }
        if by.contains_key(to) {
            break;
        }
    }
    let mut steps = vec![*by.get(to)?];
    while let Some(arrow) = steps.last().filter(|arrow| arrow.from != from) {
        steps.push(by.get(arrow.from.as_str())?);
    }
    steps.reverse();
    Some(steps)
}

#[cfg(test)]
mod tests {
    use super::super::workspace::of_files;
    use super::*;

    const NONE: [&str; 0] = [];

    /// The faults of a crate `x` of these files, by their names within it.
    fn found(files: &[(&str, &str)]) -> Vec<String> {
        files_have_no_circles(&of_files(files)).into_iter().map(|line| line.replace("x/src/", "")).collect()
    }

    #[test]
    fn finds_two_files_that_name_each_other() {
        let lib = ("x/src/lib.rs", "mod a;\nmod b;");
        let a = ("x/src/a.rs", "use crate::b::B;\npub struct A(B);");
        assert_eq!(found(&[lib, a, ("x/src/b.rs", "pub struct B;")]), NONE);
        let told = ["a.rs:1 (`crate::b::B`) → b.rs:1 (`super::a::A`) → a.rs"];
        assert_eq!(found(&[lib, a, ("x/src/b.rs", "pub struct B(Option<super::a::A>);")]), told);
        let in_macro = ("x/src/b.rs", "pub struct B;\nfn f() { println!(\"{}\", super::a::A::X) }");
        assert_eq!(found(&[lib, a, in_macro]), ["a.rs:1 (`crate::b::B`) → b.rs:2 (`super::a::A::X`) → a.rs"]);
    }

    #[test]
    fn finds_a_circle_over_a_third_file_and_a_re_export() {
        let files = [
            ("x/src/lib.rs", "mod a; mod b; mod c;\npub use a::A;\nfn main() { b::f() }"),
            ("x/src/a/mod.rs", "pub(crate) struct A;\nuse crate::b::*;\nconst N: usize = ONE;"),
            ("x/src/b.rs", "use super::c as d;\npub const ONE: usize = d::ONE;\npub fn f() {}"),
            ("x/src/c.rs", "pub const ONE: usize = 1;\nfn g(_: crate::A) {}"),
        ];
        let told = "a/mod.rs:3 (`ONE`) → b.rs:2 (`d::ONE`) → c.rs:2 (`crate::A`) → a/mod.rs";
        assert_eq!(found(&files), [told]);
    }

    #[test]
    fn a_module_may_offer_what_is_below_it_and_not_use_it() {
        let child = ("x/src/a/b.rs", "use super::N;\npub struct B([u8; N]);");
        let lib = ("x/src/lib.rs", "mod a;\npub use a::{B, N};");
        let parent = |more: &str| format!("mod b;\npub use b::B;\npub const N: usize = 1;\n{more}");
        assert_eq!(found(&[lib, ("x/src/a.rs", &parent("")), child]), NONE);
        let told = ["a.rs:4 (`B`) → a/b.rs:1 (`super::N`) → a.rs"];
        assert_eq!(found(&[lib, ("x/src/a.rs", &parent("fn f(_: B) {}")), child]), told);
        assert_eq!(found(&[lib, ("x/src/a.rs", &parent("mod tests { fn f(_: super::B) {} }")), child]).len(), 1);
    }

    #[test]
    fn tests_may_name_what_they_compare() {
        let lib = ("x/src/lib.rs", "mod a;\nmod b;");
        let a = ("x/src/a.rs", "use crate::b::B;\npub struct A(B);");
        let tests = "pub struct B;\n#[cfg(test)]\nuse crate::a::A;\n#[cfg(test)]\nmod tests { use crate::a::A; }";
        assert_eq!(found(&[lib, a, ("x/src/b.rs", tests)]), NONE);
        let others = "pub struct B;\n#[cfg(not(test))]\nuse crate::a::A;";
        assert_eq!(found(&[lib, a, ("x/src/b.rs", others)]).len(), 1);
    }

    #[test]
    fn what_is_not_rust_is_a_fault() {
        assert_eq!(found(&[("x/src/lib.rs", "fn")]).len(), 1);
    }
}
