//! `figures`: Figs. 2 to 7 as SVG, and their points as CSV.

use std::process::ExitCode;
use std::time::Instant;

use clap::builder::PossibleValuesParser;
use report::drawing::{SNAPSHOTS, csv, path, svg, text};
use report::generated;
use report::record::change;
use report::recorded::recorded_verdict;
use report::snapshot::STUDY;
use studies::figures::{FIGURES, Figure};
use verify::{Engine, Verdict};

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
        for (kind, text) in [("svg", svg(&figure)?), ("csv", csv(&figure)?)] {
            failures.extend(generated::check(&path(figure.name, kind), &text, "figures", args.write)?);
        }
    }
    drop(watch);
    failures.iter().try_for_each(|failure| say(&format!("FAILED  {failure}")))?;
    say(&format!("{:.1} s", start.elapsed().as_secs_f64()))?;
    Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Lists where a figure shows something else than the recorded verdict says.
fn against_verdicts(figure: &Figure) -> Vec<String> {
    let verdict_of = |claim: &str| {
        let recorded = [STUDY, Engine::Exact.name()].into_iter().find_map(|by| recorded_verdict(claim, by));
        recorded.unwrap_or_else(|| "not recorded".into())
    };
    let contrary = figure.shown.iter().filter(|shown| shown.verdict.name() != verdict_of(shown.claim));
    let line = |claim: &str, shows: Verdict| {
        format!("Fig. {} shows that {claim} {}, and its verdict is {}", figure.name, shows.name(), verdict_of(claim))
    };
    contrary.map(|shown| line(shown.claim, shown.verdict)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use studies::figures::{Axis, Shown};

    fn figure(shown: &[(&'static str, Verdict)]) -> Figure {
        let axis = |label| Axis { label, is_logarithmic: false, ends: [0.0, 2.0] };
        Figure {
            name: "0",
            title: "Σ".into(),
            caption: "a = 1.".into(),
            horizontal: axis("λ"),
            vertical: axis("Σ"),
            is_map: false,
            series: Vec::new(),
            divergences: Vec::new(),
            shown: shown.iter().map(|&(claim, verdict)| Shown { claim, verdict, measured: "equal".into() }).collect(),
        }
    }

    #[test]
    fn a_figure_against_its_verdict_is_a_failure() {
        let told = |claim, verdict| against_verdicts(&figure(&[(claim, verdict)]));
        // One claim is a closed form, and a study judges the other.
        for (claim, verdict) in [("label-noise/fluctuation", Verdict::Agrees), ("tail/discrete-time", Verdict::Differs)]
        {
            let other = if verdict == Verdict::Agrees { Verdict::Differs } else { Verdict::Agrees };
            assert_eq!(told(claim, verdict), [""; 0]);
            let line = format!("Fig. 0 shows that {claim} {}, and its verdict is {}", other.name(), verdict.name());
            assert_eq!(told(claim, other), [line]);
        }
        let unknown = told("nobody/claims-that", Verdict::Agrees);
        assert_eq!(unknown, ["Fig. 0 shows that nobody/claims-that agrees, and its verdict is not recorded"]);
    }
}
