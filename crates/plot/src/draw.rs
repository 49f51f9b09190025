//! From a plot to the text of an SVG file.

use std::error::Error;

use plotters::prelude::*;

use crate::{Line, Plot, PlotError, Point, Scale, Stroke};

/// Coordinates are whole numbers: this many of them make a pixel, so that an ellipse is smooth.
const UNIT: u32 = 10;

/// The size of a figure in pixels; a map is square.
const SIZE: [u32; 2] = [880, 540];
const SQUARE: [u32; 2] = [720, 760];

/// Pixels of a line of the caption, and of a character in it.
const LEADING: u32 = 18;
const CHARACTER: u32 = 7;

/// The share of a plot that a legend covers.
const LEGEND: [f64; 2] = [0.5, 0.4];

/// What the style sheet exchanges on a dark screen, attribute by attribute.
const DARK: &str = "<style>@media (prefers-color-scheme: dark) {\
[fill=\"#FFFFFF\"] { fill: #14171A } [fill=\"#000000\"] { fill: #E6E6E6 } [stroke=\"#000000\"] { stroke: #E6E6E6 } \
[stroke=\"#0072B2\"] { stroke: #56B4E9 } [fill=\"#0072B2\"] { fill: #56B4E9 } }</style>";

/// Pixels, in the units of the file.
const fn px(pixels: u32) -> u32 {
    pixels * UNIT
}

/// Pixels of a place, which may be negative.
const fn at(pixels: i32) -> i32 {
    pixels * UNIT as i32
}

/// The figure as an SVG file.
///
/// # Errors
/// [`PlotError`] when plotters fails, for which a text in memory gives no reason.
pub fn draw(plot: &Plot) -> Result<String, PlotError> {
    let size = if plot.is_map { SQUARE } else { SIZE };
    let mut svg = String::new();
    onto(&mut svg, size, plot).map_err(|error| PlotError { title: plot.title.into(), reason: error.to_string() })?;
    Ok(finished(&svg, size))
}

/// The opening tag in pixels, and the style sheet right behind it.
fn finished(svg: &str, [width, height]: [u32; 2]) -> String {
    let in_units = format!("width=\"{}\" height=\"{}\"", px(width), px(height));
    let in_pixels = format!("width=\"{width}\" height=\"{height}\"");
    let svg = svg.replacen(&in_units, &in_pixels, 1);
    match svg.split_once(">\n") {
        Some((tag, rest)) => format!("{tag}>\n{DARK}\n{rest}"),
        None => svg,
    }
}

