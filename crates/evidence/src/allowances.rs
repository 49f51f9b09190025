//! The thresholds by which claims are judged, each with its reason.
//!
//! Deliberately absent: what makes an engine trust its own answer, which each engine says of itself.

/// The Lyapunov engine says that a form agrees where the form is proven to lie within this relative distance
/// (Frobenius) of its answer.
///
/// A form that certainly differs is refuted however small the difference is. A form is undecided only where it is
/// neither proven to differ nor proven to be so close.
///
/// Up to 16 rows of second moments the bounds on the engine's answers are those of the last place of a double: among
/// all claims at all settings of the default run the widest is 5·10⁻¹⁶. That is less than a thousandth of this
/// threshold, so that no verdict and no word hangs on a last digit, which another machine may round otherwise. The
/// nearest wrong coefficient differs by a part in a hundred.
pub const AGREEMENT: f64 = 1e-12;

/// A mean over draws that lies closer to a claimed value than this, in units of what it is computed from, lies there
/// but for rounding.
///
/// A draw is some hundred operations in doubles, and their errors do not shrink as draws add up to a mean whose
/// standard error may be zero. Only the Monte Carlo engine judges by this threshold. The choice of settings that tell a
/// rival from its claim uses it, too.
pub const ROUNDING: f64 = 1e-10;

/// The largest bias of a relation that is not affine in the moments, in its standard errors.
///
/// The jackknife takes the bias off to leading order. What is left of it is smaller, and shifts a z-score by less than
/// this.
pub const BIAS: f64 = 0.1;

/// Two settings between which the power of draws differs by less than this, relative, differ in units alone.
///
/// Powers are computed in doubles. The powers of two unrelated settings agree to so many digits once in a billion
/// pairs.
pub const ALIKE: f64 = 1e-9;

/// How far a measured order of convergence may lie below the order claimed.
///
/// After [`HALVINGS`] halvings of a parameter that starts below 1 the next term of the expansion shifts the order by
/// about 2^−HALVINGS; a wrong order is off by 1.
pub const ORDER: f64 = 0.1;

/// How often the small parameter of a limit is halved.
pub const HALVINGS: usize = 6;

/// How often the exact engine halves it besides, where no number of draws or samples grows by it.
///
/// A factor of 10⁻⁶ on an error of too low an order is made up for by 20 halvings, and 20 more show that order alone.
pub const DEEP_HALVINGS: usize = 40;

/// Probability that a run rejects any correct claim by chance, shared over all its z-scores (Holm).
pub const FALSE_ALARM: f64 = 1e-6;

/// How often an instance is drawn anew, where the draw breaks a hypothesis or nothing is stationary, before the claim
/// counts as without an instance.
pub const DRAWS: u64 = 60;

/// The relative distance from which on a setting tells a rival from the truth.
///
/// Every second setting is drawn to be such a one, and draws prefer them. A Monte Carlo estimate is good to a few parts
/// in a thousand, and ten of its standard errors should tell the rival. Draws of a network are compared with such rivals
/// alone.
pub const TELLING: f64 = 0.03;

/// The most evaluations that a complete grid may take; a claim that needs more is tested at random instead.
///
/// The first number is for the default run, the second for a full one. An evaluation takes microseconds to a tenth of a
/// millisecond.
pub const GRID: [u64; 2] = [100_000, 1_000_000];

/// An identity tested at random holds with an error probability below 2 to the minus this.
///
/// Random integers have 127 bits, and degrees add up to thousands at most.
pub const ERROR_BITS: u32 = 100;

/// The most rows of a matrix that is inverted for a proof, or for a setting of many weights.
///
/// Bounds of degrees are followed through rows² entries that grow with each row: 25 rows, a Kronecker product for five
/// weights, take seconds, and 81, a product of two for three weights, hours.
pub const LARGEST_INVERSE: usize = 32;

/// How many digits an evaluation in doubles may lose beyond log₁₀(1/distance to the stability boundary).
///
/// One digit is ten roundings; half a digit is lost at most.
pub const DIGITS: f64 = 1.0;

/// A mean over random data sets speaks against a claim where it is at least this many standard errors away from it.
///
/// The largest of fifty z-scores is beyond 4.5 by chance with a probability of 3·10⁻⁴, and the data sets are those of
/// one seed.
pub const DISTANT_MEAN: f64 = 4.5;

/// An error that falls with at least this order in 1/D is taken to vanish.
///
/// The errors of section 7 fall with the order 1 or not at all, and orders are measured to about a tenth.
pub const VANISHING_ORDER: f64 = 0.5;

/// A mean over random data sets is taken to be constant where it changes by less than this, in units of the change of what
/// it is said to miss.
///
/// What is of a higher order in λ changes by less than a hundredth, and what rises as claimed of something else, by all.
pub const CONSTANT_SHARE: f64 = 0.02;

/// An edge or an optimum by the exact engine agrees with a claim where their relative distance is less than this: a
/// numerator and a denominator.
///
/// Bisection and Newton's method end several digits below, and a wrong coefficient is off by a part in a hundred.
pub const CLOSE: (u32, u32) = (1, 1_000_000_000);

/// How far from a claimed edge of stability doubles have to prove what is stable, as a part of it: a numerator and a
/// denominator.
pub const BESIDE: (u32, u32) = (1, 1_000_000);

/// A loss or a noise of a random data set below this is rounding: their unit is σ² = 1.
///
/// Where N < D every sample is fitted, and what is left of the loss is the square of a rounding error, near 10⁻³⁰;
/// elsewhere losses are of the order of σ².
pub const NO_NOISE: f64 = 1e-20;

/// A mean over random data sets up to this size, with an error up to this size, is rounding: relative errors of the
/// engine are smaller.
pub const NO_MEAN: f64 = 1e-11;

/// How many of the bits to which networks are rounded may be lost: an error below what is left is none.
///
/// Networks are rounded to 256 bits, and errors that are none are far below 2⁻²²⁴; those that are some are above 10⁻⁷.
pub const LOST_BITS: u32 = 32;

/// Significant digits to which the quotient of an approximation and the exact answer must be 1 in a limit.
///
/// The parameter of the limit is 2⁻³¹, so that the next order is seen in the tenth digit.
pub const LIMIT_DIGITS: usize = 5;

/// Significant digits to which a formula for a tail index or for a threshold must agree: all that are computed.
pub const INDEX_DIGITS: usize = 30;

/// As many where a table holds hundreds of indices.
pub const INDEX_ERROR_DIGITS: usize = 12;
