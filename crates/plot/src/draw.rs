//! From a plot to the text of an SVG file: title, legend, frame, axes and caption, one below the other.
//!
//! The legend has rows of its own above the frame, where it covers nothing.

use crate::strokes::Spot;
use crate::text::{broken, number, set, width};
use crate::{BLACK, Color, Line, Plot, Point, Scale, Stroke};

/// The width of a figure in pixels, and the height of its frame; that of a map is square.
const WIDTH: f64 = 880.0;
const HEIGHT: f64 = 420.0;
const WIDTH_OF_MAP: f64 = 720.0;

/// Pixels around the frame: to the left for the numbers and the label of an axis, and to the right.
const LEFT: f64 = 80.0;
const RIGHT: f64 = 28.0;
/// Pixels at the edge of the figure.
const EDGE: f64 = 14.0;

/// Sizes of letters in pixels: of the title, of axes, of legend and caption.
const TITLE: f64 = 18.0;
const AXIS: f64 = 14.0;
const SMALL: f64 = 13.0;
/// The distance of two lines of text, in sizes of their letters.
const LEADING: f64 = 1.4;

/// Pixels of a sample in the legend, and around it.
const SAMPLE: f64 = 34.0;
const GAP: f64 = 8.0;
/// Pixels between two names of the legend.
const APART: f64 = 22.0;

/// What the style sheet exchanges on a dark screen, attribute by attribute.
const DARK: &str = "<style>@media (prefers-color-scheme: dark) {\
[fill=\"#FFFFFF\"] { fill: #14171A } [fill=\"#000000\"] { fill: #E6E6E6 } [stroke=\"#000000\"] { stroke: #E6E6E6 } \
[stroke=\"#0072B2\"] { stroke: #56B4E9 } [fill=\"#0072B2\"] { fill: #56B4E9 } }</style>";

/// The figure as an SVG file.
pub fn draw(plot: &Plot) -> String {
    let width = if plot.is_map { WIDTH_OF_MAP } else { WIDTH };
    let mut canvas = Canvas { elements: String::new(), width, bottom: EDGE };
    canvas.lines_of_text(plot.title, TITLE, Anchor::Middle);
    canvas.legend(&entries(plot));
    let frame = canvas.frame(plot);
    canvas.axes(plot, &frame);
    canvas.lines_of_text(plot.caption, SMALL, Anchor::Start);
    canvas.finished()
}

/// Where a text hangs.
#[derive(Debug, Clone, Copy)]
enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    fn name(self) -> &'static str {
        match self {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        }
    }
}

/// What was drawn so far, from the top to the bottom.
struct Canvas {
    elements: String,
    width: f64,
    /// Pixels from the top to the end of what was drawn.
    bottom: f64,
}

/// The place of the frame on the canvas.
struct Frame {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

impl Frame {
    /// The spot of a place, where the corner of the frame is at the left and at the top.
    fn spot(&self, point: &Point, [horizontal, vertical]: &[Scale; 2], [left, top]: [f64; 2]) -> Spot {
        let up = |y: f64| top + (1.0 - vertical.place(y)) * self.height;
        let bar = [point.y - point.bar, point.y + point.bar].map(up);
        Spot { x: left + horizontal.place(point.x) * self.width, y: up(point.y), bar }
    }
}

/// The entries of the legend: the name of each line that is seen, and of the vertical lines.
fn entries<'a>(plot: &Plot<'a>) -> Vec<(&'a str, Color, Stroke)> {
    let is_seen = |line: &&Line| line.points.iter().any(|point| is_inside(point, &plot.scales));
    let lines = plot.lines.iter().filter(is_seen).map(|line| (line.name.as_str(), line.color, line.stroke));
    let is_crossed = plot.verticals.iter().any(|x| plot.scales[0].contains(*x));
    lines.chain(is_crossed.then_some((plot.meaning, BLACK, Stroke::Thin))).collect()
}

fn is_inside(point: &Point, [horizontal, vertical]: &[Scale; 2]) -> bool {
    horizontal.contains(point.x) && vertical.contains(point.y)
}

impl Canvas {
    fn text(&mut self, [x, y]: [f64; 2], size: f64, anchor: Anchor, turn: &str, text: &str) {
        self.elements += &format!(
            "<text x=\"{}\" y=\"{}\" font-size=\"{size}\" text-anchor=\"{}\"{turn}>{}</text>\n",
            number(x),
            number(y),
            anchor.name(),
            set(text, size)
        );
    }

    /// A text in as many lines as it takes.
    fn lines_of_text(&mut self, text: &str, size: f64, anchor: Anchor) {
        let x = if matches!(anchor, Anchor::Middle) { self.width / 2.0 } else { EDGE };
        for line in broken(text, size, self.width - 2.0 * EDGE) {
            self.text([x, self.bottom + size], size, anchor, "", &line);
            self.bottom += LEADING * size;
        }
    }

