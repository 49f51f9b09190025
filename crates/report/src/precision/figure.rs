//! The curves of a walk, as SVG: digits lost in doubles.

use notation::prose::marked;
use plot::{COLORS, GREY, Plot, Point, Scale, Stroke};
use precision::{Curve, Digits, ENGINE, Format, REWRITTEN, Walked};

/// The path of the figure of a walk, from the root of the workspace on.
pub fn path(walk: &str) -> String {
    format!("figures/precision/{walk}.svg")
}

/// The least loss in digits that a curve shows.
const VISIBLE: f64 = 0.5;

/// A line of the figure.
struct Line {
    name: String,
    dashed: bool,
    points: Vec<(f64, f64)>,
}

/// The figure; `None` where no evaluation loses a digit worth a curve.
pub fn of(walked: &Walked) -> Option<String> {
    let mut lines: Vec<Line> = Vec::new();
    for curve in walked.curves.iter().filter(|curve| curve.evaluation != ENGINE) {
        let line = line(walked, curve);
        match lines.iter_mut().find(|other| other.dashed == line.dashed && other.points == line.points) {
            Some(same) => same.name += &format!(", {}", line.name),
            None => lines.push(line),
        }
    }
    let loses = |line: &Line| line.points.iter().any(|(_, lost)| *lost >= VISIBLE);
    if !lines.iter().any(loses) {
        return None;
    }
    lines.retain(|line| loses(line) || line.dashed);
    Some(draw(walked, &lines))
}

fn line(walked: &Walked, curve: &Curve) -> Line {
    let double = curve.formats.iter().position(|format| *format == Format::Double).unwrap_or(0);
    let lost = |digits: &Vec<Digits>| {
        let lost = digits.get(double).map_or(0.0, |digits| digits.lost(Format::Double.digits()));
        // A tenth of a digit is what the table shows.
        (lost * 10.0).round() / 10.0
    };
    let points = walked.walk.steps.iter().zip(&curve.digits).map(|(step, digits)| (step.exponent, lost(digits)));
    Line { name: curve.name.clone(), dashed: curve.evaluation == REWRITTEN, points: points.collect() }
}

fn draw(walked: &Walked, lines: &[Line]) -> String {
    let walk = &walked.walk;
    let exponents = || walk.steps.iter().map(|step| step.exponent);
    let (low, high) = (exponents().fold(f64::MAX, f64::min), exponents().fold(f64::MIN, f64::max));
    let highest = lines.iter().flat_map(|line| &line.points).map(|(_, lost)| *lost).fold(2.0, f64::max).ceil() + 1.0;
    // The parameter becomes more extreme to the right.
    let (from, to) = if walk.steps.last().is_some_and(|step| step.exponent == low) { (high, low) } else { (low, high) };
    let allowed = walk.steps.iter().map(|step| (step.exponent, step.allowed().min(highest)));
    let of = |points: &[(f64, f64)]| Vec::from_iter(points.iter().map(|&(x, y)| Point { x, y, bar: 0.0 }));
    let mut drawn = vec![plot::Line {
        name: "allowed: `log_10`(1/distance to the boundary) + 2".into(),
        color: GREY,
        stroke: Stroke::Dotted,
        points: of(&Vec::from_iter(allowed)),
    }];
    drawn.extend(lines.iter().zip(COLORS.iter().cycle()).map(|(line, color)| {
        let (way, stroke) = if line.dashed { ("rewritten", Stroke::Dashed) } else { ("as printed", Stroke::Solid) };
        plot::Line {
            name: format!("{way}: {}", shortened(&line.name)),
            color: *color,
            stroke,
            points: of(&line.points),
        }
    }));
    // The other parameters are words.
    let is_symbol = !walk.parameter.contains(|c: char| c.is_ascii_lowercase());
    let parameter = if is_symbol { marked(walk.parameter) } else { walk.parameter.into() };
    plot::draw(&Plot {
        title: &format!("Digits lost in double precision {}", walk.title),
        caption: "",
        labels: [&parameter, "decimal digits lost, of 16"],
        scales: [Scale::powers_of_two(from, to), Scale::linear(0.0, highest)],
        lines: &drawn,
        verticals: &[],
        meaning: "",
        is_map: false,
    })
}

/// The first name, and how many more.
fn shortened(names: &str) -> String {
    match names.split_once(", ") {
        Some((first, others)) => format!("{first} and {} more", others.split(", ").count()),
        None => names.into(),
    }
}
