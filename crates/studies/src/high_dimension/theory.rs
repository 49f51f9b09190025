//! The formulas of section 7 for a given spectrum, and variants of them with other fourth moments.

use numbers::Matrix;

/// A data set as the theory knows it.
#[derive(Debug, Clone, Copy)]
pub struct Spectrum<'a> {
    /// The eigenvalues of Â.
    pub values: &'a [f64],
    /// N, or infinity.
    pub N: f64,
    /// S.
    pub S: f64,
}

/// The two numbers in which Theorem 6 and its variants differ.
///
/// ```text
/// Σ = (λω/S) (Tr[ÂΣ] + ℓ) (2I − λφÂ)⁻¹,    Tr[ÂΣ] = ℓ g/(1 − g),    g = (λω/S) Tr[Â(2I − λφÂ)⁻¹]
/// ```
///
/// ℓ is the mean squared residual at the minimum. With φ = 1 − 1/S and ω = 1 this is Theorem 6. Its κ̂ has the pole
/// g = 1, which is the condition of Sec. 6.2: Σᵢ 1/(2/(λaᵢ) − φ) = S.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Form {
    /// φ.
    curvature: f64,
    /// ω.
    weight: f64,
}

/// A variant of Theorem 6.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// C = (1/S)(Tr\[ÂΣ\] Â − ÂΣÂ + ℓÂ).
    Printed,
    /// [`Variant::Printed`] without the term ÂΣÂ.
    Without,
    /// [`Variant::Printed`] with the other sign of ÂΣÂ, which is Lemma 1, for infinitely many Gaussian samples.
    OtherSign,
    /// [`Variant::Printed`] with S − 1 in place of S in front, as if C were an unbiased estimate of a covariance.
    SmallerBatch,
    /// The fourth moments of N Gaussian samples with the second moments Â, Σ held fixed.
    FourthMoments,
    /// [`Variant::FourthMoments`], and a sample remembers the noise that it has made.
    Memory,
}

impl Variant {
    /// All variants, the printed one first.
    pub const ALL: [Variant; 6] = [
        Variant::Printed,
        Variant::Without,
        Variant::OtherSign,
        Variant::SmallerBatch,
        Variant::FourthMoments,
        Variant::Memory,
    ];

    /// The name, for a reader.
    pub fn name(self) -> &'static str {
        match self {
            Variant::Printed => "1 − 1/S",
            Variant::Without => "1",
            Variant::OtherSign => "1 + 1/S",
            Variant::SmallerBatch => "1/(S − 1)",
            Variant::FourthMoments => "fourth moments",
            Variant::Memory => "and memory",
        }
    }

    /// The φ and ω of this variant.
    fn form(self, set: Spectrum, rate: f64) -> Form {
        let S = set.S;
        match self {
            Variant::Printed => Form { curvature: 1.0 - 1.0 / S, weight: 1.0 },
            Variant::Without => Form { curvature: 1.0, weight: 1.0 },
            Variant::OtherSign => Form { curvature: 1.0 + 1.0 / S, weight: 1.0 },
            Variant::SmallerBatch => Form { curvature: 1.0 - 1.0 / S, weight: S / (S - 1.0) },
            Variant::FourthMoments => Form::of_samples(1.0, set),
            Variant::Memory => Form::of_samples(memory(set, rate), set),
        }
    }

    /// Tr\[ÂΣ\]/ℓ = g/(1 − g); infinite where nothing is stationary.
    pub fn trace(self, set: Spectrum, rate: f64) -> f64 {
        excess(self.form(set, rate).gain(set, rate))
    }

    /// The λ at which g = 1.
    pub fn largest_rate(self, set: Spectrum) -> f64 {
        let largest = set.values.iter().copied().fold(0.0, f64::max);
        // For S ≥ 2 the pole of g at λ = 2/(φa) is at most at 4/a, as φ ≥ 1/2. For S = 1 as printed, where φ = 0, g is
        // at least 1 from λ = 2/Tr[Â] on.
        let (mut low, mut high) = (0.0, 4.0 / largest);
        while low < (low + high) / 2.0 && (low + high) / 2.0 < high {
            let middle = (low + high) / 2.0;
            if self.form(set, middle).gain(set, middle) < 1.0 { low = middle } else { high = middle }
        }
        low
    }
}

/// g/(1 − g); infinite from g = 1 on.
pub fn excess(gain: f64) -> f64 {
    if gain < 1.0 { gain / (1.0 - gain) } else { f64::INFINITY }
}

