//! Polynomials in a direction ψ and a state z, of n components each.

use std::collections::BTreeMap;

use rug::Rational;

/// The most components of a state: a monomial has four bits for the exponent of each of its 2n variables.
pub(crate) const COMPONENTS_LIMIT: usize = 16;

const BITS: usize = 4;

/// The product of powers of variables, each exponent below 16; products of monomials are sums.
pub(crate) type Monomial = u128;

/// A polynomial, by its monomials.
#[derive(Debug, Clone, Default)]
pub(crate) struct Polynomial(pub(crate) BTreeMap<Monomial, Rational>);

impl Polynomial {
    pub(crate) fn constant(value: Rational) -> Self {
        let mut polynomial = Polynomial::default();
        polynomial.add_term(0, value);
        polynomial
    }

    /// Σ cᵢ xᵢ over the variables from `first` on.
    pub(crate) fn linear<'a>(first: usize, coefficients: impl IntoIterator<Item = &'a Rational>) -> Self {
        let mut polynomial = Polynomial::default();
        for (i, c) in coefficients.into_iter().enumerate() {
            polynomial.add_term(variable(first + i), c.clone());
        }
        polynomial
    }

    fn add_term(&mut self, monomial: Monomial, coefficient: Rational) {
        if !coefficient.is_zero() {
            *self.0.entry(monomial).or_default() += coefficient;
        }
    }

    pub(crate) fn add(&mut self, other: Polynomial) {
        for (monomial, c) in other.0 {
            self.add_term(monomial, c);
        }
    }

    pub(crate) fn times(&self, other: &Polynomial) -> Polynomial {
        let mut product = Polynomial::default();
        for (x, a) in &self.0 {
            for (y, b) in &other.0 {
                product.add_term(x + y, Rational::from(a * b));
            }
        }
        product
    }

    pub(crate) fn scaled(mut self, factor: &Rational) -> Polynomial {
        if factor.is_zero() {
            return Polynomial::default();
        }
        self.0.values_mut().for_each(|c| *c *= factor);
        self
    }

    /// The mean over z, of a polynomial in z alone; `None` where a moment is missing.
    pub(crate) fn mean(&self, moments: &BTreeMap<Monomial, Rational>) -> Option<Rational> {
        self.0.iter().map(|(monomial, c)| Some(Rational::from(c * moments.get(monomial)?))).sum()
    }

    /// 1, p, p², … up to pⁿ.
    pub(crate) fn powers(&self, n: usize) -> Vec<Polynomial> {
        let one = Polynomial::constant(Rational::from(1));
        Vec::from_iter(std::iter::successors(Some(one), |power| Some(power.times(self))).take(n + 1))
    }
}

/// The monomial of one variable.
fn variable(i: usize) -> Monomial {
    1 << (BITS * i)
}

/// The exponents of the n variables from the first on.
pub(crate) fn exponents(monomial: Monomial, n: usize) -> Vec<u32> {
    Vec::from_iter((0..n).map(|i| (monomial >> (BITS * i)) as u32 & 15))
}

/// A monomial in ψ and z as one in the variables of ψ and one in those of z, both numbered from 0.
pub(crate) fn split(monomial: Monomial, n: usize) -> (Monomial, Monomial) {
    let of_z = monomial >> (BITS * n);
    (monomial - (of_z << (BITS * n)), of_z)
}

/// All monomials of n variables of one degree.
pub(crate) fn monomials(n: usize, degree: u32) -> Vec<Monomial> {
    match (n, degree) {
        (_, 0) => vec![0],
        (0, _) => Vec::new(),
        (n, degree) => {
            let of_last = (0..=degree).flat_map(|last| {
                monomials(n - 1, degree - last).into_iter().map(move |rest| rest + u128::from(last) * variable(n - 1))
            });
            Vec::from_iter(of_last)
        }
    }
}
