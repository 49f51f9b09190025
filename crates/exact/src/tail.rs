//! How heavy the tail of SGD is: the index α, as an enclosure that is a proof; of several weights where their features
//! have one variance in all directions, else bounds.
//!
//! Without momentum and with one feature x ~ N(0, a), the error v = w − w* obeys v' = ρv + noise with
//!
//! ```text
//! ρ = 1 − (L/S) X,    L = aλ,    X ~ χ² with S degrees of freedom.
//! ```
//!
//! If E log|ρ| < 0, one law is stationary, and P(|v| > r) falls like r^−α with the only α > 0 that solves E|ρ|^α = 1:
//! moments below the α-th exist, the α-th does not. L and α are dimensionless.
//!
//! # Why there is one α
//! log E|ρ|^α is convex in α and 0 at 0, where its slope is E log|ρ|. So the slope of its chord from 0 to α increases,
//! from E log|ρ| < 0 without bound, and its sign is that of E|ρ|^α − 1. An [`index`] is enclosed by two numbers at
//! which that sign was certain and not the same; how they were found does not matter. The chords from 0 to ±2⁻ᵖ
//! likewise enclose E log|ρ|.
//!
//! # The moments
//! With h = S/2 and z = S/(2L), splitting the density of X = 2zu at u = 1,
//!
//! ```text
//! E|ρ|^α = zʰ/Γ(h) e^{−z} [ Σ_{n≥0} zⁿ/n! B(α+n+1, h) + ∫₀^∞ (1+s)^{h−1} s^α e^{−zs} ds ].
//! ```
//!
//! The first part has r = 1 − u for its variable and e^{zr} expanded, the second s = u − 1. Every term is positive, so
//! nothing cancels. The series is summed from its largest term outward, until the ratios of terms, which fall, bound
//! the rest by a geometric series. For even S the integral is a finite sum of Γ, treated alike; for odd S it is a
//! trapezoidal sum after s = eᵗ, with a bound of its error from the strip where the integrand is analytic. Every
//! operation is an [`Interval`]'s.
//!
//! # What it costs
//! An index of 30 digits takes some milliseconds for even S and some tens for odd S. The number of terms grows like
//! √(S/L).
//!
//! # Source
//! Kesten, *Random difference equations and renewal theory for products of random matrices*, Acta Math. 131 (1973);
//! Goldie, *Implicit renewal theory and tails of solutions of random equations*, Ann. Appl. Probab. 1 (1991).
//!
//! # Example
//! The index at L = 1. The variance exists where α > 2, a standard error of it where α > 4.
//! ```
//! use rug::Rational;
//! let table = [
//!     (1, "1.0908264730"),
//!     (2, "2.0000000000"),
//!     (3, "2.7807135871"),
//!     (4, "3.5046836141"),
//!     (5, "4.1986486141"),
//!     (6, "4.8754392203"),
//!     (7, "5.5419908790"),
//!     (8, "6.2023007660"),
//! ];
//! for (batch_size, digits) in table {
//!     let index = exact::tail::index(&Rational::from(1), batch_size, 16)?;
//!     assert!(index.to_string().starts_with(digits), "{index}");
//! }
//! # Ok::<(), exact::ExactError>(())
//! ```

mod finite;
mod isotropic;
mod law;
mod limits;
mod root;
mod several;
mod sums;
mod trapezoid;

use std::cmp::Ordering;

use numbers::{Interval, decide};
use rug::Rational;

use crate::ExactError;
use isotropic::Isotropic;
use law::Law;
pub use limits::{large_batch, small_steps};
pub use root::PRECISION_LIMIT;
pub use several::{DEGREE_LIMIT, IndexBounds, growth, index_bounds};

/// The most digits of an [`index`] or a [`threshold`].
pub const DIGITS_LIMIT: u32 = 300;
/// The most that α, S and S/(2L) may be; the least that S/(2L) may be is its inverse.
pub const SIZE_LIMIT: u32 = 1 << 20;

/// The most that S/(2L) and D may be for several weights, where the time grows like the square of the former; the least
/// that S/(2L) may be is its inverse. It is the most bits of an [`isotropic_moment`], too.
pub const ISOTROPIC_LIMIT: u32 = 64;

