//! The map of the workspace: which crate may know which, and what must not be compiled with it.

use super::workspace::Workspace;

/// A crate of the workspace.
struct Room {
    name: &'static str,
    /// The crates of the workspace that its manifest may name. Tests may name any.
    knows: &'static [Names],
    /// The packages that must not be compiled with it, where it is built alone; a name that ends in `*` is a beginning.
    without: &'static [Names],
}

type Names = &'static [&'static str];

const SYMBOLS: Names = &["numbers", "symbols"];
const FORMULAS: Names = &["notation", "reader", "formula"];
const ENGINES: Names = &["exact", "lyapunov", "montecarlo"];
/// Claims, and all that is found of them.
const JUDGED: Names = &["claims", "registry", "verify", "tables", "tails", "studies", "figures", "precision"];
const PRODUCT: Names = &["problem", "report", "plot"];

const GMP: Names = &["gmp-mpfr-sys", "rug"];
const FILES: Names = &["csv", "flate2", "npyz", "zip"];
/// For problem files and claim files.
const TEXTS: Names = &["toml"];
const CHANCE: Names = &["rand", "rand_*"];
const PAGES: Names = &["maud", "pulldown-latex"];
const TERMINAL: Names = &["clap", "indicatif"];
/// Tables laid out for a reader.
const TABLES: Names = &["comfy-table"];
/// For the workshop alone: a first verdict does not wait for them.
const PARSERS: Names = &["cargo_metadata", "regex", "regex-automata"];
/// For Fig. 1: a framework of deep learning that nobody else should have to build.
const NETWORKS: Names = &["candle-*"];

/// Every crate. None knows one that stands below it.
const MAP: &[Room] = &[
    Room { name: "numbers", knows: &[], without: &[FILES, TEXTS, CHANCE] },
    Room { name: "symbols", knows: &[&["numbers"]], without: &[FILES, TEXTS, CHANCE] },
    Room { name: "problem", knows: &[SYMBOLS], without: &[CHANCE] },
    Room { name: "matrix-equations", knows: &[], without: &[GMP, FILES, TEXTS] },
    Room { name: "notation", knows: &[SYMBOLS], without: &[FILES, TEXTS, CHANCE] },
    Room { name: "reader", knows: &[&["notation"]], without: &[FILES, TEXTS, CHANCE] },
    Room { name: "formula", knows: &[SYMBOLS, &["notation", "reader"]], without: &[FILES, TEXTS, CHANCE] },
    Room { name: "claims", knows: &[SYMBOLS, FORMULAS], without: &[FILES, CHANCE] },
    Room { name: "registry", knows: &[SYMBOLS, &["notation", "claims"]], without: &[FILES, CHANCE] },
    Room { name: "exact", knows: &[SYMBOLS], without: &[FILES, TEXTS, CHANCE] },
    Room { name: "lyapunov", knows: &[SYMBOLS, &["matrix-equations"]], without: &[GMP, FILES, TEXTS] },
    Room { name: "montecarlo", knows: &[SYMBOLS], without: &[GMP, FILES, TEXTS] },
    Room {
        name: "evidence",
        knows: &[SYMBOLS, FORMULAS, &["claims"], ENGINES],
        without: &[FILES, PAGES, TERMINAL, TABLES],
    },
    Room {
        name: "rivals",
        knows: &[SYMBOLS, FORMULAS, &["claims", "evidence", "exact"]],
        without: &[FILES, PAGES, TERMINAL, TABLES],
    },
    Room {
        name: "verify",
        knows: &[SYMBOLS, FORMULAS, &["claims", "registry", "evidence", "rivals"]],
        without: &[FILES, PAGES, TERMINAL, TABLES],
    },
    Room {
        name: "tables",
        knows: &[SYMBOLS, FORMULAS, &["claims", "registry", "verify"], ENGINES],
        without: &[PAGES, TERMINAL, TABLES],
    },
    Room {
        name: "tails",
        knows: &[SYMBOLS, &["claims", "registry", "verify", "tables"], ENGINES],
        without: &[PAGES, TERMINAL, TABLES],
    },
    Room {
        name: "studies",
        knows: &[SYMBOLS, FORMULAS, &["claims", "registry", "verify", "tables", "tails"], ENGINES],
        without: &[PAGES, TERMINAL, TABLES],
    },
    Room {
        name: "figures",
        knows: &[SYMBOLS, &["claims", "registry", "verify", "tables", "tails", "studies"], ENGINES],
        without: &[PAGES, TERMINAL, TABLES],
    },
    Room {
        name: "precision",
        knows: &[SYMBOLS, FORMULAS, &["claims", "registry", "verify"], ENGINES],
        without: &[PAGES, TERMINAL, TABLES],
    },
    Room { name: "plot", knows: &[], without: &[GMP, FILES, TEXTS, CHANCE] },
    Room { name: "report", knows: &[SYMBOLS, FORMULAS, JUDGED, &["problem", "plot"], ENGINES], without: &[TERMINAL] },
    Room {
        name: "cli",
        knows: &[SYMBOLS, ENGINES, FORMULAS, JUDGED, PRODUCT, &["matrix-equations"]],
        without: &[NETWORKS],
    },
    Room { name: "xtask", knows: &[&["cli"]], without: &[NETWORKS, PARSERS] },
    Room {
        name: "workshop",
        knows: &[SYMBOLS, ENGINES, FORMULAS, JUDGED, PRODUCT, &["matrix-equations", "cli"]],
        without: &[NETWORKS],
    },
    Room { name: "fig1", knows: &[SYMBOLS, &["problem", "plot"]], without: &[] },
    Room { name: "properties", knows: &[SYMBOLS, ENGINES, FORMULAS, JUDGED, PRODUCT], without: &[NETWORKS] },
    Room { name: "examples", knows: &[SYMBOLS, ENGINES, FORMULAS, JUDGED, PRODUCT], without: &[NETWORKS] },
];

