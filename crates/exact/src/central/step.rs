//! One step of the moments of one degree, as a linear map of them.
//!
//! A step of z = (v, m) is z' = F z + J ξ. In a direction ψ, with θ = Jᵀψ,
//!
//! ```text
//! E[(ψᵀz')ᵏ | z] = Σ_j (k choose j) (ψᵀF z)^{k−j} E[(θᵀξ)ʲ | v]
//! ```
//!
//! is a polynomial in ψ and z. Its coefficient at a monomial ψᵃ is that many orders of a times E\[z'ᵃ | z\].

use std::collections::BTreeMap;

use numbers::{Matrix, Vector};
use rug::Rational;
use symbols::Setting;

use super::minibatch::{Forms, binomial, noise_moments};
use super::polynomial::{COMPONENTS_LIMIT, Monomial, Polynomial, exponents, monomials, split};
use crate::ExactError;
use crate::recursion::Recursion;

/// E\[zᵃ\] by a.
pub(crate) type StateMoments = BTreeMap<Monomial, Rational>;

pub(crate) struct Step {
    /// The components of z.
    n: usize,
    /// (ψᵀF z)ᵏ.
    mean: Vec<Polynomial>,
    /// E\[(θᵀξ)ᵏ | v\].
    noise: Vec<Polynomial>,
    /// v, in z.
    weights: Vec<Polynomial>,
}

impl Step {
    /// Up to `degree`, at most 15.
    pub(crate) fn new(
        setting: &Setting<Rational>,
        recursion: &Recursion<Rational>,
        minimizer: &Vector<Rational>,
        degree: u32,
    ) -> Result<Self, ExactError> {
        let n = recursion.order();
        if n > COMPONENTS_LIMIT {
            return Err(ExactError::OutOfRange {
                quantity: "components of a state with moments",
                value: Rational::from(n),
                expected: "at most 16",
            });
        }
        let (F, J) = (&recursion.F, &recursion.J);
        let mut mean = Polynomial::default();
        for i in 0..n {
            let direction = Polynomial::linear(i, &[Rational::from(1)]);
            mean.add(direction.times(&Polynomial::linear(n, F.row(i).iter())));
        }
        let weights =
            |first| Vec::from_iter(recursion.weights().row_iter().map(|row| Polynomial::linear(first, row.iter())));
        let direction = Vec::from_iter(J.column_iter().map(|column| Polynomial::linear(0, column.iter())));
        let noise = noise_moments(setting, minimizer, &Forms { direction, weights: weights(n) }, degree);
        Ok(Step { n, mean: mean.powers(degree as usize), noise, weights: weights(0) })
    }

    /// All moments of one degree, in the order of [`Step::map`].
    pub(crate) fn moments(&self, degree: u32) -> Vec<Monomial> {
        monomials(self.n, degree)
    }

    /// The matrix that maps the moments of degree k to the next ones; and what those of `lower` degrees add.
    pub(crate) fn map(&self, k: u32, lower: &StateMoments) -> (Matrix<Rational>, Matrix<Rational>) {
        let (order, next) = (self.moments(k).len(), self.next(k));
        let mut constant = Matrix::zeros(order, 1);
        for (degree, moments) in (0..k).map(|degree| (degree, self.moments(degree))) {
            let of = |monomial| lower.get(&monomial).cloned().unwrap_or_default();
            let column = Vec::from_iter(moments.into_iter().map(of));
            if column.iter().any(|moment| !moment.is_zero()) {
                constant += self.part_of(&next, k, degree) * Matrix::from_column_slice(column.len(), 1, &column);
            }
        }
        (self.part_of(&next, k, k), constant)
    }

    /// E\[z'ᵃ | z\] of all a of degree k, the part of `degree` in z: a row for each a, a column for each monomial of z.
    pub(crate) fn part(&self, k: u32, degree: u32) -> Matrix<Rational> {
        self.part_of(&self.next(k), k, degree)
    }

    fn part_of(&self, next: &Polynomial, k: u32, degree: u32) -> Matrix<Rational> {
        let places = |degree| BTreeMap::from_iter(self.moments(degree).into_iter().zip(0..));
        let (rows, columns) = (places(k), places(degree));
        let mut part = Matrix::zeros(rows.len(), columns.len());
        for (&monomial, coefficient) in &next.0 {
            let (of_direction, of_state) = split(monomial, self.n);
            if let (Some(&row), Some(&column)) = (rows.get(&of_direction), columns.get(&of_state)) {
                part[(row, column)] += coefficient / self.orders(of_direction);
            }
        }
        part
    }

    /// E\[(ψᵀz')ᵏ | z\].
    fn next(&self, k: u32) -> Polynomial {
        let mut next = Polynomial::default();
        for j in 0..=k {
            next.add(self.mean[(k - j) as usize].times(&self.noise[j as usize]).scaled(&binomial(k, j)));
        }
        next
    }

    /// E\[gᵃ\] of a standard Gaussian g of n components, for all a of one even degree: a point inside the cone of
    /// moments.
    pub(crate) fn of_gaussian(&self, degree: u32) -> Matrix<Rational> {
        let odd_product = |k: u32| (1..k).step_by(2).product::<u32>();
        let of = |monomial| {
            let exponents = exponents(monomial, self.n);
            let even = exponents.iter().all(|k| k % 2 == 0);
            if even { Rational::from(exponents.into_iter().map(odd_product).product::<u32>()) } else { Rational::new() }
        };
        let entries = Vec::from_iter(self.moments(degree).into_iter().map(of));
        Matrix::from_column_slice(entries.len(), 1, &entries)
    }

    /// vᵢ vⱼ … of the weights listed, in z.
    pub(crate) fn product(&self, weights: &[usize]) -> Option<Polynomial> {
        let one = Polynomial::constant(Rational::from(1));
        weights.iter().try_fold(one, |product, &i| Some(product.times(self.weights.get(i)?)))
    }

    /// k!/(a₁! a₂! …).
    fn orders(&self, monomial: Monomial) -> Rational {
        let exponents = exponents(monomial, self.n);
        let factorial = |k: u32| rug::Integer::from(rug::Integer::factorial(k));
        let below = exponents.iter().fold(rug::Integer::from(1), |product, &k| product * factorial(k));
        Rational::from((factorial(exponents.into_iter().sum()), below))
    }
}
