//! Who depends on whom: the crates of the workspace and what they need to build and run.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cargo_metadata::{DependencyKind, MetadataCommand};

use super::Workspace;

const CLAIMS: &str = "claims";
/// Fig. 1, on a framework of deep learning that nobody else should have to build.
const NETWORKS: &str = "fig1";
const ENGINES: [&str; 3] = ["exact", "lyapunov", "montecarlo"];

/// The crates of the workspace, each with its direct dependencies. Those of tests are left out: a test may compare.
#[derive(Default)]
pub struct Graph(BTreeMap<String, BTreeSet<String>>);

impl Graph {
    /// The graph that cargo reads from the manifests, optional dependencies included.
    pub fn load(root: &Path) -> anyhow::Result<Self> {
        let metadata = MetadataCommand::new().current_dir(root).no_deps().exec()?;
        let members = metadata.packages.into_iter().map(|package| {
            let needed = package.dependencies.into_iter().filter(|needed| needed.kind != DependencyKind::Development);
            (package.name.to_string(), needed.map(|needed| needed.name).collect())
        });
        Ok(Graph(members.collect()))
    }

    /// What `member` needs, directly or through other members.
    fn reach(&self, member: &str) -> BTreeSet<&str> {
        let mut reached = BTreeSet::new();
        let mut open = vec![member];
        while let Some(next) = open.pop() {
            for needed in self.0.get(next).into_iter().flatten() {
                if reached.insert(needed.as_str()) {
                    open.push(needed);
                }
            }
        }
        reached
    }

    /// A line for each dependency of `member` that is `forbidden`, or if there is no such member.
    fn forbid(&self, member: &str, forbidden: impl Fn(&str) -> bool) -> Vec<String> {
        if !self.0.contains_key(member) {
            return vec![format!("the workspace has no crate `{member}`")];
        }
        let reached = self.reach(member).into_iter().filter(|needed| forbidden(needed));
        reached.map(|needed| format!("`{member}` depends on `{needed}`")).collect()
    }
}

pub fn engines_stand_alone(workspace: &Workspace) -> Vec<String> {
    let violations = ENGINES.into_iter().flat_map(|engine| {
        let other = move |needed: &str| needed == CLAIMS || ENGINES.contains(&needed) && needed != engine;
        workspace.graph.forbid(engine, other)
    });
    violations.collect()
}

pub fn claims_stand_alone(workspace: &Workspace) -> Vec<String> {
    workspace.graph.forbid(CLAIMS, |needed| ENGINES.contains(&needed) || needed.starts_with("rand"))
}

pub fn nobody_needs_networks(workspace: &Workspace) -> Vec<String> {
    let members = workspace.graph.0.keys().filter(|member| *member != NETWORKS);
    members
        .flat_map(|member| workspace.graph.forbid(member, |needed| needed == NETWORKS || needed.starts_with("candle")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace(edges: &[(&str, &[&str])]) -> Workspace {
        let member = |(name, needed): &(&str, &[&str])| {
            (name.to_string(), needed.iter().map(|name| name.to_string()).collect::<BTreeSet<_>>())
        };
        Workspace { graph: Graph(edges.iter().map(member).collect()), files: Vec::new() }
    }

    #[test]
    fn finds_an_engine_that_leans_on_a_claim_through_another_crate() {
        let sound: &[(&str, &[&str])] = &[("exact", &["rug"]), ("lyapunov", &["faer"]), ("montecarlo", &["helper"])];
        assert_eq!(engines_stand_alone(&workspace(sound)), Vec::<String>::new());
        let leaning = [sound, &[("helper", &["claims"])]].concat();
        assert_eq!(engines_stand_alone(&workspace(&leaning)), ["`montecarlo` depends on `claims`"]);
    }

    #[test]
    fn finds_an_engine_that_leans_on_another() {
        let edges: &[(&str, &[&str])] = &[("exact", &["lyapunov"]), ("lyapunov", &[]), ("montecarlo", &[])];
        assert_eq!(engines_stand_alone(&workspace(edges)), ["`exact` depends on `lyapunov`"]);
    }

    #[test]
    fn a_missing_engine_does_not_pass() {
        let edges: &[(&str, &[&str])] = &[("exact", &[]), ("lyapunov", &[])];
        assert_eq!(engines_stand_alone(&workspace(edges)), ["the workspace has no crate `montecarlo`"]);
    }

    #[test]
    fn finds_claims_that_draw() {
        let edges: &[(&str, &[&str])] = &[("claims", &["symbols", "rug"]), ("symbols", &["rand_chacha"])];
        assert_eq!(claims_stand_alone(&workspace(edges)), ["`claims` depends on `rand_chacha`"]);
    }

    #[test]
    fn finds_a_crate_that_needs_networks() {
        let sound: &[(&str, &[&str])] = &[("fig1", &["candle-core"]), ("verify", &["plot"]), ("plot", &[])];
        assert_eq!(nobody_needs_networks(&workspace(sound)), Vec::<String>::new());
        let needy = [sound, &[("xtask", &["verify", "fig1"])]].concat();
        assert_eq!(
            nobody_needs_networks(&workspace(&needy)),
            ["`xtask` depends on `candle-core`", "`xtask` depends on `fig1`"]
        );
    }
}