fn onto(svg: &mut String, [width, height]: [u32; 2], plot: &Plot) -> Result<(), Box<dyn Error>> {
    let area = SVGBackend::with_string(svg, (px(width), px(height))).into_drawing_area();
    area.fill(&WHITE)?;
    let caption = broken(plot.caption, (width / CHARACTER) as usize);
    let (area, beneath) = area.split_vertically(px(height - LEADING * caption.len() as u32 - 8));
    let font = |pixels: u32| ("sans-serif", px(pixels)).into_font().color(&BLACK);
    for (i, text) in caption.iter().enumerate() {
        beneath.draw(&Text::new(text.as_str(), (at(16), at(LEADING as i32 * i as i32)), font(13)))?;
    }
    let [horizontal, vertical] = &plot.scales;
    let mut chart = ChartBuilder::on(&area)
        .caption(plot.title, font(18))
        .margin(px(12))
        .margin_right(px(28))
        .x_label_area_size(px(46))
        .y_label_area_size(px(64))
        .build_cartesian_2d(horizontal.clone(), vertical.clone())?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(BLACK.mix(0.15).stroke_width(UNIT))
        .axis_style(BLACK.stroke_width(UNIT))
        .set_all_tick_mark_size(px(5))
        .x_desc(plot.labels[0])
        .y_desc(plot.labels[1])
        .x_label_formatter(&|value| horizontal.label(*value))
        .y_label_formatter(&|value| vertical.label(*value))
        .label_style(font(14))
        .draw()?;
    for (i, x) in plot.verticals.iter().filter(|x| horizontal.contains(**x)).enumerate() {
        let ends = vertical.ends().map(|y| (*x, y));
        let series = chart.draw_series(DashedLineSeries::new(ends, px(2), px(4), BLACK.stroke_width(UNIT)))?;
        if i == 0 {
            let sample = |(x, y)| PathElement::new([(x, y), (x + at(12), y)], BLACK.stroke_width(UNIT));
            series.label(plot.meaning).legend(sample);
        }
    }
    for line in plot.lines {
        for (i, run) in runs(line, &plot.scales).into_iter().enumerate() {
            let style = line.color.stroke_width(px(2));
            let points = run.iter().map(|point| (point.x, point.y));
            let within = |y: f64| y.clamp(vertical.ends()[0], vertical.ends()[1]);
            let dots =
                |radius: u32, style: ShapeStyle| points.clone().map(move |at| Circle::new(at, px(radius), style));
            match line.stroke {
                Stroke::Band => {
                    let above = run.iter().map(|point| (point.x, within(point.y + point.bar)));
                    let below = run.iter().rev().map(|point| (point.x, within(point.y - point.bar)));
                    chart.draw_series([Polygon::new(
                        Vec::from_iter(above.chain(below)),
                        line.color.mix(0.25).filled(),
                    )])?;
                }
                Stroke::Bars => {
                    let bars = run.iter().map(|point| {
                        let ends = [point.y - point.bar, point.y + point.bar].map(|y| (point.x, within(y)));
                        PathElement::new(ends, line.color.stroke_width(UNIT))
                    });
                    chart.draw_series(bars)?;
                }
                _ => {}
            }
            let series = match line.stroke {
                Stroke::Solid | Stroke::Band => chart.draw_series(LineSeries::new(points, style))?,
                Stroke::Dashed => chart.draw_series(DashedLineSeries::new(points, px(8), px(5), style))?,
                Stroke::Dotted => chart.draw_series(DashedLineSeries::new(points, px(2), px(4), style))?,
                Stroke::Rings => chart.draw_series(dots(5, line.color.stroke_width(UNIT)))?,
                Stroke::Dots => chart.draw_series(dots(1, line.color.mix(0.6).filled()))?,
                Stroke::Bars => chart.draw_series(dots(2, line.color.filled()))?,
            };
            if i == 0 {
                let ([one, other], radius) = sample(line.stroke);
                let fill =
                    if line.stroke == Stroke::Rings { line.color.stroke_width(UNIT) } else { line.color.filled() };
                series.label(line.name.as_str()).legend(move |place| {
                    let pieces =
                        EmptyElement::at(place) + PathElement::new(one, style) + PathElement::new(other, style);
                    pieces + Circle::new((at(9), 0), radius, fill)
                });
            }
        }
    }
    chart
        .configure_series_labels()
        .position(emptiest(plot))
        .legend_area_size(px(26))
        .margin(px(8))
        .label_font(font(13))
        .background_style(WHITE.mix(0.8))
        .border_style(BLACK.mix(0.3).stroke_width(UNIT))
        .draw()?;
    area.present()?;
    Ok(())
}

/// The places of a line that lie inside, in runs without a gap.
fn runs(line: &Line, [horizontal, vertical]: &[Scale; 2]) -> Vec<Vec<Point>> {
    let inside = |point: &Point| horizontal.contains(point.x) && vertical.contains(point.y);
    let runs = line.points.split(|point| !inside(point)).filter(|run| !run.is_empty());
    runs.map(<[Point]>::to_vec).collect()
}

/// The corner in which the legend covers the fewest points.
fn emptiest(plot: &Plot) -> SeriesLabelPosition {
    let [horizontal, vertical] = &plot.scales;
    let points = || plot.lines.iter().flat_map(|line| &line.points);
    let covered = |right: bool, above: bool| {
        let near = |place: f64, far: bool, share: f64| {
            if far { place > 1.0 - share && place <= 1.0 } else { (0.0..share).contains(&place) }
        };
        points()
            .filter(|point| {
                near(horizontal.place(point.x), right, LEGEND[0]) && near(vertical.place(point.y), above, LEGEND[1])
            })
            .count()
    };
    let corners = [
        (covered(true, true), SeriesLabelPosition::UpperRight),
        (covered(false, true), SeriesLabelPosition::UpperLeft),
        (covered(true, false), SeriesLabelPosition::LowerRight),
        (covered(false, false), SeriesLabelPosition::LowerLeft),
    ];
    let least = corners.into_iter().min_by_key(|(count, _)| *count);
    least.map_or(SeriesLabelPosition::UpperRight, |(_, corner)| corner)
}