/// The most digits of an [`isotropic_index`] of several weights: the time grows like their square.
pub const ISOTROPIC_DIGITS_LIMIT: u32 = 12;

/// Where a growing L makes the tail too heavy for something to exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Threshold {
    /// α = 4: from here on the kurtosis diverges. E ρ⁴ = 1 is a cubic equation for L.
    Kurtosis,
    /// α = 2: from here on the variance diverges. E ρ² = 1 where L = 2S/(S + 2), exactly.
    Variance,
    /// α → 0: from here on no law is stationary. E log|ρ| = 0.
    Stationarity,
}

/// E|ρ|^α of one step.
///
/// `alpha` is α ≥ 0, `step_size` is L > 0 and `batch_size` is S ≥ 1, all dimensionless. The enclosure is at most
/// 2^−`precision` of its value wide.
///
/// # Errors
/// [`ExactError::OutOfRange`] beyond [`SIZE_LIMIT`] or [`PRECISION_LIMIT`].
///
/// # Example
/// E ρ⁴ = 1 − 4L + 18L² − 60L³ + 105L⁴ for S = 1:
/// ```
/// use rug::Rational;
/// let moment = exact::tail::moment(&Rational::from(4), &Rational::from(1), 1, 64)?;
/// assert!(moment.contains(&Rational::from(60)));
/// # Ok::<(), exact::ExactError>(())
/// ```
pub fn moment(alpha: &Rational, step_size: &Rational, batch_size: u32, precision: u32) -> Result<Interval, ExactError> {
    if *alpha < 0 || *alpha > SIZE_LIMIT {
        return Err(out_of_range("alpha", alpha, "0 ≤ alpha ≤ 2²⁰"));
    }
    if !(2..=PRECISION_LIMIT).contains(&precision) {
        return Err(out_of_range("precision", &precision.into(), "2 to 4096 bits"));
    }
    Ok(law(step_size, batch_size)?.moment(alpha, precision))
}

/// The tail index: the α > 0 with E|ρ|^α = 1.
///
/// `step_size` is L > 0, `batch_size` is S ≥ 1. At least `digits` significant digits are certain: E|ρ|^α < 1 at the
/// lower end and > 1 at the upper.
///
/// # Errors
/// [`ExactError::NoStationaryLaw`] where E log|ρ| ≥ 0, past [`Threshold::Stationarity`]; [`ExactError::OutOfRange`]
/// beyond [`SIZE_LIMIT`] or [`DIGITS_LIMIT`]; [`ExactError::Undecided`] where L is so close to that threshold, about
/// 2⁻⁵⁰⁰, that the sign of E log|ρ| was not found.
pub fn index(step_size: &Rational, batch_size: u32, digits: u32) -> Result<Interval, ExactError> {
    check_digits(digits)?;
    let law = law(step_size, batch_size)?;
    // As long as E ρ² ≤ 1, E log|ρ| < 0 by Jensen's inequality.
    if *step_size > variance_threshold(batch_size)
        && decide(32..=512, |precision| law.mean_log(precision).sign())? != Ordering::Less
    {
        return Err(ExactError::NoStationaryLaw { step_size: step_size.clone(), batch_size });
    }
    let slope = |alpha: &Rational, precision| law.chord(alpha, precision);
    let guess = Rational::from(batch_size) / step_size;
    root::root(slope, guess, digits)
}

