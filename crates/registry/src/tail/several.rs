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
        "the variance exists exactly where `aλ < 2S/(S + D + 1)`; without weight decay the equation holds wherever `ΛK \
         = LI`, with `L` in place of `aλ`, as with input noise and in damped Newton's method",
    ),
    proof: Some(
        "Let `L = aλ`. Without label noise a step takes `v = w − w*` to `v − (L/S) ∑ᵢ (gᵢᵀv)gᵢ`, with `S` standard \
         normal vectors `gᵢ`. Let `X` be the sum of the squares of their components along `v`, and `XY` the squared \
         length of the sum across `v`, for `|v|² = 1`. Given `X`, the sum across is normal with the variance `X` in \
         each of `D − 1` directions: so `Y` is chi-square of `D − 1` degrees of freedom and independent of `X`, which \
         is chi-square of `S`. A step multiplies `|v|²` by `Q = (1 − LX/S)² + (L/S)²XY`, which is `1 − Bτ(2 − τ)` with \
         `B = X/(X + Y)` and `τ = L(X + Y)/S`.\n\n\
         So without label noise the logarithm of `|v|²` is a random walk of independent steps, and the mean of \
         `Q^{β/2}` is the growth in a step of the moment of degree `β` of products of these matrices. Its logarithm is \
         convex in `β` and 0 at 0. Where a law is stationary it falls there, and as `Q > 1` has a positive \
         probability, it has one more zero. By the theorem of Kesten (1973; Alsmeyer and Mentemeier 2012) the tail is \
         a power with this index.\n\n\
         Beyond: `E[Q] = 1 − 2L + L²(S + D + 1)/S` is below 1 exactly for `L < 2S/(S + D + 1)`. If `ΛK = LI`, then \
         `RRᵀ = K` and the coordinates `Rᵀv` make a step that of standard normal vectors `gᵢ`, too.",
    ),
};

/// The index of any features, by the growth of even moments.
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
    beyond: None,
    proof: Some(
        "Let `Π` be the product of the matrices of `n` steps without noise. For vectors `φ` and `z` the mean of \
         `(φᵀΠz)^{2p}` is an entry of the `n`-th power of the map of the moments of degree `2p`, and such entries \
         determine it. So the mean of `‖Π‖^{2p}` grows like the `n`-th power of its spectral radius `h`. By Hölder's \
         inequality the logarithm of the mean of `‖Π‖^β` is convex in `β`, and so is its growth in a step, which is 0 \
         at 0. By the theorem of Kesten the index is its other zero: it is above `2p` exactly where `h < 1`. A chord \
         between degrees on both sides of it lies above the convex function, and has its zero below the index. A chord \
         of two degrees on one side, extended, lies below the function, and has its zero above the index.",
    ),
};

/// The index of several weights as λ → 0.
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
    beyond: Some("the limit is that of any `A`, with its largest eigenvalue in place of `a`"),
    proof: Some(
        "For any `A` with the largest eigenvalue `a` let `L = λa`, `β = bS/L`, `x = Rz` with `RRᵀ = A` and standard \
         normal `z`, and let `h` be the growth in a step of the mean of `‖Π‖^β`, where `Π` is a product of steps \
         without noise. The index is above `bS/L` where `h < 1`, and below where `h > 1`.\n\n\
         Let `2b > y`. Given the normals along the stiffest direction, what a step mixes in from the others has the \
         mean 0. So by Jensen's inequality `h` is at least that of one weight where `β ≥ 1`, and this is above 1 for \
         small `L` by tail/continuous-time-of-small-steps.\n\n\
         Let `2b < y`. With `τ = (L/S) ∑ᵢ |zᵢ|²` the norm of a step is at most the larger of 1 and `τ − 1`. Steps with \
         a `τ` above some `δ`, `0 < δ < 2`, add a mean that is exponentially small in `S/L`, as `b ln(τ − 1) < τ/2` \
         for all `τ > 1`. Over `n ≥ D/S` steps with smaller `τ` the norm of `Π` is at most 1, and `‖Π‖^β` tends to the \
         exponential of `−b/a` times the least eigenvalue of the sum of their `xxᵀ`, which is positive. So the mean of \
         `‖Π‖^β` is below 1 for small `L`, and `h < 1`.\n\n\
         For `A = aI` and the next term, take the equation of tail/index-of-several-weights. Its mean has a part \
         around `LX/S = 1 + 2b`, the exponential of `(S/L)(b ln 2b − b − ½)` with two factors: `(S/L)^{(S−1)/2}` of \
         the density of `X` and the width of the maximum, and one of the directions across that has a limit, as `(1 + \
         2b)/(8b) < ½`. What is left of the mean tends to that of `e^{−bX}`, which is below 1. So `(S/L)(b ln 2b − b − \
         ½) + ½(S − 1) ln(S/L)` stays bounded, where the first bracket is 0 and has the slope `ln y` at `b = y/2`: \
         this is the error of the statement, up to the order `λ`.",
    ),
};

