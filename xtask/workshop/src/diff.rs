//! `diff`: what changed between two verdict files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use comfy_table::{ContentArrangement, Table, presets};
use serde::Deserialize;
use serde_json::{Map, Value};

use cli::say;

/// Compare two verdict files: verdicts, evidence, digits, hypotheses, and the time that each step took
#[derive(clap::Args)]
#[command(after_help = "Exit code 0 only if no claim changed, or every one that did is named in the explanation.

Examples:
  cargo xtask verify --json new.json            on the branch, and old.json in the same way on main
  cargo xtask diff old.json new.json            what changed in which claim, old and new side by side
  cargo xtask diff old.json new.json --explained CHANGES.md
                                                passes if the text names every claim that changed, or its topic as `topic/*`")]
pub struct Args {
    /// Of the revision before
    old: PathBuf,
    /// Of the revision after
    new: PathBuf,
    /// A text that explains changes, such as the description of a pull request
    #[arg(long, value_name = "FILE")]
    explained: Option<PathBuf>,
    /// List steps whose time grew or fell by more than this factor
    #[arg(long, value_name = "FACTOR", default_value_t = 1.5, value_parser = factor)]
    slower: f64,
}

/// Steps shorter than this are noise.
const SECONDS: f64 = 1.0;

fn factor(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|factor| *factor >= 1.0).ok_or_else(|| format!("{text}: expected a number of at least 1"))
}

/// The part of a verdict file that is compared. A claim may hold any JSON: what is added to the file is compared, too.
#[derive(Deserialize)]
struct Verdicts {
    claims: Vec<Map<String, Value>>,
    seed: u64,
    /// The time of each step.
    #[serde(default)]
    seconds: BTreeMap<String, f64>,
}

impl Verdicts {
    fn read(path: &Path) -> anyhow::Result<Verdicts> {
        let shown = path.display();
        let text = fs::read_to_string(path).with_context(|| format!("reading {shown}"))?;
        serde_json::from_str(&text)
            .with_context(|| format!("{shown} is no verdict file; `cargo xtask verify --json` writes one"))
    }

    /// The facts of each claim, by identifier.
    fn facts(&self) -> BTreeMap<&str, BTreeMap<String, String>> {
        let of_claim = |claim: &Map<String, Value>| {
            let mut facts = BTreeMap::new();
            claim.iter().filter(|(key, _)| *key != "id").for_each(|(key, value)| flatten(key, value, &mut facts));
            facts
        };
        self.claims.iter().filter_map(|claim| Some((claim.get("id")?.as_str()?, of_claim(claim)))).collect()
    }
}

/// Puts what a value says under the path that leads to it. Items of a list go by their engine, strength or name, so
/// that one more of them moves no other.
fn flatten(path: &str, value: &Value, facts: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(key, value)| flatten(&format!("{path}, {key}"), value, facts))
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            let mut met: BTreeMap<String, usize> = BTreeMap::new();
            for item in items {
                let part = |key| item.get(key).and_then(Value::as_str);
                let name = Vec::from_iter(["engine", "strength", "name"].into_iter().filter_map(part)).join(", ");
                let number = met.entry(name.clone()).or_default();
                *number += 1;
                let name = if *number == 1 { name } else { format!("{name} ({number})") };
                flatten(&format!("{path}, {name}"), item, facts);
            }
        }
        Value::Null => {}
        Value::String(text) => drop(facts.insert(path.into(), text.clone())),
        other => drop(facts.insert(path.into(), other.to_string())),
    }
}

/// One fact that is not what it was.
struct Change<'a> {
    claim: &'a str,
    fact: &'a str,
    old: &'a str,
    new: &'a str,
}

/// The facts of a claim that is not there.
static NOTHING: BTreeMap<String, String> = BTreeMap::new();

type Facts<'a> = BTreeMap<&'a str, BTreeMap<String, String>>;

fn changes<'a>(old: &'a Facts, new: &'a Facts) -> Vec<Change<'a>> {
    let mut changes = Vec::new();
    for claim in union(old.keys().copied(), new.keys().copied()) {
        let [before, after] = [old, new].map(|facts| facts.get(claim).unwrap_or(&NOTHING));
        for fact in union(before.keys().map(String::as_str), after.keys().map(String::as_str)) {
            let [old, new] = [before, after].map(|facts| facts.get(fact).map_or("–", String::as_str));
            if old != new {
                changes.push(Change { claim, fact, old, new });
            }
        }
    }
    changes
}

/// The items of both without repetition, in order.
fn union<'a>(one: impl Iterator<Item = &'a str>, other: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut all = Vec::from_iter(one.chain(other));
    all.sort_unstable();
    all.dedup();
    all
}

/// The steps whose time changed by more than the factor, and the whole.
fn timings(old: &Verdicts, new: &Verdicts, factor: f64) -> Vec<[String; 4]> {
    let row = |step: &str, before: f64, after: f64| {
        [step.to_owned(), format!("{before:.1}"), format!("{after:.1}"), format!("{:.2}", after / before)]
    };
    let steps = old.seconds.iter().filter_map(|(step, before)| Some((step, *before, *new.seconds.get(step)?)));
    let changed = steps.filter(|(_, before, after)| {
        before.max(*after) >= SECONDS && !(1.0 / factor..=factor).contains(&(after / before))
    });
    let mut rows = Vec::from_iter(changed.map(|(step, before, after)| row(step, before, after)));
    let [before, after] = [old, new].map(|file| file.seconds.values().sum::<f64>());
    if before > 0.0 && after > 0.0 {
        rows.push(row("all steps", before, after));
    }
    rows
}

