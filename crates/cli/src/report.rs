//! `report`: all verdicts, figures and tables as one HTML file.

mod browser;
mod papers;

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::Context;
use serde::Deserialize;

use figures::FIGURES;
use report::html::{Exhibit, Origin, Section};
use studies::STUDIES;

use report::precision::figure::path as figure_path;
use report::{drawing, program, record, root, table};

use crate::output::{check_output, make_folder};
use crate::verify::{Choice, Judged};
use crate::{atlas, say};

/// Write all verdicts, with what they rest on, the figures and the tables, as one HTML file
#[derive(clap::Args)]
#[command(
    after_help = "Judges the claims as `verify` does, and those of other papers under papers/ as `judge` does, unless claims are \
named; figures and tables are those that are recorded. The file needs neither a network \
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

/// The packages on which the numbers depend.
const PACKAGES: [&str; 8] = ["faer", "gmp-mpfr-sys", "nalgebra", "rand", "rand_chacha", "rand_distr", "rug", "statrs"];

/// Panels of Fig. 1 as their files are named, and what `cargo fig1` calls them.
const PANELS: [(&str, &str); 4] =
    [("left", "left"), ("middle", "middle"), ("right-loss", "right"), ("right-accuracy", "right")];

/// The data sets of Fig. 1, and what `cargo fig1` is told beside the panel.
const IMAGES: [(&str, &str); 3] = [
    ("digits", ""),
    ("digits-100-epochs", " --epochs 100 --name digits-100-epochs"),
    (
        "fashion-mnist",
        " --name fashion-mnist --images FILE --labels FILE --test-images FILE --test-labels FILE; see cargo fig1 --help",
    ),
];

/// Problems whose edge of stability is shown.
const PROBLEMS: [&str; 3] = ["data/gaussian.toml", "data/diabetes.toml", "data/digits.toml"];

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    if let Some(folder) = args.output.parent() {
        make_folder(folder)?;
    }
    check_output(&args.output)?;
    let sections = [drawn()?, trained()?, curves()?, studied()?, edges()?];
    let versions = versions()?;
    let Judged { report, mut failures, .. } = args.choice.judge()?;
    let papers = if args.choice.is_of_any_claim() { papers::judged(&args.choice.prompt())? } else { Vec::new() };
    let origin = Origin {
        command: format!("{} report{}", program::name(), args.choice.options()),
        versions,
        failures: failures.clone(),
        registered: true,
    };
    let page = report::html::page(&report, &papers, &sections, &origin);
    if let Err(error) = fs::write(&args.output, page) {
        // The table is printed, so that what was found is not lost with the file.
        say(&table::of(&report).to_string())?;
        failures.iter().try_for_each(|failure| say(&format!("FAILED  {failure}")))?;
        return Err(error).context(args.output.display().to_string());
    }
    if let Some(browser) = &args.browser {
        let (seen, wrong) = browser::test(browser, &args.output)?;
        seen.iter().try_for_each(|line| say(line))?;
        failures.extend(wrong);
    }
    failures.iter().try_for_each(|failure| say(&format!("FAILED  {failure}")))?;
    let of_papers = papers.iter().map(|paper| paper.report.verdicts().count()).sum::<usize>();
    say(&format!("{}: {} claims, {of_papers} of other papers", args.output.display(), report.verdicts().count()))?;
    Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn read(path: &str) -> anyhow::Result<String> {
    fs::read_to_string(root().join(path)).with_context(|| path.to_owned())
}

/// The title of a recorded text, which is its first line, and the rest of it.
fn recorded(name: &str, suffix: &str) -> anyhow::Result<(String, String)> {
    let text = record::text(name, suffix);
    let text = text.with_context(|| format!("snapshots/{}: nothing is recorded", record::file_name(name, suffix)))?;
    let (title, rest) = text.split_once('\n').unwrap_or((&text, ""));
    Ok((title.into(), rest.trim().into()))
}

fn drawn() -> anyhow::Result<Section> {
    let exhibit = |name: &str| {
        let (_, words) = recorded(drawing::SNAPSHOTS, name)?;
        Ok(Exhibit {
            title: format!("Fig. {}", name.replace('-', " ")),
            figure: Some(read(&drawing::path(name, "svg"))?),
            // Title and caption stand in the figure.
            notes: words.lines().skip(1).map(str::to_owned).collect(),
            table: read(&drawing::path(name, "csv"))?,
            command: format!("{} figures --figure {name}", program::name()),
        })
    };
    let exhibits = FIGURES.iter().map(|(name, _)| exhibit(name)).collect::<anyhow::Result<_>>()?;
    let lead = "Theory as printed, exact answer, both Hessian approximations and draws, by figure of the paper.";
    Ok(Section { anchor: "figures", title: "Figures", lead, exhibits })
}

