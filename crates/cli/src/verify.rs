//! `verify`: every claim by every engine that applies.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use claims::{Claim, Kind, glob};
use registry::{Entry, REGISTRY};
use report::expected::expected_names;
use report::snapshot::STUDY;
use report::{program, record, recorded, table, tables};
use serde::Serialize;
use studies::STUDIES;
use verify::{Effort, Engine, Options, Report};

use crate::bar::Bar;
use crate::output::Destination;
use crate::say;

/// The seed of the snapshots.
const SEED: u64 = 1;

/// Judge every claim with every engine that applies
#[derive(clap::Args)]
#[command(after_help = "Exit code 0 only if every verdict is as recorded under snapshots/, every rival is rejected, \
every claim has an instance, and no snapshot changed or is left over.

Examples:
  cargo xtask verify                                    every claim, under three minutes
  cargo xtask verify --full --json verdicts.json        more settings and draws
  cargo xtask verify --claim label-noise/fluctuation --engine exact
  cargo xtask verify --claim 'tail/*'                   what the study of the tail judges
  cargo xtask verify --quick                            the exact engine alone, up to the first failure
  cargo xtask verify --list                             the names of claims and topics
  cargo xtask verify --write                            the same, and FINDINGS.md and THEORY.md are written anew
  cargo insta review                                    look at changed snapshots, and accept or reject them")]
pub struct Args {
    #[command(flatten)]
    choice: Choice,
    /// Judge claim by claim, by the exact engine unless others are asked, and stop at the first that fails
    #[arg(long, conflicts_with_all = ["full", "seed", "json"])]
    quick: bool,
    /// Write the verdict file; `-` is the standard output
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write FINDINGS.md, docs/THEORY.md and the pages of findings/ anew, instead of comparing them
    #[arg(long, conflicts_with_all = ["claim", "engine", "quick", "full", "seed"])]
    write: bool,
    /// List the names of claims and topics, and judge nothing
    #[arg(long, exclusive = true)]
    list: bool,
}

impl Args {
    /// Whether verdicts are compared with those that are recorded.
    pub fn compares(&self) -> bool {
        !self.list
    }
}

/// What is judged, by whom and how thoroughly.
#[derive(clap::Args)]
pub struct Choice {
    /// Judge only this claim, or the claims of this topic; `*` stands for anything (may be repeated)
    #[arg(long, value_name = "NAME", value_parser = pattern)]
    claim: Vec<String>,
    /// Ask only this engine, or `study` for what the studies judge (may be repeated)
    #[arg(long, value_name = "ENGINE", value_parser = judge)]
    engine: Vec<Judge>,
    /// Take more settings and more draws; snapshots hold the default run and only verdicts are compared
    #[arg(long)]
    full: bool,
    /// The seed of every draw; for another than that of the snapshots only verdicts are compared
    #[arg(long, value_name = "N", default_value_t = SEED)]
    seed: u64,
}

/// A run, and what became of it.
pub struct Judged {
    pub report: Report,
    /// The time that each step took.
    seconds: BTreeMap<String, f64>,
    /// What failed in the run itself, and where it is not as recorded.
    pub failures: Vec<String>,
}

impl Choice {
    /// Judges, and compares with what is recorded.
    pub fn judge(&self) -> anyhow::Result<Judged> {
        let entries = selected(&self.claim);
        let engines = self.engines();
        let effort = if self.full { Effort::Full } else { Effort::Standard };
        let options = Options::default().with_seed(self.seed).with_effort(effort).with_engines(engines);
        let bar = Bar::default();
        let mut failures = Vec::new();
        let mut studied = Vec::new();
        if self.asks(Judge::Study) {
            let is_asked = |id: &str| entries.iter().any(|entry| entry.id() == id);
            let studies = STUDIES.iter().copied().filter(|study| study.claims().any(|claim| is_asked(claim.id)));
            let made = studies::make(&Vec::from_iter(studies), &bar)?;
            for made in &made {
                failures.extend(tables::change(made, &tables::text(&made.table))?);
            }
            studied = studies::records(&made);
            studied.retain(|record| is_asked(record.id));
        }
        let claims = Vec::from_iter(entries.iter().filter_map(|entry| entry.closed_form()));
        let report = verify::run(&claims, &options, &bar);
        let report = Report { studied, ..report };
        let seconds = bar.seconds();
        drop(bar);
        anyhow::ensure!(report.verdicts().count() > 0, "{}", self.nobody_judges());
        failures.extend(report.failures());
        failures.extend(recorded::changes(&report, self.is_as_recorded())?);
        Ok(Judged { report, seconds, failures })
    }