    /// Samples with their names, in as many rows as they take.
    fn legend(&mut self, entries: &[(&str, Color, Stroke)]) {
        self.bottom += GAP;
        let mut x = LEFT;
        for (name, color, stroke) in entries {
            let taken = SAMPLE + GAP + width(name, SMALL);
            if x > LEFT && x + taken > self.width - RIGHT {
                x = LEFT;
                self.bottom += LEADING * SMALL;
            }
            self.elements += &stroke.sample(*color, [x, self.bottom + 0.65 * SMALL], SAMPLE);
            self.text([x + SAMPLE + GAP, self.bottom + SMALL], SMALL, Anchor::Start, "", name);
            x += taken + APART;
        }
        self.bottom += if entries.is_empty() { 0.0 } else { LEADING * SMALL };
    }

    /// The grid, and the lines within it.
    fn frame(&mut self, plot: &Plot) -> Frame {
        self.bottom += GAP;
        let width = self.width - LEFT - RIGHT;
        let frame = Frame { x: LEFT, y: self.bottom, width, height: if plot.is_map { width } else { HEIGHT } };
        self.bottom += frame.height;
        let [horizontal, vertical] = &plot.scales;
        for x in horizontal.ticks() {
            let x = frame.x + horizontal.place(x) * frame.width;
            self.line([x, frame.y], [x, frame.y + frame.height], 0.15);
        }
        for y in vertical.ticks() {
            let y = frame.y + (1.0 - vertical.place(y)) * frame.height;
            self.line([frame.x, y], [frame.x + frame.width, y], 0.15);
        }
        // What leaves the frame is cut by an image within the image, which needs no name as a path for clipping does.
        let mut within = String::new();
        let mut above = String::new();
        for x in plot.verticals.iter().filter(|x| horizontal.contains(**x)) {
            let ends = vertical.ends().map(|y| Point { x: *x, y, bar: 0.0 });
            let spots = ends.map(|end| frame.spot(&end, &plot.scales, [0.0, 0.0]));
            within += &Stroke::Thin.drawn(BLACK, &spots);
        }
        for Line { color, stroke, points, .. } in plot.lines {
            if stroke.is_of_marks() {
                let spots = points.iter().filter(|point| is_inside(point, &plot.scales));
                let spots = spots.map(|point| frame.spot(point, &plot.scales, [frame.x, frame.y]));
                let spots = Vec::from_iter(spots.map(|spot| spot.cut(frame.y, frame.y + frame.height)));
                // A cloud lies behind lines, and marks on a line lie before it.
                let layer = if *stroke == Stroke::Dots { &mut self.elements } else { &mut above };
                *layer += &stroke.drawn(*color, &spots);
            }
            for run in runs(points, &plot.scales).into_iter().filter(|_| !stroke.is_of_marks()) {
                let spots = Vec::from_iter(run.iter().map(|point| frame.spot(point, &plot.scales, [0.0, 0.0])));
                within += &stroke.drawn(*color, &spots);
            }
        }
        self.elements += &format!(
            "<svg x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\">\n{within}</svg>\n{above}",
            number(frame.x),
            number(frame.y),
            number(frame.width),
            number(frame.height)
        );
        frame
    }

    /// Both axes, with round numbers and labels.
    fn axes(&mut self, plot: &Plot, frame: &Frame) {
        let [horizontal, vertical] = &plot.scales;
        let bottom = frame.y + frame.height;
        self.line([frame.x, frame.y], [frame.x, bottom], 1.0);
        self.line([frame.x, bottom], [frame.x + frame.width, bottom], 1.0);
        for tick in horizontal.ticks() {
            let x = frame.x + horizontal.place(tick) * frame.width;
            self.line([x, bottom], [x, bottom + 5.0], 1.0);
            self.text([x, bottom + 20.0], AXIS, Anchor::Middle, "", &horizontal.label(tick));
        }
        for tick in vertical.ticks() {
            let y = frame.y + (1.0 - vertical.place(tick)) * frame.height;
            self.line([frame.x - 5.0, y], [frame.x, y], 1.0);
            self.text([frame.x - 9.0, y + 5.0], AXIS, Anchor::End, "", &vertical.label(tick));
        }
        self.text([frame.x + frame.width / 2.0, bottom + 42.0], AXIS, Anchor::Middle, "", plot.labels[0]);
        let place = [EDGE + AXIS, frame.y + frame.height / 2.0];
        let turn = format!(" transform=\"rotate(270 {} {})\"", number(place[0]), number(place[1]));
        self.text(place, AXIS, Anchor::Middle, &turn, plot.labels[1]);
        self.bottom = bottom + 56.0;
    }

    fn line(&mut self, from: [f64; 2], to: [f64; 2], opacity: f64) {
        let [x1, y1, x2, y2] = [from[0], from[1], to[0], to[1]].map(number);
        self.elements += &format!(
            "<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" stroke=\"#000000\" stroke-width=\"1\" opacity=\"{opacity}\"/>\n"
        );
    }

    fn finished(self) -> String {
        let (width, height) = (self.width, (self.bottom + EDGE).ceil());
        format!(
            "<svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" xmlns=\"http://www.w3.org/2000/svg\">\n\
             {DARK}\n<rect width=\"{width}\" height=\"{height}\" fill=\"#FFFFFF\"/>\n\
             <g fill=\"#000000\" font-family=\"sans-serif\">\n{}</g>\n</svg>\n",
            self.elements
        )
    }
}

