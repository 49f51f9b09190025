//! `figures`: Figs. 2 to 7 as SVG, and their points as CSV.

use std::process::ExitCode;
use std::time::Instant;

use clap::builder::PossibleValuesParser;
use figures::FIGURES;
use report::drawing::{SNAPSHOTS, against_verdicts, csv, path, svg, text};
use report::generated;
use report::record::change;

use crate::progress::Watch;
use crate::say;

/// Make the figures of the paper anew, and compare them with figures/ or, by --write, draw them
#[derive(clap::Args)]
#[command(
    after_help = "Figures are compared with figures/*.svg and figures/*.csv; what they show of a claim, with its verdict.

Examples:
  cargo xtask figures                    every figure; exit code 0 only if all is as recorded
  cargo xtask figures --figure 3-left    one of them
  cargo xtask figures --write            writes them anew; what they show in words is accepted by `cargo insta review`"
)]
pub struct Args {
    /// Only this figure (may be repeated)
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(FIGURES.iter().map(|(name, _)| *name)))]
    figure: Vec<String>,
    /// Write the figures
    #[arg(long)]
    write: bool,
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let start = Instant::now();
    let wanted = |name: &str| args.figure.is_empty() || args.figure.iter().any(|wanted| wanted == name);
    let makers = Vec::from_iter(FIGURES.iter().filter(|(name, _)| wanted(name)));
    if args.write {
        generated::check_places(makers.iter().flat_map(|(name, _)| ["svg", "csv"].map(|kind| path(name, kind))))?;
    }
    let watch = Watch::steps(makers.len() as u64, "");
    let mut failures = Vec::new();
    for (name, make) in makers {
        watch.say(format!("Fig. {name}"));
        let figure = make()?;
        watch.step();
        let text = text(&figure);
        watch.pause(|| say(&format!("{}  {text}", figure.name)))?;
        failures.extend(against_verdicts(&figure));
        failures.extend(change(SNAPSHOTS, figure.name, format!("Fig. {}", figure.name), &text)?);
        for (kind, text) in [("svg", svg(&figure)), ("csv", csv(&figure)?)] {
            failures.extend(generated::check(&path(figure.name, kind), &text, "figures", args.write)?);
        }
    }
    drop(watch);
    failures.iter().try_for_each(|failure| say(&format!("FAILED  {failure}")))?;
    say(&format!("{:.1} s", start.elapsed().as_secs_f64()))?;
    Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