/// The section of Fig. 1: the figures that are recorded, panel by panel.
fn trained() -> anyhow::Result<Section> {
    let path = |panel: &str, data: &str, kind: &str| drawing::path(&format!("1-{panel}-{data}"), kind);
    let exhibit = |panel: &str, argument: &str, (data, options): (&str, &str)| {
        Ok(Exhibit {
            title: format!("Fig. 1 {}, {}", panel.replace('-', ", "), data.replace('-', " ")),
            figure: Some(read(&path(panel, data, "svg"))?),
            notes: Vec::new(),
            table: read(&path(panel, data, "csv"))?,
            command: format!("cargo fig1 --figure {argument}{options}"),
        })
    };
    let recorded = |panel: &str, data: &str| root().join(path(panel, data, "svg")).is_file();
    let places = PANELS.into_iter().flat_map(|panel| IMAGES.map(|images| (panel, images)));
    let places = places.filter(|((panel, _), (data, _))| recorded(panel, data));
    let exhibits = places.map(|((panel, argument), images)| exhibit(panel, argument, images));
    let lead = "Networks and logistic regression on images: observations of the paper that no closed form decides, and whether they reproduce.";
    Ok(Section { anchor: "images", title: "Fig. 1", lead, exhibits: exhibits.collect::<anyhow::Result<_>>()? })
}

fn curves() -> anyhow::Result<Section> {
    let exhibit = |walk: &str| {
        let (title, table) = recorded("precision", walk)?;
        let figure = read(&figure_path(walk)).ok();
        Ok(Exhibit {
            title,
            figure,
            notes: Vec::new(),
            table,
            command: format!("{} precision --walk {walk}", program::name()),
        })
    };
    let exhibits = precision::walks()?.iter().map(|walk| exhibit(walk.name)).collect::<anyhow::Result<_>>()?;
    let lead = "Decimal digits that each closed form loses where something becomes extreme.";
    Ok(Section { anchor: "precision", title: "Precision", lead, exhibits })
}

fn studied() -> anyhow::Result<Section> {
    let exhibit = |study: &str, table: &str| {
        let (title, table) = recorded(study, table)?;
        Ok(Exhibit {
            title,
            figure: None,
            notes: Vec::new(),
            table,
            command: format!("{} study {study}", program::name()),
        })
    };
    let tables = STUDIES.iter().flat_map(|study| study.tables.iter().map(|(table, _)| exhibit(study.name, table)));
    let lead = "From which studies judge claims that no single setting decides.";
    Ok(Section { anchor: "tables", title: "Tables of studies", lead, exhibits: tables.collect::<anyhow::Result<_>>()? })
}

fn edges() -> anyhow::Result<Section> {
    let exhibit = |path: &str| {
        let setting = problem::read(&root().join(path))?;
        let (title, table) = atlas::summary(&setting)?;
        let command = format!("{} atlas {path}", program::name());
        Ok(Exhibit { title: format!("{path}: {title}"), figure: None, notes: Vec::new(), table, command })
    };
    let exhibits = PROBLEMS.into_iter().map(exhibit).collect::<anyhow::Result<_>>()?;
    let lead = "The edge of stability of real and made-up problems, from all its sides.";
    Ok(Section { anchor: "atlas", title: "Stability", lead, exhibits })
}

/// The revision, as far as git knows it, and the versions of `PACKAGES` in Cargo.lock. Where a package is there twice,
/// it is the version that the workspace itself uses.
fn versions() -> anyhow::Result<Vec<(String, String)>> {
    #[derive(Deserialize)]
    struct Lock {
        package: Vec<Package>,
    }
    #[derive(Deserialize)]
    struct Package {
        name: String,
        version: String,
        /// Where it comes from; `None` for a crate of the workspace.
        source: Option<String>,
        /// Their names, with versions where a name is not enough.
        #[serde(default)]
        dependencies: Vec<String>,
    }
    let mut versions = Vec::from_iter(revision(root()).map(|revision| ("revision".into(), revision)));
    let lock: Lock = toml::from_str(&read("Cargo.lock")?).context("Cargo.lock")?;
    let members = lock.package.iter().filter(|package| package.source.is_none());
    let used: HashSet<&str> = members.flat_map(|member| &member.dependencies).map(String::as_str).collect();
    let is_used = |Package { name, version, .. }: &Package| {
        PACKAGES.contains(&&**name) && (used.contains(&**name) || used.contains(&*format!("{name} {version}")))
    };
    let found = lock.package.iter().filter(|package| is_used(package));
    versions.extend(found.map(|Package { name, version, .. }| (name.clone(), version.clone())));
    Ok(versions)
}

/// The revision that is checked out, with a word where it was changed since.
fn revision(folder: &Path) -> Option<String> {
    let described =
        Command::new("git").current_dir(folder).args(["describe", "--always", "--dirty=, changed since"]).output();
    let described = described.ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(described.stdout).ok()?.trim().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_recorded_figure_is_in_the_report() {
        let sections = [drawn().unwrap(), trained().unwrap()];
        let shown = sections.iter().flat_map(|section| &section.exhibits).filter(|exhibit| exhibit.figure.is_some());
        let files = fs::read_dir(root().join("figures")).unwrap().map(|entry| entry.unwrap().path());
        let recorded = files.filter(|path| path.extension().is_some_and(|kind| kind == "svg"));
        assert_eq!(shown.count(), recorded.count());
    }

    #[test]
    fn a_record_is_a_title_and_the_rest() {
        let (title, rest) = recorded(drawing::SNAPSHOTS, "2").unwrap();
        assert!(!title.is_empty() && !title.contains('\n') && !rest.starts_with(char::is_whitespace), "{title}");
        assert!(recorded("nothing", "at-all").unwrap_err().to_string().ends_with("nothing is recorded"));
    }

    #[test]
    fn the_packages_on_which_numbers_depend_have_one_version_each() {
        let versions = versions().unwrap();
        for package in PACKAGES {
            assert_eq!(versions.iter().filter(|(name, _)| name == package).count(), 1, "{package}: {versions:?}");
        }
    }
}