    /// Why nothing was judged.
    fn nobody_judges(&self) -> String {
        let judges = Vec::from_iter(self.engine.iter().map(|judge| judge.name())).join(", ");
        let claims = Vec::from_iter(selected(&self.claim).iter().map(|entry| entry.id())).join(", ");
        format!("engine = {judges}: expected one that judges any of {claims}")
    }

    fn asks(&self, judge: Judge) -> bool {
        self.engine.is_empty() || self.engine.contains(&judge)
    }

    fn engines(&self) -> Vec<Engine> {
        Engine::ALL.into_iter().filter(|engine| self.asks(Judge::Engine(*engine))).collect()
    }

    /// Whether settings and draws are those of the snapshots.
    fn is_as_recorded(&self) -> bool {
        self.seed == SEED && !self.full
    }

    /// Whether no claim is named.
    pub fn is_of_any_claim(&self) -> bool {
        self.claim.is_empty()
    }

    /// The options with which claims of a file are judged by the same engines.
    pub fn prompt(&self) -> Options {
        Options::default().with_seed(self.seed).with_effort(Effort::Prompt).with_engines(self.engines())
    }

    fn is_of_all(&self) -> bool {
        self.claim.is_empty() && self.engine.is_empty()
    }

    /// The options that choose the same again, with a space before each.
    pub fn options(&self) -> String {
        let mut options = String::new();
        self.claim.iter().for_each(|claim| options += &format!(" --claim {claim}"));
        self.engine.iter().for_each(|engine| options += &format!(" --engine {}", engine.name()));
        if self.full {
            options += " --full";
        }
        if self.seed != SEED {
            options += &format!(" --seed {}", self.seed);
        }
        options
    }
}

/// What `--json` writes.
#[derive(Serialize)]
pub struct VerdictFile<'a> {
    #[serde(flatten)]
    pub report: &'a Report,
    /// The time that each step took.
    pub seconds: BTreeMap<String, f64>,
}

/// Who judges: an engine, or the study to which a claim belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Judge {
    Engine(Engine),
    Study,
}

impl Judge {
    fn all() -> impl Iterator<Item = Judge> {
        Engine::ALL.into_iter().map(Judge::Engine).chain([Judge::Study])
    }

    fn name(self) -> &'static str {
        match self {
            Judge::Engine(engine) => engine.name(),
            Judge::Study => STUDY,
        }
    }
}

fn judge(name: &str) -> Result<Judge, String> {
    let names = Vec::from_iter(Judge::all().map(Judge::name)).join(", ");
    Judge::all().find(|judge| judge.name() == name).ok_or_else(|| format!("expected one of {names}"))
}

/// How many names are shown in place of one that is none.
const NEAREST: usize = 3;

/// Checks that a pattern means a claim; the error has names that are spelled most like it.
fn pattern(pattern: &str) -> Result<String, String> {
    if REGISTRY.iter().any(|entry| glob(pattern, entry.id())) {
        return Ok(pattern.to_owned());
    }
    Err(format!("expected a claim, a topic or a pattern of either, {}", spelled_alike(pattern, names())))
}

/// The names that are spelled most like one that is none, and where all are to be had.
pub fn spelled_alike<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let mut nearest = Vec::from_iter(names);
    let likeness = |other: &&str| strsim::jaro_winkler(name, other);
    nearest.sort_by(|a, b| likeness(b).total_cmp(&likeness(a)));
    nearest.truncate(NEAREST);
    format!("such as {} ({} verify --list names all)", nearest.join(", "), program::name())
}

