//! Section 9: formulas for the tail index of one weight, as functions of S and aλ.
//!
//! The index is the root of a transcendental equation, so that no identity can be asked for: `verify::tail` tabulates how
//! far these are from it.

use symbols::Scalar;

/// Proposition 7, eqs. (92)–(94), discrete time: β = 2S/(aλ) − S.
///
/// `batch_size` is S and `step_size` is aλ; all dimensionless.
pub fn discrete_time<T: Scalar>(batch_size: &T, step_size: &T) -> T {
    T::from_integer(2) * batch_size / step_size - batch_size
}

/// Mori et al. 2021, continuous time: β = 2S/(aλ) + 1.
///
/// `batch_size` is S and `step_size` is aλ; all dimensionless.
pub fn continuous_time<T: Scalar>(batch_size: &T, step_size: &T) -> T {
    T::from_integer(2) * batch_size / step_size + T::one()
}