/// Each crate of the workspace is on the map, and its manifest names no other than the map says.
pub fn crates_keep_to_the_map(workspace: &Workspace) -> Vec<String> {
    let direct = &workspace.graph.direct;
    let violations = direct.iter().flat_map(|(member, needed)| match MAP.iter().find(|room| room.name == member) {
        None => vec![format!("`{member}` is not on the map in xtask/workshop/src/tidy/map.rs")],
        Some(room) => {
            let ours = needed.iter().filter(|needed| direct.contains_key(*needed));
            let unknown = ours.filter(|needed| !room.knows.iter().any(|names| names.contains(&needed.as_str())));
            unknown.map(|needed| format!("`{member}` depends on `{needed}`")).collect()
        }
    });
    violations.collect()
}

/// No crate is compiled with a package that the map keeps from it.
pub fn trees_are_light(workspace: &Workspace) -> Vec<String> {
    let mut violations = Vec::new();
    for room in MAP {
        let Some(tree) = workspace.graph.trees.get(room.name) else { continue };
        let kept = |package: &&String| room.without.iter().copied().flatten().any(|name| is(package, name));
        violations.extend(tree.iter().filter(kept).map(|package| format!("`{}` is built with `{package}`", room.name)));
    }
    violations
}

/// What `cargo xtask` compiles, for the product or the workshop, `cargo xtask test` need not compile anew with other
/// features.
pub fn features_are_the_same(workspace: &Workspace) -> Vec<String> {
    let again = workspace.graph.built.difference(&workspace.graph.tested);
    again.map(|package| format!("{package}: tests need other features; crates/cli/Cargo.toml unites them")).collect()
}