/// The index of several weights as S → ∞.
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
    beyond: Some("at `aλ = 2` the index itself tends to `(3 − D)/2` where that is positive"),
    proof: Some(
        "Take the equation of tail/index-of-several-weights at `X = Sx`, `Y = Sη` and `β = cS`. The logarithm of the \
         density is `−½S(x − 1 − ln x + η)` to leading order, so that `1/S` times the logarithm of the mean tends to \
         the largest value of `½c ln((1 − Lx)² + L²xη) − ½(x − 1 − ln x + η)`. This is concave in `η`, and largest at \
         `η = 0` or where the argument of the logarithm is `cL²x`. Along the latter its derivative in `x` is \
         `(1/(2x))(c + 1 − 1/(L²x))`, so that it has a minimum there and no maximum: it is largest at `η = 0`.\n\n\
         There `c ln|1 − Lx|` is at most 0 for `x ≤ 2/L`, and at `x = 1` it is negative as `0 < L < 2`. So for small \
         `c` all values are negative, and for large `c` some are positive. For one `c` the largest is 0, at an `x > \
         2/L`; it is negative for smaller `c` and positive for larger ones, so that `β/S` tends to this `c`. At the \
         maximum the slope `cL/(Lx − 1) − ½(1 − 1/x)` is 0, which gives `c`, and the value is 0 where `2c ln(Lx − 1) = \
         x − 1 − ln x`. The two sides differ with the derivative `(1 − 1/(Lx²)) ln(Lx − 1) > 0`, so that this is so at \
         one `x`.\n\n\
         At the corner let `L = 2 − δ/S`. To leading order the logarithm of `Q` has the mean `(4(D − 1) − 8 − 2δ)/S` \
         and the variance `32/S`, so that `S` times the mean of `Q^{β/2}` less 1 tends to `β(2D − 6 − δ + 4β)`. So `β` \
         tends to `(3 − D)/2 + δ/4` where that is positive, and `δ = 0` is what holds beyond.",
    ),
};

/// The kurtosis of a weight among several.
///
/// As x = aλ → 0 the excess is (3/2)x³(S + 2)(S + D + 5)/S³ to leading order, as S → ∞ it is 6x³/(S(2 − x)(2 − 2x + x²)).
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
    beyond: None,
    proof: Some(
        "Let `a = 1` and `σ² = 1`, which is a choice of units, and let `G = W/S` be the mean of `xxᵀ` over a \
         minibatch, where `W` is Wishart's. A step is `v' = (I − λG)v + ξ`, and given `G` the noise `ξ` is normal with \
         the covariance `(λ²/S)G`. The law of `v` is isotropic, so that with `V = E[|v|²]` and `F = E[|v|⁴]` a weight \
         has the variance `V/D` and the fourth moment `3F/(D(D + 2))`.\n\n\
         With `Q` of tail/index-of-several-weights, `x = λ` and `e` of length 1, `(2S − (S + D + 1)x)V = xD` and `(1 − \
         E[Q²])F = (x²/S)TV + (x⁴/S²) E[(Tr[G])² + 2Tr[G²]]`, where `T = E[2|q|² Tr[G] + 4qᵀGq]` and `q = (I − xG)e`.\n\n\
         All of this follows from `E[Tr[W]] = SD`, `E[Tr[W²]] = SD(S + D + 1)` and `E[Tr[W³]] = SD(S² + D² + 3SD + 3S \
         + 3D + 4)`: a diagonal entry of a power of `W` has on average the trace over `D`, and as `Tr[W]` is \
         chi-square of `SD` degrees of freedom and independent of `W/Tr[W]`, a factor `Tr[W]` multiplies the mean of a \
         form of degree `k` by `SD + 2k`. So `E[(Tr[G])² + 2Tr[G²]] = D(D + 2)(S + 2)/S` and `T = 2(D + 2)(1 − 2x(S + \
         2)/S + x²(S + 2)(S + D + 3)/S²)`; and `1 − E[Q²] = xd/S³` with the denominator `d` of the claim.\n\n\
         So with `y = 2S − (S + D + 1)x` the kurtosis `3DF/((D + 2)V²)` is `3y(2S² − 2xS(S + 2) + x²(S + 2)(S + D + \
         5))/d`, which is `3 + 6x³(S + 2)(S + D + 5)/d`. From `w*` on, `E[|v|⁴]` grows to `F` where `d > 0`, and \
         beyond all bounds elsewhere, as what a step adds is positive.",
    ),
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
