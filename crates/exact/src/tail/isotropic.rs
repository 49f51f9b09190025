//! The tail index of D weights whose features have one variance in all directions, A = aI, as an enclosure.
//!
//! For Λ = λI and no momentum the error v has, but for the label noise, |v'|²/|v|² = Q with a law that does not depend
//! on v. With X ~ χ² of S and Y ~ χ² of D − 1 degrees of freedom and L = λa,
//!
//! ```text
//! Q = (1 − LX/S)² + (L/S)² X Y
//! ```
//!
//! as the minibatch gradient along v is X|v|/S, and across it √(XY)|v|/S. So E|A_n⋯A₁v|^α = (E Q^{α/2})ⁿ|v|^α, and the
//! index is the α > 0 with E Q^{α/2} = 1, where E log Q < 0.
//!
//! # The moments
//! Let z = S/(2L), k = (D − 1)/2, p = α/2. With s = |1 − LX/S| and Y such that Q = s²(1 + x), the parts LX/S ≥ 1 and
//! LX/S < 1, the latter with s = σ/(1 + σ), are both integrals of H(c), c = zσ²/(1 + σ):
//!
//! ```text
//! E Q^p = z^{S/2} e^{−z}/(Γ(S/2) Γ(k)) ∫₀^∞ [U(σ) + W(σ)] H(c) dσ/σ,    H(c) = c^k ∫₀^∞ x^k (1 + x)^p e^{−cx} dx/x
//! U(σ) = σ^{2p+1} (1 + σ)^{S/2−1} e^{−zσ},    W(σ) = σ^{2p+1} (1 + σ)^{−2p−1−S/2} e^{zσ/(1+σ)}
//! ```
//!
//! Both are trapezoidal sums in log σ and log x. Terms are positive, and bounds of the ratios of neighbours bound what
//! is left out. In a strip of width d around the real axis an integrand is at most as large as a factor times that on
//! the axis at σ/cos 2d, and x/cos d in place of x, by
//!
//! ```text
//! cos(θ/2)(1 + ρ) ≤ |1 + ρe^{iθ}| ≤ 1 + ρ,    Re c ≥ cos 2θ c(ρ),    Re(s/(1 + s)) ≤ ρ/(1 + ρ) + (1 − cos θ)/6
//! ```
//!
//! so that the errors are relative ones. The cost grows like z².
//!
//! # Source
//! Gürbüzbalaban, Şimşekli and Zhu, *The heavy-tail phenomenon in SGD*, ICML 2021, for the isotropic case; the sums are
//! those of Trefethen and Weideman, SIAM Review 56 (2014).

use numbers::{Interval, Scalar};
use rug::{Float, Rational};

use super::sums::{Fineness, exp, gamma, is_positive, ln, positive_root, power, sum_by};

/// D ≥ 2 weights.
#[derive(Debug, Clone)]
pub(super) struct Isotropic {
    /// S.
    pub batch_size: u32,
    /// D.
    pub dimension: u32,
    /// z.
    pub rate: Rational,
}

impl Isotropic {
    /// E Q^{α/2} of α > −1/8, to about `precision` bits.
    pub(super) fn moment(&self, alpha: &Rational, precision: u32) -> Interval {
        let p = Rational::from(alpha / 2);
        let size = Rational::from(p.abs_ref()) + &self.rate + Rational::from(self.batch_size + self.dimension);
        let lost = size.ceil().numer().significant_bits();
        let fineness = Fineness { goal: precision + 8, bits: precision + 32 + 2 * lost };
        let inner = Inner::new(self.dimension, &p, fineness);
        Outer::new(self, &p, &inner.shape.clone(), fineness).total(inner)
    }

    /// (1/α) log E Q^{α/2}: the slope of the chord from 0, which increases with α.
    pub(super) fn chord(&self, alpha: &Rational, precision: u32) -> Interval {
        ln(&self.moment(alpha, precision)) / Interval::from(alpha.clone())
    }
}

/// The spacing of a trapezoidal sum, and its relative error.
struct Spacing {
    /// δ.
    step: Interval,
    /// e^δ.
    q: Interval,
    /// \[1 − ε, 1 + ε\]: the sum is the integral times one of these.
    error: Interval,
}

