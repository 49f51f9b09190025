//! What a figure is: series of points, and what they say of claims.

use verify::Verdict;

/// The seed of all draws.
pub const SEED: u64 = 1;

/// A figure, ready to be drawn and to be written as a table.
#[derive(Debug)]
pub struct Figure {
    /// The number of the figure in the paper, such as `"3-left"`.
    pub name: &'static str,
    /// The title, for a reader. As in every text of a figure, formulas stand between backticks.
    pub title: String,
    /// Parameters and seed, in sentences.
    pub caption: String,
    /// The axis to the right.
    pub horizontal: Axis,
    /// The axis upwards.
    pub vertical: Axis,
    /// Whether both axes have the same unit, so that circles must stay circles.
    pub is_map: bool,
    /// The series that are drawn, the first of them at the back.
    pub series: Vec<Series>,
    /// The places where the theory says that nothing is stationary any more.
    pub divergences: Vec<f64>,
    /// The verdicts that the figure gives on claims.
    pub shown: Vec<Shown>,
}

/// An axis.
#[derive(Debug)]
pub struct Axis {
    /// The quantity.
    pub label: &'static str,
    /// Whether equal ratios are equally far apart.
    pub is_logarithmic: bool,
    /// Its ends.
    pub ends: [f64; 2],
}

/// Points of one kind.
#[derive(Debug)]
pub struct Series {
    /// The role, by which line and mark are chosen.
    pub role: Role,
    /// The name, for the legend.
    pub name: &'static str,
    /// The points in the order in which a line connects them.
    pub points: Vec<Point>,
}

/// A point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The coordinate to the right.
    pub x: f64,
    /// The coordinate upwards.
    pub y: f64,
    /// The standard error of y, where y is an estimate.
    pub error: Option<f64>,
}

impl Point {
    pub(crate) fn certain(x: f64, y: f64) -> Point {
        Point { x, y, error: None }
    }
}

impl Series {
    pub(crate) fn of(role: Role, points: Vec<Point>) -> Series {
        Series { role, name: role.name(), points }
    }
}

/// The role of a series; each role has its line and its mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A stationary state of SGD, sample by sample.
    Cloud,
    /// The closed form as printed.
    Printed,
    /// The answer of an engine that knows no closed form.
    Exact,
    /// The Hessian approximation in discrete time.
    DiscreteTime,
    /// The Hessian approximation in continuous time, or the formula of continuous time.
    ContinuousTime,
    /// The closed form in the limit of high dimension.
    Limit,
    /// Estimates from draws, with their standard errors.
    Draws,
}

impl Role {
    fn name(self) -> &'static str {
        match self {
            Role::Cloud => "weights of SGD",
            Role::Printed => "theory as printed",
            Role::Exact => "exact",
            Role::DiscreteTime => "Hessian approximation, discrete time",
            Role::ContinuousTime => "Hessian approximation, continuous time",
            Role::Limit => "limit `N, D → ∞`",
            Role::Draws => "draws ± 2 standard errors",
        }
    }
}

/// The verdict of a figure on a claim.
#[derive(Debug)]
pub struct Shown {
    /// The claim, of a closed form or of a study.
    pub claim: &'static str,
    /// Whether the two series that the figure compares are the same.
    pub verdict: Verdict,
    /// How far they are apart.
    pub measured: String,
}
