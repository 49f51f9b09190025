//! Section 7, Proposition 4 and Theorem 6, on random data sets of growing dimension: how fast, or whether, they become exact.
//!
//! x ~ N(0, A) with Tr\[A\] = D, N = αD, labels of variance σ² = 1, S = 2, SGD with replacement at λ = cS/Tr\[A\]. Each data set is finite
//! and answered by the Lyapunov engine; tables hold means over data sets with their standard errors, and orders measured from
//! the last doubling of D: an error of the order −k falls by 2ᵏ.
//!
//! Deliberately absent: α = 1, where the smallest eigenvalue vanishes with 1/D² and nothing has a limit.

pub(crate) mod draws;
pub(crate) mod estimate;
mod judgements;
pub(crate) mod marchenko_pastur;
mod second_term;
mod tables;
pub(crate) mod theory;

pub use tables::STUDY;
