//! `figures`: Figs. 2 to 7 as SVG, and their points as CSV.

use std::process::ExitCode;
use std::time::Instant;

use clap::builder::PossibleValuesParser;
use plot::{BLUE, GREEN, GREY, Line, PURPLE, Plot, Point, RGBColor, Scale, Stroke, VERMILION};
use verify::figures::{Axis, FIGURES, Figure, Role, Series};
use verify::study::Recorded;
use verify::{Engine, Verdict};

use crate::progress::Watch;
use crate::snapshots::{change, file_name};
use crate::verify::recorded_verdict;
use crate::{generated, say, tables};

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

/// What a vertical line of a figure is.
const DIVERGENCE: &str = "predicted divergence";

/// The snapshots of what figures show, in words.
pub const SNAPSHOTS: &str = "figures";

/// These snapshots.
pub fn expected_names() -> impl Iterator<Item = String> {
    FIGURES.iter().map(|(name, _)| file_name(SNAPSHOTS, name))
}

/// Where a figure is, as `svg` or as `csv`.
pub fn path(name: &str, kind: &str) -> String {
    format!("figures/{name}.{kind}")
}

pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let start = Instant::now();
    let wanted = |name: &str| args.figure.is_empty() || args.figure.iter().any(|wanted| wanted == name);
    let makers = Vec::from_iter(FIGURES.iter().filter(|(name, _)| wanted(name)));
    if args.write {
        generated::check_places(makers.iter().flat_map(|(name, _)| ["svg", "csv"].map(|kind| path(name, kind))))?;
    }
    let watch = Watch::steps(makers.len() as u64, "");
    let studied = tables::recorded();
    let mut failures = Vec::new();
    for (name, make) in makers {
        watch.say(format!("Fig. {name}"));
        let figure = make()?;
        watch.step();
        let text = text(&figure);
        watch.pause(|| say(&format!("{}  {text}", figure.name)))?;
        failures.extend(against_verdicts(&figure, &studied));
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

/// What a figure shows, in words: its title, its caption, and a line for each claim.
fn text(figure: &Figure) -> String {
    let Figure { title, caption, shown, .. } = figure;
    let shown = shown.iter().map(|shown| format!("{} {}: {}\n", shown.claim, shown.verdict.name(), shown.measured));
    format!("{title}\n{caption}\n{}", String::from_iter(shown))
}

/// Where a figure shows another thing than the verdict says.
fn against_verdicts(figure: &Figure, studied: &[Recorded]) -> Vec<String> {
    let verdict_of = |claim: &str| {
        let of_study =
            studied.iter().find(|recorded| recorded.claim.id == claim).map(|recorded| recorded.verdict.clone());
        of_study.or_else(|| recorded_verdict(claim, Engine::Exact)).unwrap_or_else(|| "not recorded".into())
    };
    let contrary = figure.shown.iter().filter(|shown| shown.verdict.name() != verdict_of(shown.claim));
    let line = |claim: &str, shows: Verdict| {
        format!("Fig. {} shows that {claim} {}, and its verdict is {}", figure.name, shows.name(), verdict_of(claim))
    };
    contrary.map(|shown| line(shown.claim, shown.verdict)).collect()
}

/// How a series looks. On a map rings would hide the ellipse.
fn look(role: Role, is_map: bool) -> (RGBColor, Stroke) {
    match role {
        Role::Cloud => (GREY, Stroke::Dots),
        Role::Printed => (BLUE, Stroke::Solid),
        Role::Exact => (VERMILION, if is_map { Stroke::Dotted } else { Stroke::Rings }),
        Role::DiscreteTime => (GREEN, Stroke::Dashed),
        Role::ContinuousTime => (PURPLE, Stroke::Dotted),
        Role::Limit => (PURPLE, Stroke::Dashed),
        Role::Draws => (GREY, Stroke::Bars),
    }
}

fn svg(figure: &Figure) -> anyhow::Result<String> {
    let line = |series: &Series| {
        let (color, stroke) = look(series.role, figure.is_map);
        let points = series.points.iter();
        let points = points.map(|point| Point { x: point.x, y: point.y, bar: 2.0 * point.error.unwrap_or(0.0) });
        Line { name: series.name.into(), color, stroke, points: points.collect() }
    };
    let lines = Vec::from_iter(figure.series.iter().map(line));
    let scale = |Axis { is_logarithmic, ends: [from, to], .. }: &Axis| {
        if *is_logarithmic { Scale::logarithmic(*from, *to) } else { Scale::linear(*from, *to) }
    };
    Ok(plot::draw(&Plot {
        title: &figure.title,
        caption: &figure.caption,
        labels: [figure.horizontal.label, figure.vertical.label],
        scales: [scale(&figure.horizontal), scale(&figure.vertical)],
        lines: &lines,
        verticals: &figure.divergences,
        meaning: DIVERGENCE,
        is_map: figure.is_map,
    })?)
}

/// Points, and where theory diverges, which has no ordinate.
fn csv(figure: &Figure) -> anyhow::Result<String> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["series", "x", "y", "standard error"])?;
    for series in &figure.series {
        for point in &series.points {
            let error = point.error.map_or(String::new(), |error| error.to_string());
            table.write_record([series.name, &point.x.to_string(), &point.y.to_string(), &error])?;
        }
    }
    for x in &figure.divergences {
        table.write_record([DIVERGENCE, &x.to_string(), "", ""])?;
    }
    Ok(String::from_utf8(table.into_inner().map_err(|error| error.into_error())?)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use verify::figures::{self, Shown};

    fn figure(shown: &[(&'static str, Verdict)]) -> Figure {
        let axis = |label| Axis { label, is_logarithmic: false, ends: [0.0, 2.0] };
        let points = vec![
            figures::Point { x: 1.0, y: 0.5, error: None },
            figures::Point { x: 2.0, y: 1.25, error: Some(0.125) },
        ];
        Figure {
            name: "0",
            title: "Σ".into(),
            caption: "a = 1.".into(),
            horizontal: axis("λ"),
            vertical: axis("Σ"),
            is_map: false,
            series: vec![Series { role: Role::Draws, name: "draws, in law", points }],
            divergences: vec![1.5],
            shown: shown.iter().map(|&(claim, verdict)| Shown { claim, verdict, measured: "equal".into() }).collect(),
        }
    }

    #[test]
    fn a_figure_against_its_verdict_is_a_failure() {
        let studied = tables::recorded();
        let told = |claim, verdict| against_verdicts(&figure(&[(claim, verdict)]), &studied);
        // Of a closed form, and of a study.
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

    #[test]
    fn a_figure_in_words_and_numbers() {
        let figure = figure(&[("tail/discrete-time", Verdict::Differs)]);
        assert_eq!(text(&figure), "Σ\na = 1.\ntail/discrete-time differs: equal\n");
        let table = "series,x,y,standard error\n\"draws, in law\",1,0.5,\n\"draws, in law\",2,1.25,0.125\n\
                     predicted divergence,1.5,,\n";
        assert_eq!(csv(&figure).unwrap(), table);
    }
}
