//! The tail of the stationary law of several weights whose features have one variance in all directions.
//!
//! With A = aI and Λ = λI the step of the error v = w − w* has, but for the label noise, a length that does not depend
//! on its direction, so that one equation gives the index. Let L = aλ, and let X and Y be independent, chi-square of S
//! and of D − 1 degrees of freedom. The minibatch gradient is |v|aX/S along v and |v|a√(XY)/S across it:
//!
//! ```text
//! |v'|²/|v|² = (1 − LX/S)² + (L/S)²XY = 1 − Bτ(2 − τ) = Q,    B = X/(X + Y),    τ = L(X + Y)/S
//! ```
//!
//! B is of the law Beta(S/2, (D − 1)/2) and independent of X + Y, which is chi-square of S + D − 1 degrees of freedom.
//! What holds of any A follows from the growth of even moments.

use numbers::Scalar;

use crate::paper;
use claims::{Provenance, StudyClaim};

/// The equation that the index of several weights solves.
///
/// # Proof
/// Without label noise log|v| is a random walk of independent steps, so that E|v|^β is multiplied by E[Q^{β/2}] in
/// each, whatever v is: that is Kesten's h(β) of the products of matrices. Its logarithm is convex and 0 at 0. Where a
/// law is stationary it falls there, and so it has one more zero, the index. (Kesten 1973; Alsmeyer and Mentemeier 2012
/// for the tail to be a power.)
///
/// # The formula of Proposition 7 for D weights
/// 2S/L − (S + D − 1) is the index where that is 2. At L = 2S/(S + D + 3), where it would be 4, E Q² − 1 has the factor
/// D − S − 1: it is 4 only for D = S + 1.
pub static INDEX: StudyClaim = StudyClaim {
    id: "tail/index-of-several-weights",
    source: paper::OWN,
    equations: &[],
    provenance: Provenance::Own,
    statement: "`D` weights, `A = aI`, `Λ = λI`: the tail index is the `β > 0` with `E[(1 − Bτ(2 − τ))^{β/2}] = 1`, \
                where `B` and `τS/(aλ)` are independent, `B` beta with the parameters `S/2` and `(D − 1)/2`, and the \
                other chi-square of `S + D − 1` degrees of freedom",
    formulas: &["A = aI", "Λ = λI"],
    correction: None,
    refutation: None,
    beyond: Some(
        "proved; the variance exists exactly where `aλ < 2S/(S + D + 1)`; without weight decay the equation holds wherever \
         `ΛK = LI`, with `L` in place of `aλ`, as with input noise and in damped Newton's method",
    ),
};

/// The index of any features, by the growth of even moments.
///
/// # Proof
/// Let Π be the product of the matrices of n steps of the state (v, m) without noise. E|φᵀΠz|^{2p} is an entry of the
/// n-th power of the map of the moments of degree 2p, so that E‖Π‖^{2p} grows like h(2p)ⁿ with its spectral radius. By
/// Hölder's inequality log E‖Π‖^β is convex in β, and so is log h(β) = lim (1/n) log E‖Π‖^β; it is 0 at 0. The index is
/// its other zero. A chord between two even degrees on either side of it lies above log h and has its zero below the
/// index; a chord that is extended lies below log h, and has its zero above.
pub static GROWTH: StudyClaim = StudyClaim {
    id: "tail/growth-of-moments",
    source: paper::OWN,
    equations: &[],
    provenance: Provenance::Own,
    statement: "any `A`, `Λ`, `Γ` and `μ`: with the spectral radius `h` of the map by which a step without noise takes \
                the moments of degree `2p` of `(w − w*, m)` to the next ones, the tail index is above `2p` exactly \
                where `h < 1`; the logarithm of `h` is convex in the degree, and its chords bound the index from both \
                sides",
    formulas: &[],
    correction: None,
    refutation: None,
    beyond: Some("proved"),
};