impl Spacing {
    /// For `turn` = 2πd and a `factor` in whose logarithm: |f| in the strip is at most that times f on the axis.
    ///
    /// ε = 2 e^factor/(e^{2πd/δ} − 1), negligible by the choice of δ, which is a rational number near the best.
    fn new(turn: &Interval, factor: &Interval, fineness: Fineness) -> Self {
        let middle = |x: &Interval| Float::with_val(64, x.midpoint().unwrap_or_default());
        let wanted = middle(factor).max(&Float::new(64)) + (fineness.goal + 3) * 7 / 10;
        let step = Float::with_val(12, middle(turn) / wanted).to_rational().unwrap_or_default();
        let step = Interval::from(step).rounded(fineness.bits);
        let two = Interval::from_integer(2);
        let one = Interval::from_integer(1);
        let error = two * exp(factor) / (exp(&(turn.clone() / &step)) - &one);
        let error = one.clone() + (-error.clone()).hull(&error, 64);
        Spacing { q: exp(&step), step, error }
    }
}

/// cos(π/n), n ≥ 2.
fn cosine(n: u32) -> Interval {
    let angle = pi() / Interval::from_integer(i64::from(n));
    // It increases up to 0.
    (-angle).increasing(64, |x, round| x.cos_round(round))
}

/// π.
fn pi() -> Interval {
    Interval::from_integer(0)
        .increasing(64, |x, round| rug::ops::AssignRound::assign_round(x, rug::float::Constant::Pi, round))
}

fn positive(x: &Rational) -> Rational {
    x.clone().max(Rational::new())
}

/// H(c) for one p.
struct Inner {
    /// k.
    shape: Rational,
    p: Rational,
    spacing: Spacing,
    /// x and x^k (1 + x)^p where x = qʲ, from j = 0 up.
    up: Vec<(Interval, Interval)>,
    /// The same from j = −1 down.
    down: Vec<(Interval, Interval)>,
    fineness: Fineness,
}

impl Inner {
    /// With d = π/4, at which |f| ≤ (cos d)^{−k−p₊} (cos d/2)^{−p₋} f.
    fn new(dimension: u32, p: &Rational, fineness: Fineness) -> Self {
        let shape = Rational::from((dimension - 1, 2));
        let turn = pi() * pi() / Interval::from_integer(2);
        let growth = Interval::from(&shape + positive(p)) * ln(&cosine(4))
            + Interval::from(positive(&-p.clone())) * ln(&cosine(8));
        let spacing = Spacing::new(&turn, &-growth, fineness);
        Inner { shape, p: p.clone(), spacing, up: Vec::new(), down: Vec::new(), fineness }
    }

    fn rounded(&self, x: &Rational) -> Interval {
        Interval::from(x.clone()).rounded(self.fineness.bits)
    }

    /// x and x^k (1 + x)^p at the j-th node.
    fn node(&mut self, j: i64) -> (Interval, Interval) {
        let (upward, place) = if j >= 0 { (true, j as usize) } else { (false, (-1 - j) as usize) };
        loop {
            let known = if upward { &self.up } else { &self.down };
            if let Some(node) = known.get(place) {
                return node.clone();
            }
            let next = if upward { known.len() as i64 } else { -1 - known.len() as i64 };
            let exponent = self.spacing.step.clone() * Interval::from_integer(next);
            let x = exp(&exponent);
            let one = Interval::from_integer(1);
            let [k, p] = [&self.shape, &self.p].map(|x| self.rounded(x));
            let node = (x.clone(), exp(&(exponent * k + ln(&(x + one)) * p)));
            if upward { self.up.push(node) } else { self.down.push(node) }
        }
    }

