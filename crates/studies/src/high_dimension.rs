//! Section 7, Proposition 4 and Theorem 6, on random data sets of growing dimension: how fast, or whether, they become
//! exact.
//!
//! Features are x ~ N(0, A) with Tr\[A\] = D, there are N = αD samples, and labels have the variance σ² = 1. SGD draws
//! minibatches of S = 2 with replacement at λ = cS/Tr\[A\]. The Lyapunov engine answers for each finite data set.
//! Tables hold means over data sets with their standard errors, and orders that are measured from the last doubling of
//! D: an error of the order k in 1/D falls by 2ᵏ.
//!
//! Deliberately absent: α = 1, where the smallest eigenvalue vanishes with 1/D² and nothing has a limit.

pub mod draws;
pub mod estimate;
mod growing;
mod judgements;
pub mod marchenko_pastur;
mod second_term;
mod tables;
pub mod theory;

pub use tables::STUDY;