fn is(package: &str, name: &str) -> bool {
    name.strip_suffix('*').map_or(package == name, |beginning| package.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::graph::Graph;
    use super::*;

    type Edges<'a> = &'a [(&'a str, &'a [&'a str])];

    fn workspace(direct: Edges, trees: Edges) -> Workspace {
        let graph = |edges: Edges| {
            let needed = |names: &[&str]| BTreeSet::from_iter(names.iter().map(|name| name.to_string()));
            edges.iter().map(|(name, names)| (name.to_string(), needed(names))).collect()
        };
        Workspace { graph: Graph { direct: graph(direct), trees: graph(trees), ..Graph::default() }, files: Vec::new() }
    }

    /// What the map allows a crate to know, directly or through others.
    fn reach(name: &str) -> BTreeSet<&'static str> {
        let direct = MAP.iter().filter(|room| room.name == name).flat_map(|room| room.knows.iter().copied().flatten());
        direct.flat_map(|known| reach(known).into_iter().chain([*known])).collect()
    }

    #[test]
    fn the_map_has_no_arrow_back_up() {
        for (at, room) in MAP.iter().enumerate() {
            let above = Vec::from_iter(MAP[..at].iter().map(|room| room.name));
            for known in room.knows.iter().copied().flatten() {
                assert!(above.contains(known), "{}: {known}", room.name);
            }
        }
    }

    #[test]
    fn the_map_keeps_the_engines_from_the_claims_and_from_each_other() {
        for engine in ENGINES {
            let reached = reach(engine);
            assert!(!reached.contains("claims") && ENGINES.iter().all(|other| !reached.contains(other)), "{engine}");
        }
        assert!(ENGINES.iter().all(|engine| !reach("claims").contains(engine)));
        let last = ["xtask", "workshop", "fig1"];
        assert!(MAP.iter().all(|room| last.iter().all(|last| !reach(room.name).contains(last))));
    }

    #[test]
    fn finds_arrows_that_are_not_on_the_map() {
        let sound: Edges = &[
            ("claims", &["symbols", "rug"]),
            ("exact", &["rug", "symbols"]),
            ("lyapunov", &["faer"]),
            ("symbols", &[]),
            ("fig1", &["plot"]),
            ("plot", &[]),
            ("xtask", &[]),
            ("workshop", &["lyapunov"]),
        ];
        assert_eq!(crates_keep_to_the_map(&workspace(sound, &[])), Vec::<String>::new());
        for (from, to) in [
            ("exact", "claims"),
            ("exact", "lyapunov"),
            ("claims", "exact"),
            ("symbols", "claims"),
            ("lyapunov", "xtask"),
            ("xtask", "fig1"),
            ("xtask", "lyapunov"),
            ("xtask", "workshop"),
            ("plot", "symbols"),
        ] {
            let mut planted = workspace(sound, &[]);
            planted.graph.direct.entry(from.into()).or_default().insert(to.into());
            assert_eq!(crates_keep_to_the_map(&planted), [format!("`{from}` depends on `{to}`")]);
        }
    }

    #[test]
    fn finds_a_crate_that_is_not_on_the_map() {
        let told = ["`attic` is not on the map in xtask/workshop/src/tidy/map.rs"];
        assert_eq!(crates_keep_to_the_map(&workspace(&[("attic", &[]), ("exact", &[])], &[])), told);
    }

    #[test]
    fn finds_packages_that_a_crate_must_be_built_without() {
        let sound: Edges = &[("lyapunov", &["faer", "rand"]), ("exact", &["rug"]), ("fig1", &["candle-core"])];
        assert_eq!(trees_are_light(&workspace(&[], sound)), Vec::<String>::new());
        for (room, package) in [
            ("lyapunov", "gmp-mpfr-sys"),
            ("montecarlo", "toml"),
            ("matrix-equations", "csv"),
            ("claims", "rand_chacha"),
            ("verify", "maud"),
            ("xtask", "regex"),
            ("workshop", "candle-nn"),
        ] {
            let told = [format!("`{room}` is built with `{package}`")];
            assert_eq!(trees_are_light(&workspace(&[], &[(room, &[package])])), told);
        }
    }

    #[test]
    fn finds_features_that_only_tests_ask_for() {
        let set = |packages: &[&str]| packages.iter().map(|package| package.to_string()).collect::<BTreeSet<_>>();
        let with = |built: &[&str], tested: &[&str]| {
            let graph = Graph { built: set(built), tested: set(tested), ..Graph::default() };
            features_are_the_same(&Workspace { graph, files: Vec::new() })
        };
        let built = ["serde v1.0.0 [std]", "syn v3.0.0 [full]"];
        assert_eq!(with(&built, &[&built[..], &["criterion v0.8.0 []"]].concat()), Vec::<String>::new());
        let told = ["serde v1.0.0 [std]: tests need other features; crates/cli/Cargo.toml unites them"];
        assert_eq!(with(&built, &["serde v1.0.0 [alloc,std]", "syn v3.0.0 [full]"]), told);
    }
}
