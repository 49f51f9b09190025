//! The edge of stability, seen from each of its sides: learning rate, batch size, momentum.
//!
//! [`stability`](crate::stability) reports how far the learning rate can go. This module reports the smallest batch
//! size, the momentum that forgets fastest, and cheaper bounds on the learning rate.

use numbers::Vector;
use symbols::{BatchSize, Sampling, Setting};

use crate::error::LyapunovError;
use crate::extreme::Pencil;
use crate::modes::Modes;
use crate::packed::packed;
use crate::problem::Problem;
use crate::radius::{self, Radius};
use crate::stability::{TOLERANCE, margin_pencil, noise_alone, start};
use crate::step::Step;
use crate::verdict::{Verdict, decide};

/// A threshold this close to a whole number, relatively, may lie on either side of it.
const CLOSE: f64 = 1e-6;

/// How many momenta from 0 to 1 are tried before the best of them is refined, and how many from −1 to 0.
const GRID: i32 = 32;

/// The batch sizes that are stable.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct BatchSizes {
    /// S is stable above this, and not at it; infinite where none is.
    pub threshold: f64,
    /// The smallest that is stable; `None` where none is.
    pub smallest: Option<u32>,
    /// One less than that, where doubles cannot tell whether it is stable, too.
    pub undecided: Option<u32>,
}

/// The momentum with the smallest spectral radius among some.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BestMomentum {
    /// μ.
    pub momentum: f64,
    /// The spectral radius of the second-moment recursion there.
    pub spectral_radius: f64,
}

/// The best momenta. Below 0 the recursion is the same one, and a step undoes a part of the last.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct BestMomenta {
    /// The best of 0 ≤ μ < 1, the values that a problem may have.
    pub not_negative: BestMomentum,
    /// The best of −1 < μ < 1.
    pub of_all: BestMomentum,
}

/// Factors on Λ beyond which SGD cannot be stable, each from one look at the problem; the exact one is
/// [`Stability::margin`](crate::Stability::margin).
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Bounds {
    /// Without any noise: 2(1 + μ)/max h, h the eigenvalues of ΛK.
    pub full_batch: f64,
    /// The quotient of the margin at the X of the top eigenvector of ΛK.
    ///
    /// For plain SGD without weight decay that is the first necessary condition of Mulayoff and Michaeli, Exact Mean
    /// Square Linear Stability Analysis for SGD, COLT 2024, whose exact threshold is the margin.
    pub top_direction: f64,
    /// The quotient of the margin at X = I. For Λ = λI it is the second condition of Mulayoff and Michaeli,
    /// λ ≤ 2 Tr\[H\]/(Tr\[H²\] + f(E‖x‖⁴ − Tr\[H²\])).
    pub all_directions: f64,
    /// λ² f α ‖H‖² ≤ 1 with the alignment factor α = min Tr\[H C(v)\]/(f vᵀHv ‖H‖²) of the noise and the Hessian;
    /// `None` with momentum or weight decay, for which it was not made.
    ///
    /// Wu, Wang and Su, The alignment property of SGD noise and how it helps select flat minima, NeurIPS 2022.
    pub alignment: Option<f64>,
}

fn modes_of(setting: &Setting<f64>) -> Result<Modes, LyapunovError> {
    let step = Step::of_setting(setting);
    step.check()?;
    Modes::new(&step)?.ok_or(LyapunovError::BothSigns)
}

/// The batch sizes for which the second moments converge, everything else being as it is.
///
/// With f = 1/S, or (N − S)/(S(N − 1)) without replacement, the noise is f times what it is for one draw. Where SGD is
/// stable without noise, it is with noise if and only if fθ < 1 for the largest θ with Ĉ₁(X) = θ d∘X: eq. (3) in the
/// coordinates of ΛK's eigenvectors, Ĉ₁ the noise for f = 1.
///
/// # Errors
/// [`LyapunovError::Indefinite`], [`LyapunovError::NotFinite`], [`LyapunovError::BothSigns`].
pub fn stable_batch_sizes(setting: &Setting<f64>) -> Result<BatchSizes, LyapunovError> {
    let mut modes = modes_of(setting)?;
    let none = BatchSizes { threshold: f64::INFINITY, smallest: None, undecided: None };
    let mass = modes.drift();
    if modes.adrift || mass.iter().any(|d| d.is_nan() || *d <= 0.0) {
        return Ok(none);
    }
    modes.set_factor(1.0);
    let noise = noise_alone(&modes);
    let elements = Vector::zeros(mass.len());
    let theta = match modes.count() {
        0 => 0.0,
        _ => Pencil { modes: &modes, mass, elements, noise: &noise }.largest(&[start(&modes)], TOLERANCE).value,
    };
    // Where a data set has no noise, what is left of it may be negative.
    let theta = if theta < 0.0 { 0.0 } else { theta };
    let threshold = match (setting.sampling(), setting.sample_count()) {
        // N − S < S(N − 1)/θ.
        (Sampling::WithoutReplacement, Some(N)) => N as f64 * theta / (theta + N as f64 - 1.0),
        _ => theta,
    };
    if !threshold.is_finite() {
        return Err(LyapunovError::NotFinite { quantity: "the second-moment recursion" });
    }
    let as_size = |size: f64| (1.0..=f64::from(u32::MAX)).contains(&size).then_some(size as u32);
    let whole = threshold.round();
    let found = BatchSizes { threshold, smallest: as_size(threshold.floor() + 1.0), undecided: None };
    // Next to a whole number only a proof tells on which side the threshold lies.
    if (threshold - whole).abs() > CLOSE * whole {
        return Ok(found);
    }
    let Some(size) = as_size(whole) else { return Ok(found) };
    let at = BatchSize::new(size).and_then(|size| setting.clone().with_batch_size(size));
    let Ok(at) = at else { return Ok(found) };
    let next = as_size(whole + 1.0);
    Ok(match decide(&Problem::nearest(&at)) {
        Ok(Verdict::Stable { .. }) => BatchSizes { smallest: Some(size), ..found },
        Ok(Verdict::Unstable(_)) => BatchSizes { smallest: next, ..found },
        Ok(Verdict::Undecided(_)) | Err(_) => BatchSizes { smallest: next, undecided: Some(size), ..found },
    })
}

