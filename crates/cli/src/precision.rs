//! `precision`: how many digits each closed form keeps, in which format.

use std::process::ExitCode;
use std::time::Instant;

use registry::closed_forms;
use report::generated;
use report::precision::{figure, table};
use report::record::change;

use crate::progress::Watch;
use crate::say;

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

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let start = Instant::now();
    let mut walks = precision::walks()?;
    for name in &args.walk {
        let names = Vec::from_iter(walks.iter().map(|walk| walk.name)).join(", ");
        anyhow::ensure!(walks.iter().any(|walk| walk.name == name), "no walk is named {name}; the walks are {names}");
    }
    walks.retain(|walk| args.walk.is_empty() || args.walk.iter().any(|name| name == walk.name));
    if args.write {
        generated::check_places(walks.iter().map(|walk| figure::path(walk.name)))?;
    }
    let watch = Watch::steps(walks.len() as u64, "");
    let mut failures = Vec::new();
    for walk in walks {
        watch.say(walk.name);
        let walked = precision::walked(closed_forms(), walk);
        watch.step();
        let text = table::of(&walked);
        watch.pause(|| say(&text))?;
        let name = walked.walk.name;
        failures.extend(change("precision", name, format!("digits {}", walked.walk.title), &text)?);
        if let Some(figure) = figure::of(&walked) {
            failures.extend(generated::check(&figure::path(name), &figure, "precision", args.write)?);
        }
    }
    drop(watch);
    failures.iter().try_for_each(|failure| say(&format!("FAILED  {failure}")))?;
    say(&format!("{:.1} s", start.elapsed().as_secs_f64()))?;
    Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
