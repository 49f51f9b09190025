//! `verify`: every claim by every engine that applies.

mod recorded;
pub mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use anyhow::bail;
use claims::{Claim, Kind, REGISTRY};
use serde::Serialize;
use verify::study::STUDIES;
use verify::{Effort, Engine, Options, Progress, Report};

pub use recorded::{expected_names, recorded_verdict};

use crate::output::Destination;
use crate::progress::Watch;
use crate::{say, snapshots};

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
  cargo xtask verify --quick                            the exact engine alone, up to the first failure
  cargo xtask verify --list                             the names of claims and topics
  cargo xtask verify --write                            the same, and FINDINGS.md is written anew
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
    /// Write FINDINGS.md and the pages of findings/ anew, instead of comparing them
    #[arg(long, conflicts_with_all = ["claim", "engine", "quick", "full", "seed"])]
    write: bool,
    /// List the names of claims and topics, and judge nothing
    #[arg(long, exclusive = true)]
    list: bool,
}

/// What is judged, by whom and how thoroughly.
#[derive(clap::Args)]
pub struct Choice {
    /// Judge only this claim, or the claims of this topic (may be repeated)
    #[arg(long, value_name = "ID", value_parser = claim)]
    claim: Vec<String>,
    /// Ask only this engine (may be repeated)
    #[arg(long, value_name = "ENGINE", value_parser = engine)]
    engine: Vec<Engine>,
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
    /// Of each step.
    seconds: BTreeMap<String, f64>,
    /// Of the run itself, and where it is not as recorded.
    pub failures: Vec<String>,
}

impl Choice {
    /// Judges, and compares with what is recorded.
    pub fn judge(&self) -> anyhow::Result<Judged> {
        let claims = selected(&self.claim)?;
        let engines = if self.engine.is_empty() { Engine::ALL.to_vec() } else { self.engine.clone() };
        let effort = if self.full { Effort::Full } else { Effort::Quick };
        let options = Options::default().with_seed(self.seed).with_effort(effort).with_engines(engines);
        let bar = Bar::new();
        let report = verify::run(&claims, &options, &bar);
        let seconds = bar.seconds();
        drop(bar);
        let mut failures = report.failures();
        failures.extend(recorded::changes(&report, self.is_as_recorded())?);
        Ok(Judged { report, seconds, failures })
    }

    /// Whether settings and draws are those of the snapshots.
    fn is_as_recorded(&self) -> bool {
        self.seed == SEED && !self.full
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
struct VerdictFile<'a> {
    #[serde(flatten)]
    report: &'a Report,
    /// Of each step.
    seconds: BTreeMap<String, f64>,
}

fn engine(name: &str) -> Result<Engine, String> {
    let names = Engine::ALL.map(Engine::name);
    let found = Engine::ALL.into_iter().find(|engine| engine.name() == name);
    found.ok_or_else(|| format!("expected one of {}", names.join(", ")))
}

/// Names that are shown for one that is none.
const NEAREST: usize = 3;

/// A claim or topic; for another name, those that are spelled most like it.
fn claim(name: &str) -> Result<String, String> {
    let names = names();
    if names.contains(name) {
        return Ok(name.to_owned());
    }
    Err(format!("expected a claim or a topic, {}", spelled_alike(name, names)))
}

/// The names that are spelled most like one that is none, and where all are to be had.
pub fn spelled_alike<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let mut nearest = Vec::from_iter(names);
    let likeness = |other: &&str| strsim::jaro_winkler(name, other);
    nearest.sort_by(|a, b| likeness(b).total_cmp(&likeness(a)));
    nearest.truncate(NEAREST);
    format!("such as {} (cargo xtask verify --list names all)", nearest.join(", "))
}

/// Judges, compares with what is recorded, reports.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    if args.list {
        names().into_iter().try_for_each(say)?;
        return Ok(ExitCode::SUCCESS);
    }
    if args.quick {
        return quick(&selected(&args.choice.claim)?, &args.choice.engine);
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
        failures.extend(snapshots::left_over()?);
        failures.extend(recorded::findings(&report, args.write)?);
    }
    summarize(args, &report, &failures, start)?;
    written?;
    Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Up to the first claim that is not as recorded.