/// The claims of the changes that the text names neither themselves nor by their topic.
fn unexplained<'a>(changes: &[Change<'a>], text: &str) -> Vec<&'a str> {
    let words = Vec::from_iter(
        text.split(|c: char| c.is_whitespace() || "`,;:()".contains(c)).map(|w| w.trim_end_matches('.')),
    );
    let named = |claim: &str| {
        let topic = format!("{}/*", claims::topic(claim));
        words.iter().any(|word| *word == claim || *word == topic)
    };
    let mut claims = Vec::from_iter(changes.iter().map(|change| change.claim).filter(|claim| !named(claim)));
    claims.dedup();
    claims
}

fn table<const N: usize>(header: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(header).add_rows(rows);
    table.to_string()
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let [old, new] = [&args.old, &args.new].map(|path| Verdicts::read(path));
    let (old, new) = (old?, new?);
    let explanation = args
        .explained
        .as_ref()
        .map(|path| fs::read_to_string(path).with_context(|| format!("reading {}", path.display())));
    let explanation = explanation.transpose()?.unwrap_or_default();
    if old.seed != new.seed {
        say(&format!("seeds {} and {}: settings and draws differ, whatever the code", old.seed, new.seed))?;
    }
    let (before, after) = (old.facts(), new.facts());
    let changes = changes(&before, &after);
    if !changes.is_empty() {
        let rows = changes.iter().map(|change| [change.claim, change.fact, change.old, change.new].map(str::to_owned));
        say(&table(["claim", "what", "old", "new"], rows))?;
    }
    let timings = timings(&old, &new, args.slower);
    if !timings.is_empty() {
        say(&table(["step", "old, s", "new, s", "ratio"], timings))?;
    }
    let changed = changes.chunk_by(|one, next| one.claim == next.claim).count();
    let unexplained = unexplained(&changes, &explanation);
    for claim in unexplained.iter().filter(|_| args.explained.is_some()) {
        say(&format!("FAILED  {claim}: changed, and the explanation does not name it"))?;
    }
    say(&format!("{changed} of {} claims changed, {} of them unexplained", after.len(), unexplained.len()))?;
    Ok(if unexplained.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdicts(claims: &str, seconds: &str) -> Verdicts {
        serde_json::from_str(&format!(r#"{{"claims": [{claims}], "seed": 1, "seconds": {{{seconds}}}}}"#)).unwrap()
    }

    const CLAIM: &str = r#"{"id": "a/b", "verdict": "agrees", "evidence": [
        {"engine": "exact", "strength": "proved", "instances": 1},
        {"engine": "exact", "strength": "identity", "instances": 4},
        {"engine": "lyapunov", "strength": "digits", "measured": "distance < 1e-10"}]}"#;

    fn between(old: &str, new: &str) -> Vec<[String; 4]> {
        let (old, new) = (verdicts(old, ""), verdicts(new, ""));
        let (old, new) = (old.facts(), new.facts());
        let changes = changes(&old, &new);
        changes.iter().map(|change| [change.claim, change.fact, change.old, change.new].map(str::to_owned)).collect()
    }

    #[test]
    fn equal_files_have_no_difference() {
        assert!(between(CLAIM, CLAIM).is_empty());
    }

    #[test]
    fn a_change_is_shown_where_it_is() {
        let new = CLAIM.replace("agrees", "differs").replace("1e-10", "1e-9");
        let changed = |fact: &str, old: &str, new: &str| ["a/b", fact, old, new].map(str::to_owned);
        let expected = [
            changed("evidence, lyapunov, digits, measured", "distance < 1e-10", "distance < 1e-9"),
            changed("verdict", "agrees", "differs"),
        ];
        assert_eq!(between(CLAIM, &new), expected);
    }

    #[test]
    fn one_piece_of_evidence_more_moves_no_other() {
        let new = CLAIM.replace(
            r#"{"engine": "exact", "strength": "identity""#,
            r#"{"engine": "montecarlo", "strength": "z", "instances": 2}, {"engine": "exact", "strength": "identity""#,
        );
        let facts = Vec::from_iter(between(CLAIM, &new).into_iter().map(|[_, fact, old, _]| (fact, old)));
        assert!(
            !facts.is_empty()
                && facts.iter().all(|(fact, old)| fact.starts_with("evidence, montecarlo, z") && old == "–")
        );
    }

    #[test]
    fn claims_come_and_go() {
        assert!(between("", CLAIM).iter().all(|[claim, _, old, _]| claim == "a/b" && old == "–"));
        assert!(
            between(CLAIM, "").iter().any(|[_, fact, old, new]| fact == "verdict" && old == "agrees" && new == "–")
        );
    }

    #[test]
    fn an_explanation_names_a_claim_or_its_topic() {
        let change = Change { claim: "a/b", fact: "verdict", old: "agrees", new: "differs" };
        for (text, explains) in
            [("", false), ("see `a/b`.", true), ("all of a/*, as", true), ("a/bc", false), ("b/*", false), ("a", false)]
        {
            assert_eq!(unexplained(std::slice::from_ref(&change), text).is_empty(), explains, "{text}");
        }
    }

    #[test]
    fn times_are_compared_where_they_are_long() {
        let (old, new) =
            (verdicts("", r#""x": 1.0, "y": 0.1, "z": 3.0"#), verdicts("", r#""x": 2.0, "y": 0.9, "z": 3.1"#));
        let rows = timings(&old, &new, 1.5);
        assert_eq!(
            rows,
            [["x", "1.0", "2.0", "2.00"], ["all steps", "4.1", "6.0", "1.46"]].map(|row| row.map(str::to_owned))
        );
    }
}