/// A sample of a line for the legend: two pieces and the radius of a circle, of lengths that may be 0.
fn sample(stroke: Stroke) -> ([[(i32, i32); 2]; 2], i32) {
    let [none, whole] = [[(at(9), 0); 2], [(0, 0), (at(18), 0)]];
    match stroke {
        Stroke::Solid => ([whole, none], 0),
        Stroke::Dashed => ([[(0, 0), (at(7), 0)], [(at(11), 0), (at(18), 0)]], 0),
        Stroke::Dotted => ([[(at(3), 0), (at(5), 0)], [(at(12), 0), (at(14), 0)]], 0),
        Stroke::Rings => ([none, none], at(5)),
        Stroke::Dots => ([none, none], at(1)),
        Stroke::Bars => ([[(at(9), at(-6)), (at(9), at(6))], none], at(2)),
        Stroke::Band => ([whole, none], at(3)),
    }
}

/// A text in lines of at most so many characters, where its words allow.
fn broken(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < width => *line += &format!(" {word}"),
            _ => lines.push(word.into()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BLUE, GREY};

    fn line(stroke: Stroke, points: &[(f64, f64)]) -> Line {
        let points = points.iter().map(|&(x, y)| Point { x, y, bar: 0.1 });
        Line { name: "a < b".into(), color: BLUE, stroke, points: points.collect() }
    }

    fn plot<'a>(lines: &'a [Line], verticals: &'a [f64]) -> Plot<'a> {
        let scales = [Scale::linear(0.0, 1.0), Scale::linear(0.0, 1.0)];
        let labels = ["x", "y"];
        Plot { title: "A & B", caption: "", labels, scales, lines, verticals, meaning: "here", is_map: false }
    }

    #[test]
    fn a_line_is_cut_where_it_leaves_the_plot() {
        let line = line(Stroke::Solid, &[(0.1, 0.1), (0.2, 0.2), (0.3, 7.0), (0.4, 0.4), (2.0, 0.5), (0.5, f64::NAN)]);
        let runs = runs(&line, &[Scale::linear(0.0, 1.0), Scale::linear(0.0, 1.0)]);
        assert_eq!(Vec::from_iter(runs.iter().map(Vec::len)), [2, 1]);
    }

    #[test]
    fn text_is_escaped_and_the_size_is_in_pixels() {
        let svg = draw(&plot(&[line(Stroke::Bars, &[(0.5, 0.5)])], &[])).unwrap();
        assert!(svg.starts_with("<svg width=\"880\" height=\"540\" viewBox=\"0 0 8800 5400\""), "{svg}");
        assert!(svg.contains("A &amp; B") && svg.contains("a &lt; b"));
    }

    #[test]
    fn every_stroke_leaves_a_mark_and_a_sample() {
        let empty = draw(&plot(&[], &[])).unwrap();
        let marks = |svg: &str| svg.matches("#0072B2").count();
        for stroke in
            [Stroke::Solid, Stroke::Dashed, Stroke::Dotted, Stroke::Rings, Stroke::Bars, Stroke::Dots, Stroke::Band]
        {
            let svg = draw(&plot(&[line(stroke, &[(0.2, 0.3), (0.6, 0.7)])], &[])).unwrap();
            // The style sheet names the colour, too.
            assert!(marks(&svg) >= marks(&empty) + 2, "{stroke:?}");
        }
    }

    #[test]
    fn vertical_lines_outside_are_left_out() {
        let with = |verticals: &[f64]| draw(&plot(&[], verticals)).unwrap();
        assert_eq!(with(&[-0.5, 1.5]), with(&[]));
        assert!(with(&[0.5]).contains("here"));
    }

    #[test]
    fn the_legend_avoids_the_points() {
        for (x, y, wanted) in [(0.9, 0.9, "UpperLeft"), (0.1, 0.1, "UpperRight")] {
            let mut lines = vec![line(Stroke::Dots, &[(x, y)])];
            lines[0].color = GREY;
            let corner = emptiest(&plot(&lines, &[]));
            assert_eq!(format!("{corner:?}"), wanted);
        }
    }

    #[test]
    fn a_text_is_broken_between_words() {
        assert_eq!(broken("one two three", 8), ["one two", "three"]);
        assert_eq!(broken("immeasurable", 3), ["immeasurable"]);
        assert!(broken(" ", 3).is_empty());
    }
}