/// The index of several weights as λ → 0.
///
/// # Proof for any A, of the largest eigenvalue a
/// Let β = bS/L, x = √A z and h(β) be the growth of Kesten. From above: given the normals along the stiffest direction,
/// what a step mixes in from the others has mean 0, so that by Jensen's inequality h(β) is at least that of one weight
/// where β ≥ 1. The largest term of E|1 − LX/S|^β, at LX/S = 1 + 2b, has the exponent (S/L)(b ln 2b − b − ½), which is
/// positive for 2b > y. From below, 2b < y: with τ = (L/S)∑|zᵢ|² the norm of a step is at most max(1, τ − 1). Any τ ≥ δ
/// adds a mean that is exponentially small in S/L, as b ln(τ − 1) < τ/2 for all τ > 1. All steps with τ < δ together
/// tend to E exp(−b λ_min(∑xxᵀ)/a), which is below 1 for D/S or more of them. So h(β) < 1.
///
/// # The next term, for A = aI
/// The density of X adds the factor (S/L)^{S/2} to that largest term, Laplace's method √(L/S), and the directions
/// across a factor without S/L, as (1 + 2b)/(8b) < ½. What is left of E[Q^{β/2}] tends to E e^{−bX} < 1. So
/// (S/L)(b ln 2b − b − ½) + ((S − 1)/2) ln(S/L) stays bounded, where the bracket has the slope ln y at b = y/2:
///
/// ```text
/// Lβ/S = y/2 − (L/S) ((S − 1)/2) ln(S/L)/ln y + O(L)
/// ```
pub static SMALL_STEPS: StudyClaim = StudyClaim {
    id: "tail/small-steps-of-several-weights",
    source: paper::OWN,
    equations: &[],
    provenance: Provenance::Own,
    statement: "`D` weights, `A = aI`, `Λ = λI`: as `λ → 0`, the tail index `β` has `aλβ/S` tending to `y/2` with \
                `y ln y = 1 + y`, whatever `D` and `S` are; the error is `−(aλ/(2S))(S − 1) ln(S/(aλ))/ln y`, up to \
                the order `λ`",
    formulas: &["A = aI", "Λ = λI"],
    correction: None,
    refutation: None,
    beyond: Some("proved; the limit is that of any `A`, with its largest eigenvalue in place of `a`"),
};

/// The index of several weights as S → ∞.
///
/// # Proof
/// Let x = X/S and β = cS. For fixed D the logarithm of the density of X at Sx and of Y at Sη is −(S/2)(x − 1 − ln x + η)
/// to leading order, so that (1/S) log E[Q^{β/2}] tends to the largest (c/2) ln((1 − Lx)² + L²xη) − ½(x − 1 − ln x + η),
/// or to the mean c ln|1 − L| < 0 at x = 1, η = 0. It is concave in η: the best one is 0 or makes the argument of the
/// logarithm cL²x. Along the latter the value has a minimum in x and no maximum, so that the largest is at η = 0, with
/// x > 2/L for a positive logarithm. There its slope is 0 for c = (x − 1)(Lx − 1)/(2Lx), and it is itself 0 where
/// 2c ln(Lx − 1) = x − 1 − ln x, which has one solution: the sides differ with the derivative (1 − 1/(Lx²)) ln(Lx − 1).
///
/// # At the corner
/// Let L = 2 − δ/S. ln Q has the mean (4(D − 1) − 8 − 2δ)/S and the variance 32/S to leading order, so that
/// S(E[Q^{β/2}] − 1) tends to β(2D − 6 − δ + 4β), and β to (3 − D)/2 + δ/4 where that is positive.
pub static LARGE_BATCH: StudyClaim = StudyClaim {
    id: "tail/large-batch-of-several-weights",
    source: paper::OWN,
    equations: &[],
    provenance: Provenance::Own,
    statement: "`D` weights, `A = aI`, `Λ = λI`: as `S → ∞` at a fixed `L = aλ < 2`, `β/S` tends to \
                `c = (x − 1)(Lx − 1)/(2Lx)`, where `x > 2/L` has `2c ln(Lx − 1) = x − 1 − ln x`, whatever `D` is",
    formulas: &["A = aI", "Λ = λI"],
    correction: None,
    refutation: None,
    beyond: Some("proved; at `aλ = 2` the index itself tends to `(3 − D)/2` where that is positive"),
};