/// The μ for which the second moments forget their start fastest, everything else being as it is.
///
/// The radius is known to all digits; μ is where its derivative changes sign, in the best interval of a grid. Where
/// nothing moves no momentum is better than 0.
///
/// # Errors
/// [`LyapunovError::Indefinite`], [`LyapunovError::NotFinite`], [`LyapunovError::BothSigns`].
pub fn best_momenta(setting: &Setting<f64>) -> Result<BestMomenta, LyapunovError> {
    let mut modes = modes_of(setting)?;
    if modes.count() == 0 {
        let still = BestMomentum { momentum: 0.0, spectral_radius: 0.0 };
        return Ok(BestMomenta { not_negative: still, of_all: still });
    }
    let noise = noise_alone(&modes);
    let mut X = start(&modes);
    let mut at = |mu: f64| -> Result<Radius, LyapunovError> {
        modes.set_momentum(mu);
        let found = radius::with_momentum(&modes, &noise, &X, TOLERANCE);
        if found.value.is_nan() {
            return Err(LyapunovError::NotFinite { quantity: "the second-moment recursion" });
        }
        X = found.X.clone();
        Ok(found)
    };
    let (k, found) = best_of(0..GRID, &mut at)?;
    let not_negative = match k == 0 && found.slope >= 0.0 {
        true => BestMomentum { momentum: 0.0, spectral_radius: found.value },
        false => refined(k, found, &mut at)?,
    };
    let (k, found) = best_of((1 - GRID..1).rev(), &mut at)?;
    let below = refined(k, found, &mut at)?;
    let of_all = if below.spectral_radius < not_negative.spectral_radius { below } else { not_negative };
    Ok(BestMomenta { not_negative, of_all })
}

fn place(k: i32) -> f64 {
    f64::from(k) / f64::from(GRID)
}

/// The best of some places of the grid; each of them is next to the last, so that their X are near each other.
fn best_of(
    places: impl Iterator<Item = i32>,
    at: &mut impl FnMut(f64) -> Result<Radius, LyapunovError>,
) -> Result<(i32, Radius), LyapunovError> {
    let mut best: Option<(i32, Radius)> = None;
    for k in places {
        let found = at(place(k))?;
        if best.as_ref().is_none_or(|(_, least)| found.value < least.value) {
            best = Some((k, found));
        }
    }
    best.ok_or(LyapunovError::NotFinite { quantity: "the second-moment recursion" })
}

/// The best momentum beside a place of the grid.
fn refined(
    k: i32,
    mut best: Radius,
    at: &mut impl FnMut(f64) -> Result<Radius, LyapunovError>,
) -> Result<BestMomentum, LyapunovError> {
    let mut momentum = place(k);
    let (mut low, mut high) = if best.slope < 0.0 { (momentum, place(k + 1)) } else { (place(k - 1), momentum) };
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high || high - low <= f64::EPSILON {
            return Ok(BestMomentum { momentum, spectral_radius: best.value });
        }
        let found = at(middle)?;
        if found.slope < 0.0 {
            low = middle
        } else {
            high = middle
        }
        if found.value <= best.value {
            (momentum, best) = (middle, found);
        }
    }
}

/// Cheap bounds on the learning rate.
///
/// For any X ≠ 0 the margin is at most
///
/// ```text
/// (1−μ)⟨X, (hᵢ + hⱼ)X⟩/⟨X, ((1+μ²)hᵢhⱼ − μ(hᵢ² + hⱼ²))/(1−μ²) X + Ĉ(X)⟩
/// ```
///
/// # Errors
/// [`LyapunovError::Indefinite`], [`LyapunovError::NotFinite`], [`LyapunovError::BothSigns`].
pub fn bounds(setting: &Setting<f64>) -> Result<Bounds, LyapunovError> {
    let modes = modes_of(setting)?;
    let n = modes.count();
    if n == 0 || modes.adrift {
        let factor = if modes.adrift { 0.0 } else { f64::INFINITY };
        let alignment = Some(factor);
        return Ok(Bounds { full_batch: factor, top_direction: factor, all_directions: factor, alignment });
    }
    let noise = noise_alone(&modes);
    let pencil = margin_pencil(&modes, &noise);
    let quotient = |X: Vector<f64>| {
        let squares = X.component_mul(&X);
        pencil.mass.dot(&squares) / (pencil.elements.dot(&squares) + X.dot(&modes.noise_of(&X))).max(0.0)
    };
    let diagonal = |entry: &dyn Fn(usize) -> f64| {
        packed(&numbers::Matrix::from_fn(n, n, |i, j| if i == j { entry(i) } else { 0.0 }))
    };
    let top = (0..n).max_by(|&i, &j| modes.pull(i).total_cmp(&modes.pull(j))).unwrap_or(0);
    let plain = modes.momentum() == 0.0 && setting.weight_decay().iter().all(|v| *v == 0.0);
    Ok(Bounds {
        full_batch: 2.0 * (1.0 + modes.momentum()) / modes.pull(top),
        top_direction: quotient(diagonal(&|i| if i == top { 1.0 } else { 0.0 })),
        all_directions: quotient(diagonal(&|_| 1.0)),
        alignment: if plain { Some(modes.alignment_bound()?) } else { None },
    })
}
