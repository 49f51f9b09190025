//! Section 2: the stationary equation.

pub mod equation;