/// The places of a line that are drawn, in runs without a gap: those inside, and the neighbours to which it leaves.
fn runs(points: &[Point], scales: &[Scale; 2]) -> Vec<Vec<Point>> {
    let inside = |i: usize| points.get(i).is_some_and(|point| is_inside(point, scales));
    let is_drawn = |i: usize| {
        let is_finite = points[i].x.is_finite() && points[i].y.is_finite();
        is_finite && (inside(i) || inside(i + 1) || i.checked_sub(1).is_some_and(inside))
    };
    let mut runs = vec![Vec::new()];
    for (i, point) in points.iter().enumerate() {
        match runs.last_mut() {
            Some(run) if is_drawn(i) => run.push(*point),
            _ => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BLUE;

    fn line(stroke: Stroke, points: &[(f64, f64)]) -> Line {
        let points = points.iter().map(|&(x, y)| Point { x, y, bar: 0.1 });
        Line { name: "`a` < b".into(), color: BLUE, stroke, points: points.collect() }
    }

    fn plot<'a>(lines: &'a [Line], verticals: &'a [f64]) -> Plot<'a> {
        let scales = [Scale::linear(0.0, 1.0), Scale::linear(0.0, 1.0)];
        let labels = ["x", "y"];
        Plot { title: "A & B", caption: "", labels, scales, lines, verticals, meaning: "here", is_map: false }
    }

    #[test]
    fn a_line_is_drawn_to_where_it_leaves_the_plot() {
        let line = line(
            Stroke::Solid,
            &[(0.1, 0.1), (0.2, 0.2), (0.3, 7.0), (0.3, 9.0), (0.3, 8.0), (0.4, 0.4), (2.0, 0.5), (0.5, f64::NAN)],
        );
        let runs = runs(&line.points, &[Scale::linear(0.0, 1.0), Scale::linear(0.0, 1.0)]);
        let heights = |run: &Vec<Point>| Vec::from_iter(run.iter().map(|point| point.y));
        assert_eq!(Vec::from_iter(runs.iter().map(heights)), [vec![0.1, 0.2, 7.0], vec![8.0, 0.4, 0.5]]);
    }

    #[test]
    fn text_is_escaped_and_the_size_is_in_pixels() {
        let svg = draw(&plot(&[line(Stroke::Bars, &[(0.5, 0.5)])], &[]));
        assert!(svg.starts_with("<svg width=\"880\" height=\"") && svg.contains("viewBox=\"0 0 880 "), "{svg}");
        assert!(svg.contains("A &amp; B") && svg.contains(">a</tspan> &lt; b</text>"), "{svg}");
    }

    #[test]
    fn every_stroke_leaves_a_mark_and_a_sample() {
        let empty = draw(&plot(&[], &[]));
        let marks = |svg: &str| svg.matches("#0072B2").count();
        for stroke in [
            Stroke::Solid,
            Stroke::Broad,
            Stroke::Dashed,
            Stroke::Dotted,
            Stroke::Thin,
            Stroke::Rings,
            Stroke::Bars,
            Stroke::Dots,
            Stroke::Band,
        ] {
            let svg = draw(&plot(&[line(stroke, &[(0.2, 0.3), (0.6, 0.7)])], &[]));
            // The style sheet names the colour, too.
            assert!(marks(&svg) >= marks(&empty) + 2, "{stroke:?}");
        }
    }

    #[test]
    fn lines_outside_are_left_out_of_the_legend() {
        let with = |lines: &[Line], verticals: &[f64]| draw(&plot(lines, verticals));
        assert_eq!(with(&[], &[-0.5, 1.5]), with(&[], &[]));
        assert!(with(&[], &[0.5]).contains("here"));
        let [outside, inside] = [7.0, 0.7].map(|y| with(&[line(Stroke::Solid, &[(0.2, y), (0.6, y)])], &[]));
        assert!(!outside.contains("&lt; b") && inside.contains("&lt; b"));
    }

    /// The legend has rows of its own: more of them make the figure higher, and the frame begins below.
    #[test]
    fn the_legend_covers_nothing() {
        let lines = Vec::from_iter((0..12).map(|_| line(Stroke::Solid, &[(0.5, 0.99)])));
        let top = |svg: &str| {
            let (_, frame) = svg.split_once("<svg x=").unwrap();
            frame.split('"').nth(3).unwrap().parse::<f64>().unwrap()
        };
        let lowest = |svg: &str| {
            let names = svg.split("<text").filter(|text| text.contains("&lt; b"));
            names.map(|text| text.split('"').nth(3).unwrap().parse::<f64>().unwrap()).fold(0.0, f64::max)
        };
        let [few, many] = [&lines[..1], &lines].map(|lines| draw(&plot(lines, &[])));
        assert!(top(&many) > top(&few), "{} {}", top(&many), top(&few));
        assert!([few, many].iter().all(|svg| lowest(svg) < top(svg)));
    }
}