/// Judges, compares with what is recorded, reports.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    if args.list {
        names().into_iter().try_for_each(say)?;
        return Ok(ExitCode::SUCCESS);
    }
    if args.quick {
        let claims = Vec::from_iter(selected(&args.choice.claim).iter().filter_map(|entry| entry.closed_form()));
        let engines = if args.choice.engine.is_empty() { vec![Engine::Exact] } else { args.choice.engines() };
        return quick(&claims, &engines);
    }
    let start = Instant::now();
    let destination = Destination::new(args.json.as_deref(), None)?;
    if args.write {
        recorded::check_places()?;
    }
    let Judged { report, seconds, mut failures } = args.choice.judge()?;
    // The verdicts are shown, too, where their file is lost.
    let written = destination.write_json(&VerdictFile { report: &report, seconds });
    if args.choice.is_as_recorded() && args.choice.is_of_all() {
        failures.extend(record::left_over(&expected_names())?);
        failures.extend(recorded::findings(&report, args.write)?);
    }
    summarize(args, destination, &report, &failures, start)?;
    written?;
    Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Judges claim by claim, up to the first that is not as recorded.
fn quick(claims: &[&Claim], engines: &[Engine]) -> anyhow::Result<ExitCode> {
    anyhow::ensure!(
        !claims.is_empty() && !engines.is_empty(),
        "expected a claim that an engine judges: studies are not quick"
    );
    let start = Instant::now();
    let bar = Bar::default();
    // Exact claims come last, because their proofs take the longest.
    let mut claims = claims.to_vec();
    claims.sort_by_key(|claim| matches!(claim.kind, Kind::Exact));
    for claim in &claims {
        let options = Options::default().with_seed(SEED).with_engines(engines.to_vec());
        let report = verify::run(&[claim], &options, &bar);
        let mut failures = report.failures();
        failures.extend(recorded::changes(&report, true)?);
        if !failures.is_empty() {
            drop(bar);
            failures.iter().try_for_each(|failure| say(&format!("FAILED  {failure}")))?;
            return Ok(ExitCode::FAILURE);
        }
    }
    drop(bar);
    let names = engines.iter().map(|engine| engine.name());
    let names = Vec::from_iter(names).join(", ");
    say(&format!("{} claims by {names}: snapshots as recorded; {:.1} s", claims.len(), start.elapsed().as_secs_f64()))?;
    Ok(ExitCode::SUCCESS)
}

/// Every claim and topic.
fn names() -> BTreeSet<&'static str> {
    REGISTRY.iter().flat_map(|entry| [entry.id(), entry.topic()]).collect()
}

/// What one of the patterns means, in the order of the registry; everything where there is no pattern.
fn selected(patterns: &[String]) -> Vec<Entry> {
    let is_asked = |entry: &&Entry| patterns.is_empty() || patterns.iter().any(|pattern| glob(pattern, entry.id()));
    REGISTRY.iter().filter(is_asked).copied().collect()
}

fn summarize(
    args: &Args,
    destination: Destination,
    report: &Report,
    failures: &[String],
    start: Instant,
) -> anyhow::Result<()> {
    destination.show(&table::of(report))?;
    for failure in failures {
        destination.show(&format!("FAILED  {failure}"))?;
    }
    let verdicts = table::count_verdicts(report);
    let compared = if args.choice.is_as_recorded() { "snapshots" } else { "verdicts" };
    let outcome =
        if failures.is_empty() { format!("{compared} as recorded") } else { format!("{} failed", failures.len()) };
    destination.show(&format!(
        "{} claims: {verdicts}; {outcome}; seed {}, {:.1} s; {} z-scores share a false-alarm probability of {:e}, |z| > {:.2} rejects",
        report.verdicts().count(),
        report.seed,
        start.elapsed().as_secs_f64(),
        report.budget.comparisons,
        report.budget.false_alarm_probability,
        report.budget.threshold,
    ))?;
    Ok(())
}
