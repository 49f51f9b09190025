//! Curves as SVG: the same bytes on every machine, for a light and a dark screen and for paper.
//!
//! Colours are told apart in grey by their lightness, and lines besides by their dashes and marks. A style sheet in the file
//! exchanges black and white where the reader prefers a dark screen.
//!
//! ```
//! use plot::{BLUE, Line, Plot, Point, Scale, Stroke};
//!
//! let points = (1..=8).map(|k| f64::from(k)).map(|x| Point { x, y: x * x, bar: 0.0 });
//! let square = Line { name: "x²".into(), color: BLUE, stroke: Stroke::Solid, points: points.collect() };
//! let svg = plot::draw(&Plot {
//!     title: "A parabola",
//!     caption: "From 1 to 8.",
//!     labels: ["x", "y"],
//!     scales: [Scale::linear(0.0, 8.0), Scale::logarithmic(1.0, 100.0)],
//!     lines: &[square],
//!     verticals: &[],
//!     meaning: "",
//!     is_map: false,
//! })?;
//! assert!(svg.starts_with("<svg"));
//! # Ok::<(), plot::PlotError>(())
//! ```
//!
//! Deliberately absent: what a curve means, and files.

mod draw;
mod scale;

pub use draw::draw;
pub use plotters::style::RGBColor;
pub use scale::Scale;

/// Of an SVG that could not be made.
#[derive(Debug, thiserror::Error)]
#[error("drawing «{title}»: {reason}")]
pub struct PlotError {
    /// Of the figure.
    pub title: String,
    /// What the library says.
    pub reason: String,
}

/// What is drawn.
#[derive(Debug)]
pub struct Plot<'a> {
    /// Above.
    pub title: &'a str,
    /// Beneath, broken into lines.
    pub caption: &'a str,
    /// Of the horizontal and of the vertical axis.
    pub labels: [&'a str; 2],
    /// The horizontal and the vertical axis.
    pub scales: [Scale; 2],
    /// The first of them at the back.
    pub lines: &'a [Line],
    /// Vertical lines.
    pub verticals: &'a [f64],
    /// What vertical lines mean.
    pub meaning: &'a str,
    /// Whether both axes have one unit, so that a circle must stay one.
    pub is_map: bool,
}

/// A curve, or points.
#[derive(Debug, Clone)]
pub struct Line {
    /// For the legend.
    pub name: String,
    /// Of the line and its marks.
    pub color: RGBColor,
    /// How its points are connected.
    pub stroke: Stroke,
    /// In order.
    pub points: Vec<Point>,
}

/// A place of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Upwards.
    pub y: f64,
    /// Half the length of the bar through it, or half the height of the band around it; 0 elsewhere.
    pub bar: f64,
}

/// How the points of a line are connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stroke {
    /// A line.
    Solid,
    /// A line of dashes.
    Dashed,
    /// A line of dots.
    Dotted,
    /// Rings without a line.
    Rings,
    /// Bars and a small mark.
    Bars,
    /// Small dots.
    Dots,
    /// A line in a band.
    Band,
}

/// The darkest.
pub const BLUE: RGBColor = RGBColor(0, 114, 178);
/// For what is to be seen first.
pub const VERMILION: RGBColor = RGBColor(213, 94, 0);
/// Of a middle lightness.
pub const GREEN: RGBColor = RGBColor(0, 158, 115);
/// The lightest.
pub const PURPLE: RGBColor = RGBColor(204, 121, 167);
/// For what is estimated.
pub const GREY: RGBColor = RGBColor(120, 120, 120);
/// In the order in which they are told apart best.
pub const COLORS: [RGBColor; 5] = [BLUE, VERMILION, GREEN, PURPLE, GREY];