/// 1/(1 − (λ/(SN)) Σᵢⱼ aᵢaⱼ/(aᵢ + aⱼ)); infinite where that is not positive.
///
/// A sample i with a larger residual than others has made more noise along itself. For each unit of the noise that it
/// makes now, (λ/(SN)) ∫ (xᵢᵀ exp(−Ât) xᵢ)² dt of the earlier noise is left in E\[(xᵢᵀv)²\]. In high dimension
/// xᵢᵀ exp(−Ât) xᵢ = Tr\[Â exp(−Ât)\] for all i.
pub fn memory(set: Spectrum, rate: f64) -> f64 {
    let moving = || set.values.iter().filter(|a| **a > 0.0);
    let overlap: f64 = moving().flat_map(|a| moving().map(move |b| a * b / (a + b))).sum();
    let rest = 1.0 - rate / (set.S * set.N) * overlap;
    if rest > 0.0 { 1.0 / rest } else { f64::INFINITY }
}

impl Form {
    /// The form for the fourth moments of N Gaussian samples.
    ///
    /// In X = √N V Â^½ the N×D factor V is a random orthonormal frame. Its rows vᵢ have E\[vᵢvᵢᵀMvᵢvᵢᵀ\] =
    /// (Tr\[M\] I + 2M)/(N(N + 2)), and E\[eᵢ²vᵢvᵢᵀ\] = ℓ/(N + 2) I for the residuals of least squares. So, with
    /// ν = N/(N + 2),
    ///
    /// ```text
    /// SC = ν((Tr[ÂΣ] + ℓ)Â + 2ÂΣÂ) − ÂΣÂ
    /// ```
    ///
    /// The memory multiplies the difference of the first term to (Tr\[ÂΣ\] + ℓ)Â.
    fn of_samples(memory: f64, set: Spectrum) -> Form {
        let share = 1.0 / (1.0 + 2.0 / set.N);
        Form { curvature: 1.0 - 1.0 / set.S + 2.0 * memory * share / set.S, weight: 1.0 - memory * (1.0 - share) }
    }

    /// g; infinite beyond its pole.
    fn gain(self, set: Spectrum, rate: f64) -> f64 {
        let rests = set.values.iter().map(|a| 2.0 - rate * self.curvature * a);
        if !rests.clone().all(|rest| rest > 0.0) {
            return f64::INFINITY;
        }
        rate * self.weight / set.S * set.values.iter().zip(rests).map(|(a, rest)| a / rest).sum::<f64>()
    }
}