/// The kurtosis of a weight among several.
///
/// # Proof
/// Let a = σ² = 1, which is a choice of units, G = (1/S)∑xxᵀ over the minibatch, v' = (I − xG)v + ξ. Given G, ξ is normal
/// of covariance (x²/S)G. With V = E|v|², F = E|v|⁴ and moments of W = SG, which is Wishart's:
///
/// ```text
/// E tr W = SD,   E tr W² = SD(S + D + 1),   E tr W³ = SD(S² + D² + 3SD + 3S + 3D + 4)
/// (2S − (S + D + 1)x) V = xD
/// (1 − m) F = (x²/S) T V + (x⁴/S²) E[(tr G)² + 2 tr G²],   1 − m = 1 − E[Q²] = x d/S³
/// T = E[2|u|² tr G + 4uᵀGu] = 2(D + 2)[1 − 2x(S + 2)/S + x²(S + 2)(S + D + 3)/S²],   u = (I − xG)e, |e| = 1
/// E[(tr G)² + 2 tr G²] = D(D + 2)(S + 2)/S
/// ```
///
/// where d is the denominator of the claim. The mean of f(W) tr W is SD + 2k times that of a form f of degree k, as tr W is
/// χ² and independent of W/tr W, and eᵀWᵏe has the mean E tr Wᵏ/D. The law of v is isotropic, so that E vᵢ² = V/D and
/// E vᵢ⁴ = 3F/(D(D + 2)). With y = 2S − (S + D + 1)x the kurtosis is
///
/// ```text
/// 3DF/((D + 2)V²) = 3y[2S² − 2xS(S + 2) + x²(S + 2)(S + D + 5)]/d = 3 + 6x³(S + 2)(S + D + 5)/d
/// ```
///
/// From w* on, E|v|⁴ grows to the F of this equation where m < 1, and beyond all bounds where m ≥ 1, as its right side
/// is positive: there is a fourth moment exactly where d > 0. As x → 0 the excess is (3/2)x³(S + 2)(S + D + 5)/S³ to
/// leading order, as S → ∞ it is 6x³/(S(2 − x)(2 − 2x + x²)).
pub static KURTOSIS: StudyClaim = StudyClaim {
    id: "tail/kurtosis-of-several-weights",
    source: paper::OWN,
    equations: &[],
    provenance: Provenance::Own,
    statement: "`D` weights, `A = aI`, `Λ = λI`, label noise: with `x = aλ` the kurtosis of a weight exceeds 3 by \
                `6x³(S + 2)(S + D + 5)/(4S³ − 2S²(D + 3S + 5)x + 4S(S + 2)(S + D + 3)x² − (S + 2)(S + D + 3)(S + D + 5)x³)`, \
                and is infinite where the denominator is not positive",
    formulas: &["A = aI", "Λ = λI"],
    correction: None,
    refutation: None,
    beyond: Some("proved"),
};

/// E[(1 − Bτ(2 − τ))^p] of a whole p = `order`, by which a step multiplies E|v|^{2p}.
///
/// ```text
/// ∑ⱼ C(p, j)(−1)ʲ E[Bʲ] ∑ᵢ C(j, i) 2^{j−i}(−1)ⁱ E[τ^{i+j}]
/// E[Bʲ] = ∏_{k<j} (S + 2k)/(n + 2k),    E[τʲ] = ∏_{k<j} (n + 2k)L/S,    n = S + D − 1
/// ```
///
/// `step_size` is L = aλ, `batch_size` is S, `dimension` is D ≥ 1; all dimensionless. Moments of degree 2p exist where
/// it is below 1.
pub fn even_moment<T: Scalar>(order: u32, step_size: &T, batch_size: &T, dimension: usize) -> T {
    let integer = T::from_integer;
    let n = batch_size.clone() + integer(dimension as i64 - 1);
    let shifted = |x: &T, k: u32| x.clone() + integer(2 * i64::from(k));
    let share = |j: u32| (0..j).fold(T::one(), |mean, k| mean * shifted(batch_size, k) / shifted(&n, k));
    let length = |j: u32| (0..j).fold(T::one(), |mean, k| mean * shifted(&n, k) * step_size / batch_size);
    let mut sum = T::zero();
    for j in 0..=order {
        let mut inner = T::zero();
        for i in 0..=j {
            let sign = if (i + j) % 2 == 0 { 1 } else { -1 };
            let two = (i..j).fold(1, |power, _| 2 * power);
            inner += integer(sign * two * binomial(j, i)) * length(i + j);
        }
        sum += integer(binomial(order, j)) * share(j) * inner;
    }
    sum
}

