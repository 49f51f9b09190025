//! Figs. 2 to 7, point by point, and what they show of claims. How they are drawn is not decided here.
//!
//! Theory as printed, the exact answer, the Hessian approximations and draws stand side by side. Numbers are exact and
//! rounded once, except for draws and for Fig. 6, whose data sets are random.

mod draws;
mod figure;
mod one_weight;
mod places;
mod several_weights;
mod tail_index;

use tables::StudyError;

pub use figure::{Axis, Figure, Point, Role, SEED, Series, Shown};

/// The name of a figure, and the function that makes it.
pub type Maker = (&'static str, fn() -> Result<Figure, StudyError>);

/// Figs. 2 to 7.
pub const FIGURES: [Maker; 12] = [
    ("2", tail_index::against_batch_size),
    ("3-left", one_weight::fluctuation_against_batch_size),
    ("3-right", || one_weight::test_loss_against_decay("3-right", one_weight::FIGURE_3)),
    ("4a", one_weight::fluctuation_against_learning_rate),
    ("4b", || several_weights::clouds("4b", 50)),
    ("4c", || several_weights::clouds("4c", 10)),
    ("5a", || one_weight::test_loss_against_decay("5a", one_weight::FIGURE_5[0])),
    ("5b", || one_weight::test_loss_against_decay("5b", one_weight::FIGURE_5[1])),
    ("5c", || one_weight::test_loss_against_decay("5c", one_weight::FIGURE_5[2])),
    ("6", several_weights::trace_against_samples),
    ("7a", || tail_index::against_learning_rate("7a", 1)),
    ("7b", || tail_index::against_learning_rate("7b", 10)),
];
