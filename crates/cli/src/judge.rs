//! `judge`: the claims of anybody's files, by the engines that judge those of the paper.

mod explain;
pub(crate) mod input;
mod precision;
mod text;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use claims::{Claim, hypotheses};
use notation::prose::plain;
use report::html::{Exhibit, Origin, Section, page};
use report::{program, table};
use serde::Serialize;
use verify::{Effort, Engine, Options, Report};

use crate::bar::Bar;
use crate::output::{Destination, MALFORMED, check_output, refuse};
use crate::say;
use crate::verify::VerdictFile;
use precision::Precision;

/// Judge formulas of your own, from claim files: do they hold, where do they fail, and what would hold
#[derive(clap::Args)]
#[command(
    after_help = r#"A claim file is TOML, and the formula stands there as it is printed, in Unicode, ASCII or LaTeX:

  [[claim]]
  id = "mine/test-loss"
  formula = '''L_{\text{test}} = \frac{\sigma^2 \lambda a}{2(2S - \lambda a(S + 2))}'''
  assume = ["one weight", "full rank", "gaussian features", "no weight decay", "no input noise",
            "no momentum"]

Examples:
  cargo xtask judge mine.toml
  cargo xtask judge mine.toml --engine exact        without draws
  cargo xtask judge a.toml b.toml --json verdicts.json --report verdicts.html
  cargo xtask judge mine.toml --precision           and where it loses digits in f64 and f32
  cargo xtask judge --hypotheses                    what `assume` may hold
  cargo xtask judge --explain 'L_test'              what a symbol means

Exit codes: 0 every claim holds, or the correction that stands beside it does; 1 a claim differs or is not decided, or another form of it does not do what it should; 2 malformed options or claim file."#
)]
pub struct Args {
    /// The claim files; `-` is the standard input
    #[arg(value_name = "FILE", required_unless_present_any = ["hypotheses", "explain"])]
    files: Vec<PathBuf>,
    /// Ask only this engine (may be repeated)
    #[arg(long, value_name = "ENGINE", value_parser = engine)]
    engine: Vec<Engine>,
    /// The seed of every draw
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Write the verdict file; `-` is the standard output
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write the verdicts, with all that they rest on, as one HTML file
    #[arg(long, value_name = "FILE.html")]
    report: Option<PathBuf>,
    /// Measure the digits that each formula keeps in f32, f64 and MPFR where something becomes extreme, and mark in it
    /// where most are lost
    #[arg(long)]
    precision: bool,
    /// List the hypotheses that `assume` may hold, and judge nothing
    #[arg(long, exclusive = true)]
    hypotheses: bool,
    /// Tell what a symbol means, and judge nothing
    #[arg(long, value_name = "SYMBOL", exclusive = true)]
    explain: Option<String>,
}

/// The verdict file, with the digits that formulas keep where they were asked for.
#[derive(Serialize)]
struct Judged<'a> {
    #[serde(flatten)]
    verdicts: VerdictFile<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    precision: Vec<Precision>,
}

fn engine(name: &str) -> Result<Engine, String> {
    let names = Vec::from_iter(Engine::ALL.map(Engine::name)).join(", ");
    Engine::ALL.into_iter().find(|engine| engine.name() == name).ok_or_else(|| format!("expected one of {names}"))
}

/// Judges, and reports.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    if let Some(symbol) = &args.explain {
        return match explain::symbol(symbol) {
            Ok(text) => say(&text).map(|()| ExitCode::SUCCESS).map_err(Into::into),
            Err(why) => Ok(refuse(MALFORMED, &why)),
        };
    }
    if args.hypotheses {
        let lines = hypotheses::ALL.map(|h| [h.name.to_owned(), h.words(), plain(h.statement)]);
        say(&text::columns(&lines))?;
        return Ok(ExitCode::SUCCESS);
    }
    let start = Instant::now();
    let claims = match input::read(&args.files) {
        Ok(claims) => claims,
        Err(told) => {
            eprintln!("{told}");
            return Ok(ExitCode::from(MALFORMED));
        }
    };
    let destination = Destination::new(args.json.as_deref(), None)?;
    args.report.iter().try_for_each(|file| check_output(file))?;
    let engines = if args.engine.is_empty() { Engine::ALL.to_vec() } else { args.engine.clone() };
    let bar = Bar::default();
    let options = Options::default().with_seed(args.seed).with_effort(Effort::Prompt).with_engines(engines);
    let report = verify::run(&Vec::from_iter(&claims), &options, &bar);
    let seconds = bar.seconds();
    drop(bar);
    let measured =
        if args.precision { claims.iter().map(Precision::of).collect::<Result<_, _>>()? } else { Vec::new() };
    let judged = Judged { verdicts: VerdictFile { report: &report, seconds }, precision: measured };
    let written = destination.write_json(&judged);
    for (i, claim) in claims.iter().enumerate() {
        destination.show(&match report.claims.iter().find(|record| record.id == claim.id) {
            Some(record) => text::of(claim, record, report.seed),
            None => format!("{}: not judged, as no engine that is asked can judge a claim of its kind\n", claim.id),
        })?;
        if let Some(precision) = judged.precision.get(i) {
            destination.show(&precision.text())?;
        }
    }
    let wrong = Vec::from_iter(report.claims.iter().flat_map(|record| record.wrong()));
    let all = report.claims.len() == claims.len();
    destination.show(&format!(
        "{}: {}; seed {}, {:.1} s",
        match claims.len() {
            1 => "1 claim".into(),
            count => format!("{count} claims"),
        },
        table::count_verdicts(&report),
        report.seed,
        start.elapsed().as_secs_f64(),
    ))?;
    written?;
    if let Some(file) = &args.report {
        let origin = args.origin(&report, wrong.clone());
        let digits = Vec::from_iter(digits(&claims, &judged.precision, &origin.command));
        std::fs::write(file, page(&report, &[], &digits, &origin))?;
    }
    Ok(if wrong.is_empty() && all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The section of the report on the digits that formulas keep, where they were measured.
fn digits(claims: &[Claim], measured: &[Precision], command: &str) -> Option<Section> {
    let exhibits = Vec::from_iter(claims.iter().zip(measured).map(|(claim, precision)| Exhibit {
        title: claim.id.clone(),
        figure: None,
        notes: Vec::new(),
        table: precision.text(),
        command: command.into(),
    }));
    let lead =
        "The digits that a formula keeps along the walks of the precision study, and the part of it that loses most.";
    (!exhibits.is_empty()).then_some(Section { anchor: "digits", title: "Digits", lead, exhibits })
}

impl Args {
    /// How the report came about.
    fn origin(&self, report: &Report, failures: Vec<String>) -> Origin {
        let mut command = format!("{} judge", program::name());
        self.files.iter().for_each(|file| command += &format!(" {}", file.display()));
        self.engine.iter().for_each(|engine| command += &format!(" --engine {}", engine.name()));
        command += &format!(" --seed {}", report.seed);
        command += if self.precision { " --precision" } else { "" };
        Origin { command, versions: Vec::new(), failures, registered: false }
    }
}
