//! The curves of a walk, as SVG: digits lost in doubles.

use plotters::prelude::*;
use verify::precision::{Curve, Digits, ENGINE, Format, REWRITTEN, Study};

const SIZE: (u32, u32) = (880, 480);

/// Told apart in grey by their lightness, and on white as well as on black.
const COLORS: [RGBColor; 5] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(120, 120, 120),
];

/// Less than this is no loss that a curve would show.
const VISIBLE: f64 = 0.5;

/// A line of the figure.
struct Line {
    name: String,
    dashed: bool,
    points: Vec<(f64, f64)>,
}

/// The figure; `None` where no evaluation loses a digit worth a curve.
pub fn of(study: &Study) -> anyhow::Result<Option<String>> {
    let mut lines: Vec<Line> = Vec::new();
    for curve in study.curves.iter().filter(|curve| curve.evaluation != ENGINE) {
        let line = line(study, curve);
        match lines.iter_mut().find(|other| other.dashed == line.dashed && other.points == line.points) {
            Some(same) => same.name += &format!(", {}", line.name),
            None => lines.push(line),
        }
    }
    let loses = |line: &Line| line.points.iter().any(|(_, lost)| *lost >= VISIBLE);
    if !lines.iter().any(loses) {
        return Ok(None);
    }
    lines.retain(|line| loses(line) || line.dashed);
    draw(study, &lines).map(Some)
}

fn line(study: &Study, curve: &Curve) -> Line {
    let double = curve.formats.iter().position(|format| *format == Format::Double).unwrap_or(0);
    let lost = |digits: &Vec<Digits>| {
        let lost = digits.get(double).map_or(0.0, |digits| digits.lost(Format::Double));
        // A tenth of a digit is what the table shows.
        (lost * 10.0).round() / 10.0
    };
    let points = study.walk.steps.iter().zip(&curve.digits).map(|(step, digits)| (step.exponent, lost(digits)));
    Line { name: curve.name.clone(), dashed: curve.evaluation == REWRITTEN, points: points.collect() }
}

fn draw(study: &Study, lines: &[Line]) -> anyhow::Result<String> {
    let walk = &study.walk;
    let exponents = || walk.steps.iter().map(|step| step.exponent);
    let (low, high) = (exponents().fold(f64::MAX, f64::min), exponents().fold(f64::MIN, f64::max));
    let highest = lines.iter().flat_map(|line| &line.points).map(|(_, lost)| *lost).fold(2.0, f64::max).ceil() + 1.0;
    // What becomes extreme grows to the right.
    let (from, to) = if walk.steps.last().is_some_and(|step| step.exponent == low) { (high, low) } else { (low, high) };
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&area)
            .caption(format!("Digits lost in double precision {}", walk.title), ("sans-serif", 18))
            .margin(12)
            .margin_right(28)
            .x_label_area_size(46)
            .y_label_area_size(56)
            .build_cartesian_2d(from..to, 0.0..highest)?;
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .x_desc(walk.parameter)
            .y_desc("decimal digits lost, of 16")
            .x_label_formatter(&|exponent| format!("2^{exponent:.0}"))
            .label_style(("sans-serif", 14))
            .draw()?;
        let allowed = walk.steps.iter().map(|step| (step.exponent, step.allowed().min(highest)));
        chart
            .draw_series(DashedLineSeries::new(allowed, 2, 5, BLACK.stroke_width(1)))?
            .label("allowed: log10(1/distance to the boundary) + 2")
            .legend(|(x, y)| PathElement::new([(x, y), (x + 6, y), (x + 12, y)], BLACK));
        for (i, line) in lines.iter().enumerate() {
            let style = COLORS[i % COLORS.len()].stroke_width(2);
            let points = line.points.iter().copied();
            let way = if line.dashed { "rewritten" } else { "as printed" };
            let label = format!("{way}: {}", shortened(&line.name));
            let series = match line.dashed {
                true => chart.draw_series(DashedLineSeries::new(points, 8, 5, style))?,
                false => chart.draw_series(LineSeries::new(points, style))?,
            };
            series.label(label).legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], style));
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperLeft)
            .label_font(("sans-serif", 13))
            .background_style(WHITE.mix(0.8))
            .border_style(BLACK.mix(0.3))
            .draw()?;
        area.present()?;
    }
    Ok(svg)
}

/// The first name, and how many more.
fn shortened(names: &str) -> String {
    match names.split_once(", ") {
        Some((first, others)) => format!("{first} and {} more", others.split(", ").count()),
        None => names.into(),
    }
}
