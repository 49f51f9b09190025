//! `precision`: how many digits each closed form keeps, in which format.

mod figure;
mod table;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Context;
use claims::REGISTRY;
use indicatif::ProgressBar;
use verify::precision::{self, Study};

use crate::say;
use crate::snapshots::{change, file_name};

/// Measure the digits that each closed form keeps, in f32, f64 and MPFR, where something becomes extreme
#[derive(clap::Args)]
#[command(after_help = "Tables are compared with snapshots/precision.*, curves with figures/precision/*.svg.

Examples:
  cargo xtask precision                      every walk; exit code 0 only if all is as recorded
  cargo xtask precision --walk momentum      one of them
  cargo xtask precision --write              writes the figures anew; tables are accepted by `cargo insta review`")]
pub struct Args {
    /// Only this walk (may be repeated)
    #[arg(long, value_name = "NAME")]
    walk: Vec<String>,
    /// Write the figures
    #[arg(long)]
    write: bool,
}

/// The snapshots of the tables.
pub fn expected_names() -> impl Iterator<Item = String> {
    precision::walks().unwrap_or_default().into_iter().map(|walk| file_name("precision", walk.name))
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let start = Instant::now();
    let mut walks = precision::walks()?;
    for name in &args.walk {
        let names = Vec::from_iter(walks.iter().map(|walk| walk.name)).join(", ");
        anyhow::ensure!(walks.iter().any(|walk| walk.name == name), "no walk is named {name}; the walks are {names}");
    }
    walks.retain(|walk| args.walk.is_empty() || args.walk.iter().any(|name| name == walk.name));
    let bar = ProgressBar::new(walks.len() as u64);
    bar.enable_steady_tick(Duration::from_millis(200));
    let mut failures = Vec::new();
    for walk in walks {
        let study = precision::study(REGISTRY, walk);
        bar.inc(1);
        let text = table::of(&study);
        bar.suspend(|| say(&text))?;
        let name = study.walk.name;
        failures.extend(change("precision", name, format!("digits {}", study.walk.title), &text)?);
        failures.extend(drawn(&study, args.write)?);
    }
    bar.finish_and_clear();
    failures.iter().try_for_each(|failure| say(&format!("FAILED  {failure}")))?;
    say(&format!("{:.1} s", start.elapsed().as_secs_f64()))?;
    Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Compares the figure with the recorded one, or writes it; what is wrong with it.
fn drawn(study: &Study, write: bool) -> anyhow::Result<Option<String>> {
    let name = format!("figures/precision/{}.svg", study.walk.name);
    let path: PathBuf = crate::root().join(&name);
    let Some(figure) = figure::of(study)? else { return Ok(None) };
    if write {
        fs::create_dir_all(crate::root().join("figures/precision"))?;
        fs::write(&path, figure).with_context(|| name.clone())?;
        return Ok(None);
    }
    let recorded = fs::read_to_string(&path).unwrap_or_default();
    Ok((recorded != figure).then(|| format!("{name}: changed; `cargo xtask precision --write` writes it anew")))
}
