//! Tr\[Ĝ⁻¹Â\] for A = I in the limit of high dimension, in closed form.

/// lim (1/D) Tr\[Â(2I − cÂ)⁻¹\] for Â = (1/N) Σ xᵢxᵢᵀ, x ~ N(0, I), as N and D → ∞ with D/N → y.
///
/// ```text
/// T = 2/(b + √(b² − 4yc²)),    b = 2 − (1 + y)c,    the smaller root of yc²T² − bT + 1 = 0
/// ```
///
/// `curvature` is c, `ratio` is y = 1/α. NaN where c(1 + √y)² > 2: there 2/c lies inside the spectrum of Â.
///
/// # Derivation
/// Let R = (2I − cÂ)⁻¹, r = Tr\[R\]/D and T = Tr\[ÂR\]/D, so that 2r − cT = 1. Let Rᵢ be R without the sample xᵢ. By
/// Sherman and Morrison xᵢᵀRxᵢ = qᵢ/(1 − cqᵢ/N) with qᵢ = xᵢᵀRᵢxᵢ. As xᵢ is independent of Rᵢ, qᵢ = Tr\[Rᵢ\] = Dr up to
/// a relative error that vanishes with 1/√D. The mean over i is Tr\[ÂR\], so T = r/(1 − cyr). With r = (1 + cT)/2 this
/// is the quadratic equation, of which T = 1/2 at c = 0 chooses the root. T is the expectation of a/(2 − ca) under the
/// law of Marchenko and Pastur.
pub fn trace(curvature: f64, ratio: f64) -> f64 {
    let b = 2.0 - (1.0 + ratio) * curvature;
    if b < 0.0 { f64::NAN } else { 2.0 / (b + (b * b - 4.0 * ratio * curvature * curvature).sqrt()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::high_dimension::draws::{gaussian, seeded};
    use std::f64::consts::PI;

    /// The closed form against an integral over the law. With a = 1 + y + 2√y cos θ the density is (2/π) sin²θ/a dθ,
    /// periodic in θ, so that sums converge at once. Where y > 1, the rest of the law sits at a = 0 and adds nothing.
    #[test]
    fn it_is_the_expectation_under_the_law_of_marchenko_and_pastur() {
        for ratio in [0.1, 0.25, 0.5, 1.0, 2.0_f64] {
            for share in [-1.0, 0.1, 0.5, 0.9] {
                let curvature = share * 2.0 / (1.0 + ratio.sqrt()).powi(2);
                let steps = 2000;
                let sum = (0..steps).map(|k| {
                    let angle = PI * (f64::from(k) + 0.5) / f64::from(steps);
                    let a = 1.0 + ratio + 2.0 * ratio.sqrt() * angle.cos();
                    angle.sin().powi(2) / (2.0 - curvature * a)
                });
                let expected = 2.0 / f64::from(steps) * sum.sum::<f64>();
                assert!((trace(curvature, ratio) / expected - 1.0).abs() < 1e-12, "{curvature}, {ratio}");
            }
        }
        assert_eq!(trace(0.0, 0.5), 0.5);
        assert!(trace(0.8, 1.0).is_nan() && trace(5.0, 1.0).is_nan());
    }

    /// The closed form against large random Â, whose mean differs by the order 1/N.
    #[test]
    fn it_is_the_mean_over_large_random_matrices() {
        let stream = &mut seeded(1, "Marchenko and Pastur");
        for (N, D) in [(400, 200), (200, 400)] {
            let (ratio, curvature) = (D as f64 / N as f64, 0.3);
            let draws = Vec::from_iter((0..4).map(|_| {
                let X = gaussian(N, &vec![1.0; D], stream);
                let A = X.transpose() * X / N as f64;
                A.symmetric_eigenvalues().iter().map(|a| a / (2.0 - curvature * a)).sum::<f64>() / D as f64
            }));
            let mean = draws.iter().sum::<f64>() / draws.len() as f64;
            assert!(
                (trace(curvature, ratio) / mean - 1.0).abs() < 0.01,
                "{N}, {D}: {mean}, {}",
                trace(curvature, ratio)
            );
        }
    }
}
