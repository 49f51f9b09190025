//! The figures of the paper, as SVG, as CSV and in words.

use figures::{Axis, Figure, Role, Series};
use notation::prose::plain;
use plot::{BLUE, Color, GREEN, GREY, Line, PURPLE, Plot, Point, Scale, Stroke, VERMILION};
use verify::{Engine, Verdict};

use crate::recorded::recorded_verdict;
use crate::snapshot::STUDY;

/// The name of the vertical lines of a figure.
const DIVERGENCE: &str = "predicted divergence";

/// The name of the snapshots that say in words what figures show.
pub const SNAPSHOTS: &str = "figures";

/// The path of a file of a figure from the root of the workspace on; `kind` is `svg` or `csv`.
pub fn path(name: &str, kind: &str) -> String {
    format!("figures/{name}.{kind}")
}

/// What a figure shows, in words: its title, its caption, and a line for each claim. Formulas have no marks, as in a
/// terminal.
pub fn text(figure: &Figure) -> String {
    let Figure { title, caption, shown, .. } = figure;
    let shown = shown.iter().map(|shown| format!("{} {}: {}\n", shown.claim, shown.verdict.name(), shown.measured));
    format!("{}\n{}\n{}", plain(title), plain(caption), String::from_iter(shown))
}

/// How a series looks. The exact answer lies before the curve of theory as rings, and on a map, where rings would hide the
/// ellipse, under it.
fn look(role: Role, is_map: bool) -> (Color, Stroke) {
    match role {
        Role::Cloud => (GREY, Stroke::Dots),
        Role::Printed => (BLUE, Stroke::Solid),
        Role::Exact => (VERMILION, if is_map { Stroke::Broad } else { Stroke::Rings }),
        Role::DiscreteTime => (GREEN, Stroke::Dashed),
        Role::ContinuousTime => (PURPLE, Stroke::Dotted),
        Role::Limit => (PURPLE, Stroke::Dashed),
        Role::Draws => (GREY, Stroke::Bars),
    }
}

/// The figure as SVG.
pub fn svg(figure: &Figure) -> String {
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
    plot::draw(&Plot {
        title: &figure.title,
        caption: &figure.caption,
        labels: [figure.horizontal.label, figure.vertical.label],
        scales: [scale(&figure.horizontal), scale(&figure.vertical)],
        lines: &lines,
        verticals: &figure.divergences,
        meaning: DIVERGENCE,
        is_map: figure.is_map,
    })
}

/// The figure as CSV: its points, and the places where theory diverges, which have no ordinate.
///
/// # Errors
/// Where a cell cannot be written.
pub fn csv(figure: &Figure) -> anyhow::Result<String> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["series", "x", "y", "standard error"])?;
    for series in &figure.series {
        let name = plain(series.name);
        for point in &series.points {
            let error = point.error.map_or(String::new(), |error| error.to_string());
            table.write_record([&name, &point.x.to_string(), &point.y.to_string(), &error])?;
        }
    }
    for x in &figure.divergences {
        table.write_record([DIVERGENCE, &x.to_string(), "", ""])?;
    }
    Ok(String::from_utf8(table.into_inner().map_err(|error| error.into_error())?)?)
}

/// Lists where a figure shows something else than the recorded verdict says.
pub fn against_verdicts(figure: &Figure) -> Vec<String> {
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
    use figures::{self, Shown};

    fn figure(shown: &[(&'static str, Verdict)]) -> Figure {
        let axis = |label| Axis { label, is_logarithmic: false, ends: [0.0, 2.0] };
        let points = vec![
            figures::Point { x: 1.0, y: 0.5, error: None },
            figures::Point { x: 2.0, y: 1.25, error: Some(0.125) },
        ];
        Figure {
            name: "0",
            title: "`Σ`".into(),
            caption: "`a = 1`.".into(),
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

    #[test]
    fn a_figure_in_words_and_numbers() {
        let figure = figure(&[("tail/discrete-time", Verdict::Differs)]);
        assert_eq!(text(&figure), "Σ\na = 1.\ntail/discrete-time differs: equal\n");
        let table = "series,x,y,standard error\n\"draws, in law\",1,0.5,\n\"draws, in law\",2,1.25,0.125\n\
                     predicted divergence,1.5,,\n";
        assert_eq!(csv(&figure).unwrap(), table);
    }
}