/// The step size L at which the tail index passes 4, 2 or 0.
///
/// `batch_size` is S ≥ 1. At least `digits` significant digits are certain.
///
/// # Uniqueness
/// c ↦ E|1 − cX|^α is convex for α ≥ 1, 1 at 0 and decreasing there, so that it returns to 1 once. For α → 0 let K(z)
/// be the principal value of ∫₀^∞ yʰ e^{−y}/(z − y) dy. Then L d/dL E log|ρ| = −K(z)/Γ(h), and
/// z K' = (h − z)K + Γ(h + 1) is positive wherever K = 0, so that K changes its sign once. Therefore E log|ρ| falls from
/// 0, then grows without bound, and is 0 once.
///
/// # Errors
/// [`ExactError::OutOfRange`] beyond [`SIZE_LIMIT`] or [`DIGITS_LIMIT`].
///
/// # Example
/// ```
/// use exact::tail::{Threshold, threshold};
/// assert_eq!(threshold(Threshold::Variance, 1, 20)?.to_string(), "2/3");
/// assert!(threshold(Threshold::Stationarity, 1, 20)?.to_string().starts_with("2.421249521036836042"));
/// # Ok::<(), exact::ExactError>(())
/// ```
pub fn threshold(threshold: Threshold, batch_size: u32, digits: u32) -> Result<Interval, ExactError> {
    check_digits(digits)?;
    check_batch_size(batch_size)?;
    let variance = variance_threshold(batch_size);
    match threshold {
        Threshold::Variance => Ok(Interval::from(variance)),
        Threshold::Kurtosis => {
            // (E ρ⁴ − 1)/L, by E Xᵏ = S(S + 2)…(S + 2k − 2).
            let next = |k: u32| Rational::from((u64::from(batch_size) + u64::from(k), batch_size));
            let square = Rational::from(6) * next(2);
            let cube = Rational::from(-4) * next(2) * next(4);
            let coefficients = [Rational::from(-4), square, cube, next(2) * next(4) * next(6)];
            let cubic = |L: &Rational, _| {
                Interval::from(
                    coefficients.iter().rev().fold(Rational::new(), |sum, coefficient| sum * L + coefficient),
                )
            };
            root::root(cubic, variance, digits)
        }
        Threshold::Stationarity => {
            root::root(|L, precision| Law::new(L, batch_size).mean_log(precision), variance, digits)
        }
    }
}

/// E Q^{α/2} of one step of D weights whose features have one variance in all directions.
///
/// ```text
/// Q = |v'|²/|v|² = (1 − LX/S)² + (L/S)² XY,    X ~ χ²_S,    Y ~ χ²_{D−1}
/// ```
///
/// For A = aI and Λ = λI, `alpha` is α ≥ 0, `step_size` is L = λa > 0, `batch_size` is S ≥ 1 and `dimension` is D ≥ 1, all
/// dimensionless. For D = 1 it is [`moment`]. The enclosure is about 2^−`precision` of its value wide.
///
/// # Errors
/// [`ExactError::OutOfRange`] beyond [`ISOTROPIC_LIMIT`]; for D = 1 those of [`moment`].
///
/// # Example
/// E Q² = 1 for S = 2, D = 3, L = ½, where the tail index is 4:
/// ```
/// use rug::Rational;
/// let moment = exact::tail::isotropic_moment(&Rational::from(4), &Rational::from((1, 2)), 2, 3, 24)?;
/// assert!(moment.contains(&Rational::from(1)));
/// # Ok::<(), exact::ExactError>(())
/// ```
pub fn isotropic_moment(
    alpha: &Rational,
    step_size: &Rational,
    batch_size: u32,
    dimension: u32,
    precision: u32,
) -> Result<Interval, ExactError> {
    if dimension == 1 {
        return moment(alpha, step_size, batch_size, precision);
    }
    if *alpha < 0 || *alpha > 8 * ISOTROPIC_LIMIT {
        return Err(out_of_range("alpha", alpha, "0 ≤ alpha ≤ 512"));
    }
    if !(2..=ISOTROPIC_LIMIT).contains(&precision) {
        return Err(out_of_range("precision", &precision.into(), "2 to 64 bits for several weights"));
    }
    Ok(isotropic(step_size, batch_size, dimension)?.moment(alpha, precision))
}