/// C(n, k).
fn binomial(n: u32, k: u32) -> i64 {
    (0..k).fold(1, |value, i| value * i64::from(n - i) / i64::from(i + 1))
}

/// The kurtosis less 3 of a weight, and the denominator of it, which is positive exactly where the fourth moment exists.
///
/// ```text
/// 6L³(S + 2)(S + D + 5)/d,    d = 4S³ − 2S²(D + 3S + 5)L + 4S(S + 2)(S + D + 3)L² − (S + 2)(S + D + 3)(S + D + 5)L³
/// ```
///
/// `step_size` is L = aλ, `batch_size` is S, `dimension` is D ≥ 1; all dimensionless. Where d is 0 the kurtosis is `None`.
pub fn excess_kurtosis<T: Scalar>(step_size: &T, batch_size: &T, dimension: usize) -> (Option<T>, T) {
    let n = T::from_integer;
    let (L, S, D) = (step_size, batch_size, n(dimension as i64));
    let plus = |k: i64| S.clone() + &D + n(k);
    let outer = (S.clone() + n(2)) * plus(5) * L * L * L;
    let denominator = n(4) * S * S * S - n(2) * S * S * (D.clone() + n(3) * S + n(5)) * L
        + n(4) * S * (S.clone() + n(2)) * plus(3) * L * L
        - plus(3) * &outer;
    let excess = (!denominator.is_zero()).then(|| n(6) * &outer / &denominator);
    (excess, denominator)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rug::Rational;

    fn q(numerator: i64, denominator: i64) -> Rational {
        Rational::from((numerator, denominator))
    }

    /// By the moments of χ² in X and Y, in a computation of its own.
    #[test]
    fn even_moments_are_those_of_another_route() {
        for (order, D, S, L, moment) in [
            (3, 3, 2, q(1, 2), q(67, 16)),
            (3, 2, 4, q(1, 2), q(907, 4096)),
            (4, 4, 3, q(1, 4), q(6403, 20736)),
            (2, 3, 2, q(1, 2), q(1, 1)),
            (1, 3, 4, q(1, 1), q(1, 1)),
            (2, 2, 1, q(1, 3), q(1, 1)),
        ] {
            assert_eq!(even_moment(order, &L, &q(S, 1), D), moment, "D = {D}, S = {S}");
        }
    }

    #[test]
    fn kurtoses_are_those_of_another_route() {
        for (D, S, L, excess) in [
            (1, 2, q(1, 2), q(3, 1)),
            (2, 1, q(1, 5), q(2, 3)),
            (2, 3, q(1, 2), q(75, 68)),
            (3, 2, q(1, 4), q(1, 4)),
            (1, 1, q(1, 10), q(18, 385)),
        ] {
            assert_eq!(excess_kurtosis(&L, &q(S, 1), D).0, Some(excess), "D = {D}, S = {S}");
        }
    }

    proptest! {
        /// The fourth moment ends where a step no longer makes it smaller: 1 − E Q² is d times L/S³.
        #[test]
        fn the_kurtosis_ends_where_the_fourth_moment_does(S in 1i64..30, D in 1usize..30, n in 1i64..60) {
            let (S, L) = (q(S, 1), q(n, 30));
            let (_, denominator) = excess_kurtosis(&L, &S, D);
            let left = Rational::from(1) - even_moment(2, &L, &S, D);
            prop_assert_eq!(denominator * &L, left * &S * &S * &S);
        }
    }
}