fn quick(claims: &[&Claim], engines: &[Engine]) -> anyhow::Result<ExitCode> {
    let engines = if engines.is_empty() { vec![Engine::Exact] } else { engines.to_vec() };
    let start = Instant::now();
    let bar = Bar::new();
    // Equalities are proved, which takes the longest.
    let mut claims = claims.to_vec();
    claims.sort_by_key(|claim| matches!(claim.kind, Kind::Exact));
    for claim in &claims {
        let options = Options::default().with_seed(SEED).with_engines(engines.clone());
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

/// Every claim, topic and study.
fn names() -> BTreeSet<&'static str> {
    let of_studies = STUDIES.iter().flat_map(|study| study.claims).map(|claim| claim.id);
    let ids = REGISTRY.iter().map(|claim| claim.id).chain(of_studies);
    ids.flat_map(|id| [id, claims::topic(id)]).collect()
}

/// Claims by identifier or topic, which are among `names`; all where none is named.
fn selected(names: &[String]) -> anyhow::Result<Vec<&'static Claim>> {
    let mut claims = Vec::new();
    for name in names {
        let named = |claim: &&&Claim| claim.id == name || claims::topic(claim.id) == name;
        let found = Vec::from_iter(REGISTRY.iter().filter(named).copied());
        if found.is_empty() {
            let study = claims::topic(name);
            bail!("{name} is judged by a study, which has a command of its own: cargo xtask {study}");
        }
        claims.extend(found);
    }
    Ok(if names.is_empty() { REGISTRY.to_vec() } else { claims })
}

fn summarize(args: &Args, report: &Report, failures: &[String], start: Instant) -> anyhow::Result<()> {
    // With --json on the standard output, the table goes where the bar went.
    let show = |text: &str| match &args.json {
        Some(file) if file.as_os_str() == "-" => {
            eprintln!("{text}");
            Ok(())
        }
        _ => say(text),
    };
    show(&table::of(report))?;
    for failure in failures {
        show(&format!("FAILED  {failure}"))?;
    }
    let verdicts = table::count_verdicts(report);
    let compared = if args.choice.is_as_recorded() { "snapshots" } else { "verdicts" };
    let outcome =
        if failures.is_empty() { format!("{compared} as recorded") } else { format!("{} failed", failures.len()) };
    show(&format!(
        "{} claims: {verdicts}; {outcome}; seed {}, {:.1} s; {} z-scores share a false-alarm probability of {:e}, |z| > {:.2} rejects",
        report.claims.len(),
        report.seed,
        start.elapsed().as_secs_f64(),
        report.budget.comparisons,
        report.budget.false_alarm_probability,
        report.budget.threshold,
    ))?;
    Ok(())
}

/// What is being judged, and when that began.
pub struct Bar {
    watch: Watch,
    /// When each step began.
    begun: Mutex<Vec<(String, Instant)>>,
}

impl Bar {
    pub fn new() -> Self {
        Bar { watch: Watch::steps(0, ""), begun: Mutex::default() }
    }

    /// How long each step took, to the millisecond; the last until now.
    fn seconds(&self) -> BTreeMap<String, f64> {
        let begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        let ends = begun.iter().skip(1).map(|(_, begin)| *begin).chain([Instant::now()]);
        let rounded = |begin: Instant, end: Instant| (1000.0 * (end - begin).as_secs_f64()).round() / 1000.0;
        begun.iter().zip(ends).map(|((step, begin), end)| (step.clone(), rounded(*begin, end))).collect()
    }
}

impl Progress for Bar {
    fn begin(&self, steps: u64) {
        // `--quick` begins a run for each claim.
        self.watch.more_steps(steps);
    }

    fn step(&self, what: &str) {
        self.watch.step();
        self.watch.say(what);
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        begun.push((what.to_owned(), Instant::now()));
    }
}