    /// H(c).
    fn at(&mut self, c: &Interval) -> Interval {
        if let Some(far) = self.far(c) {
            return far;
        }
        let middle = c.midpoint().unwrap_or_default();
        let peak = {
            let linear = Rational::from(1) - Rational::from(&self.shape + &self.p) / &middle;
            let step = Float::with_val(64, self.spacing.step.midpoint().unwrap_or_default());
            let peak = positive_root(&linear, &Rational::from(&self.shape / &middle)).ln() / step;
            peak.to_i32_saturating().map_or(0, i64::from)
        };
        let (one, q) = (Interval::from_integer(1), self.spacing.q.clone());
        let [k, growth, decay] = [self.shape.clone(), &self.shape + positive(&self.p), positive(&-self.p.clone())]
            .map(|exponent| self.rounded(&exponent));
        let (rise, loss) = (power(&q, &growth), one.clone() / power(&q, &k));
        let wider = c.clone() * (q.clone() - &one);
        let narrower = wider.clone() / &q;
        let goal = self.fineness.goal;
        let term = |(x, b): (Interval, Interval)| (b * exp(&-(x.clone() * c)), x);
        let upward = (peak..).map(|j| term(self.node(j)));
        let upper = sum_by(upward, |x| rise.clone() * exp(&-(wider.clone() * x)), goal);
        let downward = (1..).map(|i| term(self.node(peak - i)));
        let fall = |x: Interval| {
            let nearer = (one.clone() + &x) / (one.clone() + x.clone() / &q);
            loss.clone() * exp(&(narrower.clone() * x)) * power(&nearer, &decay)
        };
        let lower = sum_by(downward, fall, goal);
        (upper + lower) * &self.spacing.step / &self.spacing.error * power(c, &k)
    }

    /// H(c) = Γ(k) E(1 + g/c)^p, g ~ Γ(k, 1), of a large c: Taylor's series, as from n ≥ p on no more is left than the
    /// next term. `None` where its terms do not fall by halves down to what is negligible.
    fn far(&self, c: &Interval) -> Option<Interval> {
        let [one, two] = [1, 2].map(Interval::from_integer);
        let [k, p] = [&self.shape, &self.p].map(|x| self.rounded(x));
        let negligible = Interval::from(Rational::from(1) >> self.fineness.goal);
        let magnitude = |x: &Interval| if x.sign().is_some_and(|sign| sign.is_lt()) { -x.clone() } else { x.clone() };
        let (mut sum, mut term) = (Interval::from_integer(0), one.clone());
        for n in 0.. {
            if self.p <= n && is_positive(&(negligible.clone() - magnitude(&term))) {
                let rest = magnitude(&term);
                return Some((sum + (-rest.clone()).hull(&rest, 64)) * gamma(&k));
            }
            let place = Interval::from_integer(n);
            let ratio = (p.clone() - &place) * (k.clone() + &place) / ((place + &one) * c);
            if !is_positive(&(one.clone() - magnitude(&ratio) * &two)) {
                return None;
            }
            sum += &term;
            term *= ratio;
        }
        None
    }
}

/// The integral over σ.
struct Outer {
    /// S/2.
    shape: Rational,
    rate: Rational,
    p: Rational,
    spacing: Spacing,
    fineness: Fineness,
}

impl Outer {
    /// With d = π/6, at which the factors are, but for (cos d/2)^{−k} 2^{2k+2p+1},
    ///
    /// ```text
    /// of U: 2^{S/2−1} for S ≥ 2, (cos d/2)^{−1/2} for S = 1
    /// of W: (cos d/2)^{−2p−1−S/2} exp(z(1 − cos d)/6 + z(1 − √½)/(1 + √½))
    /// ```
    fn new(law: &Isotropic, p: &Rational, k: &Rational, fineness: Fineness) -> Self {
        let shape = Rational::from((law.batch_size, 2));
        let n = Interval::from_integer;
        let of = |x: Rational| Interval::from(x).rounded(64);
        let turn = pi() * pi() / n(3);
        let (log_two, log_half_cosine) = (ln(&n(2).rounded(64)), -ln(&cosine(12)));
        let double_p = Rational::from(p * 2);
        let common =
            of(k.clone()) * &log_half_cosine + of(Rational::from(k * 2) + &double_p + Rational::from(1)) * &log_two;
        let of_upper =
            if shape >= 1 { of(Rational::from(&shape - 1)) * &log_two } else { log_half_cosine.clone() / n(2) };
        let root_of_half = exp(&(-log_two / n(2)));
        let stretch = (n(1) - cosine(6)) / n(6) + (n(1) - &root_of_half) / (n(1) + &root_of_half);
        let of_lower = of(double_p + &shape + Rational::from(1)) * &log_half_cosine + of(law.rate.clone()) * stretch;
        // Either is at most the sum of both, as neither is negative.
        let spacing = Spacing::new(&turn, &(common + of_upper + of_lower), fineness);
        Outer { shape, rate: law.rate.clone(), p: p.clone(), spacing, fineness }
    }