/// The tail index of D weights whose features have one variance in all directions: the α > 0 with E Q^{α/2} = 1.
///
/// `step_size` is L = λa > 0, `batch_size` is S ≥ 1, `dimension` is D ≥ 1; for D = 1 it is [`index`]. At least `digits`
/// significant digits are certain: the moment is below 1 at the lower end and above at the upper.
///
/// # Errors
/// [`ExactError::OutOfRange`] beyond [`ISOTROPIC_LIMIT`] or [`ISOTROPIC_DIGITS_LIMIT`]; for D = 1 those of [`index`];
/// [`ExactError::NoStationaryLaw`] where E Q^{−1/32} < 1, so that E log Q > 0; and [`ExactError::OutOfRange`] where neither
/// that nor E Q^{1/32} is below 1: the index is below 1/16, if there is any.
///
/// # Example
/// ```
/// use rug::Rational;
/// let index = exact::tail::isotropic_index(&Rational::from((1, 2)), 2, 2, 4)?;
/// assert!(index.to_string().starts_with("4.743"), "{index}");
/// # Ok::<(), exact::ExactError>(())
/// ```
pub fn isotropic_index(
    step_size: &Rational,
    batch_size: u32,
    dimension: u32,
    digits: u32,
) -> Result<Interval, ExactError> {
    if dimension == 1 {
        return index(step_size, batch_size, digits);
    }
    if !(1..=ISOTROPIC_DIGITS_LIMIT).contains(&digits) {
        return Err(out_of_range("digits", &digits.into(), "1 to 12 for several weights"));
    }
    let law = isotropic(step_size, batch_size, dimension)?;
    let slope = |alpha: &Rational, precision| law.chord(alpha, precision);
    // As long as E Q ≤ 1, E log Q < 0 by Jensen's inequality.
    let variance = Rational::from((2 * batch_size, batch_size + dimension + 1));
    let near = Rational::from((1, 16));
    let sign = |alpha: &Rational| decide(16..=64, |precision| slope(alpha, precision).sign());
    if *step_size > variance && sign(&near)? != Ordering::Less {
        return Err(match sign(&-near)? {
            // A chord to a negative α with a positive slope has a moment below 1 there.
            Ordering::Greater => ExactError::NoStationaryLaw { step_size: step_size.clone(), batch_size },
            _ => out_of_range("step size", step_size, "one at which the tail index is above 1/16, or none is"),
        });
    }
    root::root_from(8, slope, Rational::from(batch_size) / step_size, digits)
}

fn isotropic(step_size: &Rational, batch_size: u32, dimension: u32) -> Result<Isotropic, ExactError> {
    let rate = law(step_size, batch_size)?.rate;
    if rate > ISOTROPIC_LIMIT || rate < Rational::from((1, ISOTROPIC_LIMIT)) {
        return Err(out_of_range("batch size / (2 step size)", &rate, "1/64 to 64 for several weights"));
    }
    if !(2..=ISOTROPIC_LIMIT).contains(&dimension) {
        return Err(out_of_range("dimension", &dimension.into(), "1 to 64"));
    }
    Ok(Isotropic { batch_size, dimension, rate })
}

/// 2S/(S + 2).
fn variance_threshold(batch_size: u32) -> Rational {
    Rational::from((2 * u64::from(batch_size), u64::from(batch_size) + 2))
}

fn law(step_size: &Rational, batch_size: u32) -> Result<Law, ExactError> {
    check_batch_size(batch_size)?;
    if *step_size <= 0 {
        return Err(out_of_range("step size", step_size, "a positive number"));
    }
    let law = Law::new(step_size, batch_size);
    if law.rate > SIZE_LIMIT || law.rate < Rational::from((1, SIZE_LIMIT)) {
        return Err(out_of_range("batch size / (2 step size)", &law.rate, "2⁻²⁰ to 2²⁰"));
    }
    Ok(law)
}

fn check_batch_size(batch_size: u32) -> Result<(), ExactError> {
    if (1..=SIZE_LIMIT).contains(&batch_size) {
        Ok(())
    } else {
        Err(out_of_range("batch size", &batch_size.into(), "1 to 2²⁰"))
    }
}

fn check_digits(digits: u32) -> Result<(), ExactError> {
    if (1..=DIGITS_LIMIT).contains(&digits) { Ok(()) } else { Err(out_of_range("digits", &digits.into(), "1 to 300")) }
}

fn out_of_range(quantity: &'static str, value: &Rational, expected: &'static str) -> ExactError {
    ExactError::OutOfRange { quantity, value: value.clone(), expected }
}
