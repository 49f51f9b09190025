//! Curves as SVG: the same bytes on every machine, for a light and a dark screen and for paper.
//!
//! In grey, colours are told apart by their lightness, and lines by their dashes and marks, too. A style sheet in the
//! file exchanges black and white where the reader prefers a dark screen. What stands between backticks in a title, a
//! caption, a label or a name is a formula, and its letters, indices and exponents are set as such.
//!
//! ```
//! use plot::{BLUE, Line, Plot, Point, Scale, Stroke};
//!
//! let points = (1..=8).map(|k| f64::from(k)).map(|x| Point { x, y: x * x, bar: 0.0 });
//! let square = Line { name: "`x²`".into(), color: BLUE, stroke: Stroke::Solid, points: points.collect() };
//! let svg = plot::draw(&Plot {
//!     title: "A parabola",
//!     caption: "From 1 to 8.",
//!     labels: ["`x`", "`y`"],
//!     scales: [Scale::linear(0.0, 8.0), Scale::logarithmic(1.0, 100.0)],
//!     lines: &[square],
//!     verticals: &[],
//!     meaning: "",
//!     is_map: false,
//! });
//! assert!(svg.starts_with("<svg"));
//! ```
//!
//! Deliberately absent: what a curve means, and files.

mod draw;
mod scale;
mod strokes;
mod text;

pub use draw::draw;
pub use scale::Scale;
pub use text::plain;

/// A colour by its shares of red, green and blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color(u8, u8, u8);

impl Color {
    /// As SVG has it.
    fn hex(self) -> String {
        let Color(red, green, blue) = self;
        format!("#{red:02X}{green:02X}{blue:02X}")
    }
}

/// What is drawn.
#[derive(Debug)]
pub struct Plot<'a> {
    /// The title above the plot.
    pub title: &'a str,
    /// The caption beneath the plot, which is broken into lines.
    pub caption: &'a str,
    /// The labels of the horizontal and of the vertical axis.
    pub labels: [&'a str; 2],
    /// The horizontal and the vertical axis.
    pub scales: [Scale; 2],
    /// The lines, the first of them at the back.
    pub lines: &'a [Line],
    /// The places of vertical lines on the horizontal axis.
    pub verticals: &'a [f64],
    /// What vertical lines mean.
    pub meaning: &'a str,
    /// Whether both axes have one unit, so that a circle must stay one.
    pub is_map: bool,
}

/// A curve, or points.
#[derive(Debug, Clone)]
pub struct Line {
    /// The name in the legend.
    pub name: String,
    /// The colour of the line and its marks.
    pub color: Color,
    /// How its points are connected.
    pub stroke: Stroke,
    /// The places of the line, in order.
    pub points: Vec<Point>,
}

/// A place of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The coordinate to the right.
    pub x: f64,
    /// The coordinate upwards.
    pub y: f64,
    /// Half the length of the bar through it, or half the height of the band around it; 0 elsewhere.
    pub bar: f64,
}

/// How the points of a line are connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stroke {
    /// A line.
    Solid,
    /// A broad line through which others can be seen, to lie under one.
    Broad,
    /// A line of dashes.
    Dashed,
    /// A line of dots.
    Dotted,
    /// A thin line of dots.
    Thin,
    /// Rings without a line.
    Rings,
    /// Bars and a small mark.
    Bars,
    /// Small dots.
    Dots,
    /// A line in a band.
    Band,
}

/// The colour of axes and texts.
const BLACK: Color = Color(0, 0, 0);
/// The darkest of the colours.
pub const BLUE: Color = Color(0, 114, 178);
/// The colour of what is to be seen first.
pub const VERMILION: Color = Color(213, 94, 0);
/// A colour of middle lightness.
pub const GREEN: Color = Color(0, 158, 115);
/// The lightest of the colours.
pub const PURPLE: Color = Color(204, 121, 167);
/// The colour of what is estimated.
pub const GREY: Color = Color(120, 120, 120);
/// The colours, in the order in which they are told apart best.
pub const COLORS: [Color; 5] = [BLUE, VERMILION, GREEN, PURPLE, GREY];