    fn rounded(&self, x: &Rational) -> Interval {
        Interval::from(x.clone()).rounded(self.fineness.bits)
    }

    /// (U + W) H and σ at the j-th node.
    fn node(&self, inner: &mut Inner, j: i64) -> (Interval, Interval) {
        let one = Interval::from_integer(1);
        let log = self.spacing.step.clone() * Interval::from_integer(j);
        let s = exp(&log);
        let next = s.clone() + &one;
        let log_next = ln(&next);
        let z = self.rounded(&self.rate);
        let H = inner.at(&(z.clone() * &s * &s / &next));
        let double_p = Rational::from(&self.p * 2);
        let [a, e, f] = [
            Rational::from(&double_p + 1),
            Rational::from(&self.shape - 1),
            Rational::from(&double_p + &self.shape) + Rational::from(1),
        ]
        .map(|x| self.rounded(&x));
        let start = log * a;
        let upper = exp(&(start.clone() + e * &log_next - z.clone() * &s));
        let lower = exp(&(start - f * &log_next + z * &s / &next));
        ((upper + lower) * H, s)
    }

    /// A bound of the ratio of (U + W) H at qσ to that at σ, and of all later ones.
    fn rise(&self, s: &Interval) -> Interval {
        let (one, q) = (Interval::from_integer(1), &self.spacing.q);
        let double = |x: &Rational| Rational::from(x * 2);
        let z = self.rounded(&self.rate);
        let plus = positive(&self.p);
        let gap = q.clone() - &one;
        let a = double(&plus) + positive(&Rational::from(&self.shape - 1)) + Rational::from(1);
        let upper = power(q, &self.rounded(&a)) * exp(&-(z.clone() * &gap * s));
        // Before σ = 1 that of W may still grow.
        if s.low().is_none_or(|low| low < 1) {
            return one.hull(&upper, 64);
        }
        let (next, after) = (one.clone() + s, one + s.clone() * q);
        let f = double(&self.p) + &self.shape + Rational::from(1);
        let lower = power(q, &self.rounded(&(double(&plus) + Rational::from(1))))
            * power(&(next.clone() / &after), &self.rounded(&f))
            * exp(&(z * gap * s / (next * after)));
        upper.hull(&lower, self.fineness.bits)
    }

    /// A bound of the ratio at σ/q to that at σ, and of all later ones.
    fn fall(&self, s: &Interval) -> Interval {
        let (one, q) = (Interval::from_integer(1), &self.spacing.q);
        let z = self.rounded(&self.rate);
        let minus = Rational::from(1) - positive(&-self.p.clone()) * Rational::from(2);
        let loss = one.clone() / power(q, &self.rounded(&minus));
        let nearer = (one.clone() + s) / (one.clone() + s.clone() / q);
        let of = |x: Rational| power(&nearer, &self.rounded(&x));
        let upper =
            loss.clone() * of(positive(&(Rational::from(1) - &self.shape))) * exp(&(z * (one.clone() - one / q) * s));
        let f = Rational::from(&self.p * 2) + &self.shape + Rational::from(1);
        upper.hull(&(loss * of(f)), self.fineness.bits)
    }

    fn total(&self, mut inner: Inner) -> Interval {
        let goal = self.fineness.goal;
        let step = Float::with_val(64, self.spacing.step.midpoint().unwrap_or_default());
        // Where σ^{2p} e^{−zσ} peaks, about; any start is right.
        let center = Rational::from(&self.p * 2) / &self.rate + Rational::from((1, 8));
        let start = (Float::with_val(64, center.abs()).ln() / step).to_i32_saturating().map_or(0, i64::from);
        let upper = sum_by((start..).map(|j| self.node(&mut inner, j)), |s| self.rise(&s), goal);
        let lower = sum_by((1..).map(|i| self.node(&mut inner, start - i)), |s| self.fall(&s), goal);
        let total = upper + lower;
        let bits = self.fineness.bits;
        let [h, k, z] = [&self.shape, &inner.shape, &self.rate].map(|x| Interval::from(x.clone()).rounded(bits));
        let density = exp(&(ln(&z) * &h - z)) / (gamma(&h) * gamma(&k));
        total * density * &self.spacing.step / &self.spacing.error
    }
}