/// C = (1/S)((Tr\[ÂΣ\] + ℓ) Â + `sign` ÂΣÂ), where `loss` is ℓ. Proposition 4 has `sign` = −1 and
/// ℓ = max{0, σ²(1 − 1/α)}.
pub fn noise(sign: f64, A: &Matrix<f64>, fluctuation: &Matrix<f64>, S: f64, loss: f64) -> Matrix<f64> {
    let AS = A * fluctuation;
    (A * (AS.trace() + loss) + &AS * A * sign) / S
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::high_dimension::draws::{gaussian, seeded};
    use lyapunov::stationary;
    use numbers::Vector;
    use symbols::{BatchSize, DataSet, Gaussian, Population, Setting};

    const VALUES: [f64; 4] = [2.0, 1.0, 0.7, 0.1];

    /// The variants for infinitely many samples against the engine and its margin.
    #[test]
    fn the_other_sign_is_exact_for_infinitely_many_gaussian_samples() {
        let (S, rate) = (3.0, 0.4);
        let population = Population::Gaussian(Gaussian {
            feature_covariance: Matrix::from_diagonal(&Vector::from_column_slice(&VALUES)),
            input_noise_covariance: Matrix::zeros(4, 4),
            label_noise_variance: 0.7,
            true_weights: Vector::zeros(4),
        });
        let setting = Setting::new(population, Matrix::identity(4, 4) * rate, BatchSize::new(3).unwrap()).unwrap();
        let solution = stationary(&setting).unwrap();
        let trace = setting.feature_covariance().dot(&solution.moments.fluctuation);
        for N in [f64::INFINITY, 1e15] {
            let set = Spectrum { values: &VALUES, N, S };
            for variant in [Variant::OtherSign, Variant::FourthMoments, Variant::Memory] {
                assert!((variant.trace(set, rate) * 0.7 / trace - 1.0).abs() < 1e-12, "{variant:?}");
                let found = variant.largest_rate(set);
                assert!((found / (solution.stability.margin * rate) - 1.0).abs() < 1e-12, "{variant:?}: {found}");
            }
            let claimed = noise(1.0, &setting.feature_covariance(), &solution.moments.fluctuation, S, 0.7);
            assert!((claimed - &solution.moments.noise_covariance).norm() < 1e-12);
        }
    }

    /// The Σ of Theorem 6 solves λ(ÂΣ + ΣÂ) − λ²ÂΣÂ = λ²C with the C of Proposition 4, and no other variant does.
    #[test]
    fn theorem_6_follows_from_proposition_4() {
        let (set, rate) = (Spectrum { values: &VALUES, N: 8.0, S: 3.0 }, 0.4);
        let A = Matrix::from_diagonal(&Vector::from_column_slice(&VALUES));
        for variant in Variant::ALL {
            let (form, trace) = (variant.form(set, rate), variant.trace(set, rate));
            let entries =
                VALUES.map(|a| rate * form.weight / set.S * (trace + 1.0) / (2.0 - rate * form.curvature * a));
            let fluctuation = Matrix::from_diagonal(&Vector::from_column_slice(&entries));
            assert!((A.dot(&fluctuation) / trace - 1.0).abs() < 1e-14);
            let drift = &A * &fluctuation * 2.0 - &A * &fluctuation * &A * rate;
            let left = (drift - noise(-1.0, &A, &fluctuation, set.S, 1.0) * rate).norm();
            assert_eq!(left < 1e-14, variant == Variant::Printed, "{variant:?}: {left}");
        }
    }

    /// Fourth moments of data sets with given Â and Σ: the mean of (1/N) Σ (xᵢᵀΣxᵢ + eᵢ²) xᵢxᵢᵀ over random frames lies
    /// within five standard errors.
    #[test]
    fn fourth_moments_are_those_of_random_frames() {
        let (N, D, stream) = (6, 2, &mut seeded(1, "frames"));
        let roots = Matrix::from_row_slice(D, D, &[1.2, 0.3, 0.3, 0.6]);
        let fluctuation = Matrix::from_row_slice(D, D, &[0.5, -0.2, -0.2, 0.9]);
        let A = &roots * &roots;
        let found = Vec::from_iter((0..20_000).map(|_| {
            let frame = gaussian(N, &[1.0; 2], stream).qr().q();
            let y = gaussian(N, &[1.0], stream);
            let e = &y - &frame * (frame.transpose() * &y);
            let X = frame * &roots * (N as f64).sqrt();
            let terms = X
                .row_iter()
                .zip(e.iter())
                .map(|(x, e)| x.transpose() * x * ((x * &fluctuation * x.transpose())[0] + e * e));
            terms.sum::<Matrix<f64>>() / N as f64
        }));
        let (S, loss) = (3.0, 1.0 - D as f64 / N as f64);
        let Form { curvature, weight } = Form::of_samples(1.0, Spectrum { values: &[], N: N as f64, S });
        let expected =
            &A * (A.dot(&fluctuation) + loss) * weight + &A * &fluctuation * &A * (S * (curvature - 1.0) + 1.0);
        for k in 0..D * D {
            let values = found.iter().map(|M| M[k]);
            let mean = values.clone().sum::<f64>() / found.len() as f64;
            let error = (values.map(|v| (v - mean).powi(2)).sum::<f64>()).sqrt() / found.len() as f64;
            assert!((mean - expected[k]).abs() < 5.0 * error && error < 0.01, "{mean} ± {error}, {}", expected[k]);
        }
    }

    /// Where a squared residual is larger than others, E\[(xᵢᵀv)²\] is larger by m − 1 times as much, with the memory
    /// m. The slope of one over the other is measured in data sets near instability, on average.
    #[test]
    fn a_sample_remembers_its_residual() {
        let (N, D, S, stream) = (96, 64, 2, &mut seeded(1, "memory"));
        let rate = f64::from(S) / D as f64;
        let quotients = (0..20).map(|_| {
            let X = gaussian(N, &[1.0; 64], stream);
            let y = gaussian(N, &[1.0], stream).column(0).into_owned();
            let A = X.transpose() * &X / N as f64;
            let e = &X * (A.clone().try_inverse().unwrap() * X.transpose() * &y / N as f64) - &y;
            let values = Vec::from_iter(A.symmetric_eigenvalues().iter().copied());
            let population = Population::Data(DataSet { features: X.clone(), labels: y });
            let setting = Setting::new(population, Matrix::identity(D, D) * rate, BatchSize::new(S).unwrap()).unwrap();
            let fluctuation = stationary(&setting).unwrap().moments.fluctuation;
            let left = Vector::from_fn(N, |i, _| (X.row(i) * &fluctuation * X.row(i).transpose())[0]);
            let made = e.map(|e| e * e);
            let made = made.add_scalar(-made.mean());
            let slope = left.dot(&made) / made.norm_squared();
            slope / (memory(Spectrum { values: &values, N: N as f64, S: f64::from(S) }, rate) - 1.0)
        });
        let mean = quotients.sum::<f64>() / 20.0;
        assert!((mean - 1.0).abs() < 0.1, "{mean}");
    }
}
