//! How far the mean of a quadratic function over a long run may be off.

use numbers::{Matrix, matrix};
use rug::Rational;
use symbols::Setting;

use super::of_state;
use super::polynomial::Polynomial;
use super::step::{StateMoments, Step};
use crate::{ExactError, linear};

/// The variance of the mean of f(w) = vᵀQv over n steps of the stationary state, times n, as n → ∞: exactly.
///
/// ```text
/// lim n var((1/n) Σ_{t=1}^n f(w_t)) = var f + 2 Σ_{k≥1} cov(f(w_t), f(w_{t+k})),    v = w − w*
/// ```
///
/// Its root divided by √n is the standard error of a measured Σ or loss, correlation of the chain included: Q = A/2 for
/// the test loss without weight decay, and Q with a one at (i, i) for Σᵢᵢ. `quadratic` is Q, a symmetric D×D matrix.
///
/// # Method
/// E\[f(w_{t+k}) | z_t\] of the state z = (v, m) is quadratic, too. So g − E\[g(z') | z\] = f − E f, Poisson's equation, has
/// a solution g of the monomials of first and second degree, and the limit is 2 cov(f, g) − var f, of moments up to the
/// fourth.
///
/// # Errors
/// Those of [`central_moments`](crate::central_moments); [`ExactError::Shape`] where Q is not D×D.
pub fn time_average_variance(
    setting: &Setting<Rational>,
    quadratic: &Matrix<Rational>,
) -> Result<Rational, ExactError> {
    let D = setting.dimension();
    if quadratic.shape() != (D, D) {
        return Err(ExactError::Shape { left: (D, D), right: quadratic.shape() });
    }
    let Some((step, moments)) = of_state(setting)? else { return Ok(Rational::new()) };
    let mut f = Polynomial::default();
    for (i, j) in (0..D).flat_map(|i| (0..D).map(move |j| (i, j))) {
        let product = step.product(&[i, j]).unwrap_or_default();
        f.add(product.scaled(&quadratic[(i, j)]));
    }
    let g = poisson(&step, &f)?;
    // All of these have at most the fourth degree.
    let mean = |f: &Polynomial| f.mean(&moments).unwrap_or_default();
    let covariance = |g: &Polynomial| mean(&f.times(g)) - mean(&f) * mean(g);
    Ok(covariance(&g) * Rational::from(2) - covariance(&f))
}

/// g, up to a constant.
fn poisson(step: &Step, f: &Polynomial) -> Result<Polynomial, ExactError> {
    let solve = |degree: u32, right: &Matrix<Rational>| {
        let map = step.part(degree, degree);
        linear::solve(&(matrix::identity::<Rational>(map.nrows()) - map.transpose()), right)
    };
    let coefficients = step.moments(2).into_iter().map(|monomial| f.0.get(&monomial).cloned().unwrap_or_default());
    let coefficients = Vec::from_iter(coefficients);
    let squares = solve(2, &Matrix::from_column_slice(coefficients.len(), 1, &coefficients))?;
    let lines = solve(1, &(step.part(2, 1).transpose() * &squares))?;
    let mut g = StateMoments::new();
    for (degree, solution) in [(2, squares), (1, lines)] {
        g.extend(step.moments(degree).into_iter().zip(solution.iter().cloned()));
    }
    Ok(Polynomial(g))
}
