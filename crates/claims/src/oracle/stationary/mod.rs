//! Section 2: the stationary equation.

pub mod equation;
pub mod small_learning_rate;
