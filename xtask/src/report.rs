//! `report`: all verdicts, figures and tables as one HTML file.

mod browser;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::Context;
use serde::Deserialize;
use symbols::problem;
use verify::figures::FIGURES;
use verify::html::{Exhibit, Provenance, Section};
use verify::precision;
use verify::study::STUDIES;

use crate::precision::figure_path;
use crate::verify::{Choice, Judged};
use crate::{atlas, figures, root, say, snapshots, tables};

/// Write all verdicts, with what they rest on, the figures and the tables, as one HTML file
#[derive(clap::Args)]
#[command(
    after_help = "Judges the claims as `verify` does; figures and tables are those that are recorded. The file needs neither a network \
nor any other file. Exit code 0 only if every verdict is as recorded.

Examples:
  cargo xtask report                             all claims, into target/report.html
  cargo xtask report --claim label-noise --engine exact --output label-noise.html"
)]
pub struct Args {
    #[command(flatten)]
    choice: Choice,
    /// The file
    #[arg(long, value_name = "FILE", default_value = "target/report.html")]
    output: PathBuf,
    /// Test the file in this browser: links, filter, formulas, widths and colours
    #[arg(long, value_name = "PROGRAM")]
    browser: Option<String>,
}

/// On what the numbers depend.
const PACKAGES: [&str; 8] = ["faer", "gmp-mpfr-sys", "nalgebra", "rand", "rand_chacha", "rand_distr", "rug", "statrs"];

/// Problems whose edge of stability is shown.
const PROBLEMS: [&str; 3] = ["data/gaussian.toml", "data/diabetes.toml", "data/digits.toml"];

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let Judged { report, mut failures, .. } = args.choice.judge()?;
    let sections = [drawn()?, curves()?, studied()?, edges()?];
    let provenance = Provenance {
        command: format!("cargo xtask report{}", args.choice.options()),
        versions: versions()?,
        failures: failures.clone(),
    };
    let page = verify::html::page(&report, &tables::recorded(), &sections, &provenance);
    if let Some(folder) = args.output.parent() {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    fs::write(&args.output, page).with_context(|| args.output.display().to_string())?;
    if let Some(browser) = &args.browser {
        let (seen, wrong) = browser::test(browser, &args.output)?;
        seen.iter().try_for_each(|line| say(line))?;
        failures.extend(wrong);
    }
    failures.iter().try_for_each(|failure| say(&format!("FAILED  {failure}")))?;
    say(&format!("{}: {} claims", args.output.display(), report.claims.len()))?;
    Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn read(path: &str) -> anyhow::Result<String> {
    fs::read_to_string(root().join(path)).with_context(|| path.to_owned())
}

/// The title of a recorded text, which is its first line, and the rest of it.
fn recorded(name: &str, suffix: &str) -> anyhow::Result<(String, String)> {
    let text = snapshots::text(name, suffix);
    let text =
        text.with_context(|| format!("snapshots/{}: nothing is recorded", snapshots::file_name(name, suffix)))?;
    let (title, rest) = text.split_once('\n').unwrap_or((&text, ""));
    Ok((title.into(), rest.trim().into()))
}

fn drawn() -> anyhow::Result<Section> {
    let exhibit = |name: &str| {
        let (title, words) = recorded(figures::SNAPSHOTS, name)?;
        Ok(Exhibit {
            title: format!("Fig. {name}: {title}"),
            figure: Some(read(&figures::path(name, "svg"))?),
            // The caption stands in the figure.
            notes: words.lines().skip(1).map(str::to_owned).collect(),
            table: read(&figures::path(name, "csv"))?,
            command: format!("cargo xtask figures --figure {name}"),
        })
    };
    let exhibits = FIGURES.iter().map(|(name, _)| exhibit(name)).collect::<anyhow::Result<_>>()?;
    let lead = "Theory as printed, exact answer, both Hessian approximations and draws, by figure of the paper.";
    Ok(Section { anchor: "figures", title: "Figures", lead, exhibits })
}

fn curves() -> anyhow::Result<Section> {
    let exhibit = |walk: &str| {
        let (title, table) = recorded("precision", walk)?;
        let figure = read(&figure_path(walk)).ok();
        Ok(Exhibit { title, figure, notes: Vec::new(), table, command: format!("cargo xtask precision --walk {walk}") })
    };
    let exhibits = precision::walks()?.iter().map(|walk| exhibit(walk.name)).collect::<anyhow::Result<_>>()?;
    let lead = "Decimal digits that each closed form loses where something becomes extreme.";
    Ok(Section { anchor: "precision", title: "Precision", lead, exhibits })
}

fn studied() -> anyhow::Result<Section> {
    let exhibit = |study: &str, table: &str| {
        let (title, table) = recorded(study, table)?;
        Ok(Exhibit { title, figure: None, notes: Vec::new(), table, command: format!("cargo xtask {study}") })
    };
    let tables = STUDIES.iter().flat_map(|study| study.tables.iter().map(|(table, _)| exhibit(study.name, table)));
    let lead = "From which studies judge claims that no single setting decides.";
    Ok(Section { anchor: "tables", title: "Tables of studies", lead, exhibits: tables.collect::<anyhow::Result<_>>()? })
}

fn edges() -> anyhow::Result<Section> {
    let exhibit = |path: &str| {
        let setting = problem::read(&root().join(path))?;
        let (title, table) = atlas::summary(&setting)?;
        let command = format!("cargo xtask atlas {path}");
        Ok(Exhibit { title: format!("{path}: {title}"), figure: None, notes: Vec::new(), table, command })
    };
    let exhibits = PROBLEMS.into_iter().map(exhibit).collect::<anyhow::Result<_>>()?;
    let lead = "The edge of stability of real and made-up problems, from all its sides.";
    Ok(Section { anchor: "atlas", title: "Stability", lead, exhibits })
}

/// The revision, as far as git knows it, and what Cargo.lock has of `PACKAGES`.
fn versions() -> anyhow::Result<Vec<(String, String)>> {
    #[derive(Deserialize)]
    struct Lock {
        package: Vec<Package>,
    }
    #[derive(Deserialize)]
    struct Package {
        name: String,
        version: String,
    }
    let mut versions = Vec::from_iter(revision(root()).map(|revision| ("revision".into(), revision)));
    let lock: Lock = toml::from_str(&read("Cargo.lock")?).context("Cargo.lock")?;
    let named = lock.package.into_iter().filter(|package| PACKAGES.contains(&&*package.name));
    versions.extend(named.map(|package| (package.name, package.version)));
    Ok(versions)
}

/// What is checked out, with a word where it was changed since.
fn revision(folder: &Path) -> Option<String> {
    let described =
        Command::new("git").current_dir(folder).args(["describe", "--always", "--dirty=, changed since"]).output();
    let described = described.ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(described.stdout).ok()?.trim().into())
}
